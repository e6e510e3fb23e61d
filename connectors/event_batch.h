// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QByteArray>
#include <QHash>

#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace connectors {

/// A run of bytes in a batch's arena. A null value is not the same as an empty one.
struct Slice {
    static constexpr quint32 NullLength = std::numeric_limits<quint32>::max();
    quint32 offset = 0;
    quint32 length = NullLength;
    [[nodiscard]] bool isNull() const { return length == NullLength; }
    bool operator==(const Slice &) const = default;
};

enum class BodyFormat : quint8 {
    Null,        ///< tombstone
    Empty,       ///< 0 bytes
    Json,        ///< one valid JSON text, at most 512 levels deep
    JsonTooDeep, ///< looks like JSON, deeper than 512
    NotJson,     ///< anything else, truncated JSON too
    LeftOut      ///< no event: a table's row for a LeftOutRange, whose reason is its type. Never crosses to another process
};

inline constexpr qint64 NoNumber = std::numeric_limits<qint64>::min();

/// One event's place in the batch. Fields of the envelope that the event does not have are null slices / NoNumber.
/// Every slice points into the arena of the batch it came from, often into the payload itself.
struct EventRecord {
    quint32 stream = 0;      ///< index into EventBatch::streams()
    qint32 partition = 0;
    qint64 position = 0;
    EpochMs time = NoNumber; ///< log time: the broker's or the store's
    Slice key;
    Slice payload;
    qint64 size = -1;        ///< bytes of the whole body; -1 for null
    Slice headers;           ///< encoded by EventBatchBuilder::addHeaders; read with EventBatch::headers()
    BodyFormat format = BodyFormat::Null; ///< of the whole body
    // what a preview lacks, see ReadRequest::previewBytes
    bool isKeyCut = false;
    bool areHeadersCut = false;  ///< values are cut, and headers may be missing from the end
    bool isEnvelopeCut = false;  ///< some of the envelope's texts is cut
    // envelope (design: envelope); text as it stood in the event, unescaped
    Slice eventId;
    Slice eventType;
    Slice aggregateId;
    Slice timestamp;
    Slice correlationId;
    Slice causationId;
    qint64 version = NoNumber;       ///< the aggregate's sequence number
    qint64 schemaVersion = NoNumber;
    [[nodiscard]] bool isBodyCut() const { return !payload.isNull() && size > static_cast<qint64>(payload.length); }
    [[nodiscard]] bool isCut() const { return isBodyCut() || isKeyCut || areHeadersCut || isEnvelopeCut; }
    bool operator==(const EventRecord &) const = default;
};

struct Header {
    std::string_view name;
    std::string_view value;
    bool isNull = false;
};

/// Immutable columns over one byte arena, addressed by (offset, length): its form in memory is its form on the wire.
/// The only bulk thing that crosses a thread or a process. Shared as EventBatchPtr; thread-safe because nothing changes.
class EventBatch final
{
public:
    [[nodiscard]] qsizetype count() const { return static_cast<qsizetype>(m_records.size()); }
    [[nodiscard]] const EventRecord &record(qsizetype row) const { return m_records[static_cast<size_t>(row)]; }
    [[nodiscard]] const QString &streamOf(qsizetype row) const { return m_streams[record(row).stream]; }
    [[nodiscard]] const std::vector<QString> &streams() const { return m_streams; }
    [[nodiscard]] std::string_view text(Slice slice) const
    {
        return slice.isNull() ? std::string_view() : std::string_view(m_arena.data() + slice.offset, slice.length);
    }
    [[nodiscard]] QByteArray bytes(Slice slice) const; ///< a copy; null QByteArray for a null slice
    [[nodiscard]] std::vector<Header> headers(qsizetype row) const; ///< in order, duplicates kept; views into the arena
    [[nodiscard]] EventAddress address(qsizetype row) const;
    [[nodiscard]] qint64 memoryBytes() const;

    [[nodiscard]] qint64 wireBytes() const; ///< toBytes() is no longer

    /// The wire form and back. fromBytes checks every bound; hostile bytes give Unreadable, never a bad slice.
    [[nodiscard]] QByteArray toBytes() const;
    [[nodiscard]] static Result<std::shared_ptr<const EventBatch>> fromBytes(const QByteArray &bytes);

private:
    friend class EventBatchBuilder;
    std::vector<EventRecord> m_records;
    std::vector<QString> m_streams;
    std::vector<char> m_arena;
};

using EventBatchPtr = std::shared_ptr<const EventBatch>;

/// Builds one batch on one thread. An arena holds at most 4 GiB − 2; add() callers start a new batch long before.
class EventBatchBuilder final
{
public:
    EventBatchBuilder();

    quint32 internStream(const QString &stream);
    [[nodiscard]] Slice addBytes(std::string_view bytes);
    /// Names and values in order; a null value is kept apart from an empty one.
    [[nodiscard]] Slice addHeaders(const std::vector<Header> &headers);
    /// Direct view of what has been added so far; valid until the next add.
    [[nodiscard]] std::string_view text(Slice slice) const { return m_batch->text(slice); }
    [[nodiscard]] std::vector<Header> headersOf(Slice encoded) const;

    EventRecord &add(const EventRecord &record);
    /// A copy of row `row` of another batch, bytes included; with `previewBytes` cut as ReadRequest has it.
    void addFrom(const EventBatch &other, qsizetype row, qint64 previewBytes = 0);

    [[nodiscard]] qsizetype count() const { return m_batch->count(); }
    [[nodiscard]] qint64 arenaBytes() const { return static_cast<qint64>(m_batch->m_arena.size()); }
    /// Hands the batch out and starts an empty one. A time beyond FurthestTime is none.
    [[nodiscard]] EventBatchPtr take();

private:
    [[nodiscard]] Slice addCut(std::string_view text, qint64 mostBytes);
    [[nodiscard]] Slice addCutHeaders(std::string_view encoded, qint64 mostBytes);

    std::shared_ptr<EventBatch> m_batch;
    QHash<QString, quint32> m_streamIndex;
};

/// As much of the text as `mostBytes` allow, not cut within a character of UTF-8. 0: all of it.
[[nodiscard]] std::string_view beginningOf(std::string_view text, qint64 mostBytes);
/// The batch cut as ReadRequest::previewBytes has it; the very same where nothing in it is larger, as with 0.
[[nodiscard]] EventBatchPtr previewsOf(EventBatchPtr batch, qint64 previewBytes);

} // namespace connectors
