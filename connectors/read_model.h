// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"
#include "connectors/table_spec.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace connectors {

/// As columnTextOf() writes it; null: no value.
using Cell = std::optional<std::string>;

/// Which row of which table.
struct RowKey {
    size_t table = 0;
    std::vector<std::string> parts; ///< one a key column
    bool operator==(const RowKey &) const = default;
};

/// A row as it is stored.
struct Row {
    std::vector<Cell> cells; ///< one a column
    qint64 position = 0;     ///< of the event that changed it last; see SourcePosition::rankOffset
    bool operator==(const Row &) const = default;
};

struct ChangedRow {
    RowKey key;
    std::optional<Row> row; ///< null: it is deleted
};

/// How far one partition has been read, of [next, to) that is to be read.
struct SourcePosition {
    QString stream; ///< empty: a store's global order
    int partition = 0;
    qint64 next = 0;
    qint64 to = 0;
    /// position + rankOffset is an event's place among all that are applied, whatever its partition, so that "applied
    /// already" can be told by one number a row. 0 for a store.
    qint64 rankOffset = 0;
    bool operator==(const SourcePosition &) const = default;
};

/// An event that was left out because a person said so.
struct ParkedEvent {
    EventAddress address;
    QString why;
    bool operator==(const ParkedEvent &) const = default;
};

/// How far a rebuild has come; written in one transaction with the rows that its events made.
struct RebuildCheckpoint {
    std::vector<SourcePosition> positions;
    qint64 events = 0; ///< of the projection's streams, read so far
    quint64 hash = 0;  ///< rolling, over places and ids of these events
    std::vector<ParkedEvent> parked;
    bool operator==(const RebuildCheckpoint &) const = default;
};

/// Filling → Filled → Swapped ⇄ SwappedBack. Replaced: it was swapped, and another rebuild of the same tables after it. What is
/// dropped is gone.
enum class RebuildState { Filling, Filled, Swapped, SwappedBack, Replaced };

/// One rebuild as its database has it: the owner of the tables beside the live ones.
struct Rebuild {
    QString job; ///< eight letters and digits
    QString projection;
    int version = 1;
    QString definition;          ///< SHA-256 of the projection file
    std::vector<QString> tables; ///< the live ones
    RebuildState state = RebuildState::Filling;
    qint64 epoch = 1; ///< whoever takes the rebuild over raises it; the one before can write no more
    EpochMs heartbeat = 0; ///< the last sign of life of whoever writes its tables; 0: nobody does
    EpochMs created = 0;
    std::optional<EpochMs> swapped;
    RebuildCheckpoint checkpoint;
    bool operator==(const Rebuild &) const = default;
};

/// Column in which a rebuilt table remembers Row::position.
inline constexpr const char *PositionColumn = "streamgauge_position";
/// Bytes of a name in PostgreSQL; the same everywhere.
inline constexpr qsizetype LongestTableName = 63;
/// Without a sign of life for so long a rebuild may be taken over.
inline constexpr EpochMs LeaseMs = 30'000;

/// `<table>__rb_<job>`, and `<table>__old_<job>`; cut to what a name may have, with its number where it is cut.
[[nodiscard]] QString shadowName(const Rebuild &rebuild, size_t table);
[[nodiscard]] QString oldName(const Rebuild &rebuild, size_t table);

/// A live table before a rebuild.
struct LiveTable {
    bool exists = false;
    qint64 rows = 0;
    std::optional<qint64> bytes;
    /// What a rebuilt table would lack, because a projection file cannot say it: "column “note”", "foreign key to customers".
    std::vector<QString> losses;
    bool operator==(const LiveTable &) const = default;
};

enum class RowDifference { OnlyOld, OnlyNew, Changed };

struct DifferentRow {
    RowDifference difference = RowDifference::Changed;
    std::vector<Cell> before; ///< one a column; empty where there is none
    std::vector<Cell> after;
    bool operator==(const DifferentRow &) const = default;
};

