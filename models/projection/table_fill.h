// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/fold.h"
#include "models/projection/handler_process.h"
#include "models/projection/projection_source.h"

#include <chrono>

namespace models::projection {

struct FillOptions {
    qint64 maxBytesPerSecond = 0;             ///< of the source; 0: no limit
    bool isParking = false;                   ///< an event that does not fit is left out and listed; else it ends the filling
    qint64 rowBytes = 192LL * 1024 * 1024;    ///< about what rows may take in memory between two chunks
    qint64 chunkEvents = 250'000;             ///< applied and stored together
    std::chrono::milliseconds beat{5'000};    ///< at least so often the rebuild gives a sign of life
};

/// Told after each chunk, on the filling thread.
struct FillProgress {
    qint64 events = 0;    ///< applied in all, by earlier runs too
    qint64 remaining = 0; ///< positions that are still to be read, of those known
    qint64 rows = 0;      ///< written in this run; one that is written again counts again
};
using FillObserver = std::function<void(const FillProgress &)>;

/// Fills the tables beside the live ones: events → changes → fold → rows, which are stored chunk by chunk together with how far that
/// is. May be ended at any moment and gone on with from the checkpoint that is stored; the rows are then the same. Blocks.
class TableFill final
{
public:
    static constexpr size_t MostParked = 1'000;

    /// `from`: as it is stored. All must outlive this.
    TableFill(ProjectionSource &source, const ProjectionFile &file, connectors::ReadModelWriter &writer, connectors::RebuildCheckpoint from, const FillOptions &options);

    /// Up to the safe head, and again while much has come meanwhile. Unreadable: an event that does not fit, with its place; what
    /// came before it is stored. Cancelled: what was applied so far is stored too.
    [[nodiscard]] connectors::Result<void> run(const std::stop_token &stop, const FillObserver &observer);
    [[nodiscard]] const connectors::RebuildCheckpoint &checkpoint() const { return m_checkpoint; } ///< as it is stored

private:
    /// What an event does, and how far it was before it.
    struct Waiting {
        connectors::EventAddress address;
        std::vector<RowChange> changes;
        size_t part = 0;
        qint64 events = 0;
        quint64 hash = 0;
    };
    [[nodiscard]] connectors::Result<void> fillPart(size_t part, const std::stop_token &stop, const FillObserver &observer);
    [[nodiscard]] connectors::Result<void> take(size_t part, const connectors::EventBatch &batch, qsizetype row);
    [[nodiscard]] connectors::Result<void> park(const connectors::EventAddress &address, const connectors::Error &why);
    [[nodiscard]] connectors::Result<void> flush();
    [[nodiscard]] connectors::Result<void> applyWaiting();
    [[nodiscard]] connectors::Result<void> checkGap(size_t part, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<void> loadMissing();
    [[nodiscard]] connectors::Result<void> takeAnswers();
    void tell(const FillObserver &observer) const;

    ProjectionSource &m_source;
    const ProjectionFile &m_file;
    connectors::ReadModelWriter &m_writer;
    const FillOptions m_options;
    RuleApplier m_rules;
    std::unique_ptr<HandlerProcess> m_handler;       ///< instead of the rules, where the file names one
    Fold m_fold;
    connectors::RebuildCheckpoint m_checkpoint;      ///< stored
    connectors::RebuildCheckpoint m_next;            ///< with what waits below
    std::vector<Waiting> m_waiting;                  ///< of the part at hand, since the last chunk
    qint64 m_eventsWaiting = 0;
    std::optional<qint64> m_gap;                     ///< the first position since the last chunk where no event was
    qint64 m_rows = 0;
    std::chrono::steady_clock::time_point m_storedAt;
    std::stop_token m_stop;                          ///< of the run
};

} // namespace models::projection