/// Of two tables with the same key, old and new. Values are compared, not their form: 1.50 is 1.5.
struct TableComparison {
    qint64 oldRows = 0;
    qint64 newRows = 0;
    qint64 onlyOld = 0;
    qint64 onlyNew = 0;
    qint64 changed = 0;
    std::vector<qint64> changedInColumn; ///< one a column
    std::vector<DifferentRow> sample;    ///< of each kind the first ones by key
    std::vector<QString> notCompared;    ///< columns that the old table does not have
    QByteArray hash;                     ///< SHA-256 of the new one's rows in the order of their keys, without positions
    bool operator==(const TableComparison &) const = default;
};

/// Which of its two lives a rebuild's tables are compared: the rebuilt one against the live one before the swap, the live one
/// against the old one after.
using ComparisonObserver = std::function<void(qint64 rows)>;
/// Takes every row that differs, in the order of the keys; false: enough.
using DifferenceSink = std::function<bool(const DifferentRow &)>;

/// The read models of one database, to look at. Blocks: for a thread of its own, one at a time. Nothing is changed.
class ReadModel
{
public:
    virtual ~ReadModel() = default;
    /// Stable and unique: what a change is locked by.
    [[nodiscard]] virtual Result<QString> systemId() = 0;
    /// All that are there, the oldest first; none where this program has never written here.
    [[nodiscard]] virtual Result<std::vector<Rebuild>> rebuilds() = 0;
    /// One a table.
    [[nodiscard]] virtual Result<std::vector<LiveTable>> look(const std::vector<TableSpec> &tables) = 0;
    /// Bytes that can still be written; null: the system does not tell.
    [[nodiscard]] virtual Result<std::optional<qint64>> freeBytes() = 0;
    /// Old against new of one table, in one reading of both in the order of their keys. `sample`: rows of each kind.
    [[nodiscard]] virtual Result<TableComparison> compare(const Rebuild &rebuild, const TableSpec &table, size_t index, qsizetype sample, const std::stop_token &stop,
                                                          const ComparisonObserver &observer, const DifferenceSink &sink) = 0;
    /// Rows of the live table in the order of their keys, from the `first`-th on. A position is 0 where the table does not remember it.
    [[nodiscard]] virtual Result<std::vector<Row>> rows(const TableSpec &table, qint64 first, qsizetype count) = 0;
};

/// What a swap puts in place beside the tables.
struct SwapReport {
    std::vector<QString> recreated; ///< "index orders_by_customer", "trigger …", "grant …"
    bool operator==(const SwapReport &) const = default;
};

/// The one thing that changes a database of read models, for one approved step. Blocks. Whatever is refused or fails has
/// changed nothing, but OutcomeUnknown. Conflict: the rebuild belongs to another process by now.
class ReadModelWriter
{
public:
    virtual ~ReadModelWriter() = default;
    /// Makes the tables beside the live ones, and the rebuild's own record. Refused while another one fills the same tables.
    [[nodiscard]] virtual Result<void> begin(const Rebuild &rebuild) = 0;
    /// Becomes the one that writes the tables beside the live ones, or those that live where it is swapped. Refused where somebody
    /// else does who gives a sign of life.
    [[nodiscard]] virtual Result<Rebuild> takeOver(const QString &job) = 0;
    /// Writes no more: another may take over at once.
    [[nodiscard]] virtual Result<void> letGo() = 0;
    /// What is stored under these keys, in their order.
    [[nodiscard]] virtual Result<std::vector<std::optional<Row>>> load(const std::vector<RowKey> &keys) = 0;
    /// The rows and how far that is, together or not at all.
    [[nodiscard]] virtual Result<void> store(std::vector<ChangedRow> rows, const RebuildCheckpoint &checkpoint) = 0;
    /// A sign of life.
    [[nodiscard]] virtual Result<void> beat() = 0;
    /// Everything has been applied.
    [[nodiscard]] virtual Result<void> finishFilling() = 0;
    /// Live tables become old ones and the rebuilt ones live, with what depends on them, in one transaction.
    [[nodiscard]] virtual Result<SwapReport> swap(const QString &job) = 0;
    [[nodiscard]] virtual Result<SwapReport> swapBack(const QString &job) = 0;
    /// Removes what is not live of the rebuild, and its record.
    [[nodiscard]] virtual Result<void> drop(const QString &job) = 0;
};

} // namespace connectors
