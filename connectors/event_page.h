// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <chrono>
#include <functional>
#include <mutex>

namespace connectors {

/// What of an event may be too large to be handed over at once.
enum class EventPart {
    Body,
    Key,
    Headers, ///< as EventRecord::headers has them
    EventId, EventType, AggregateId, Timestamp, CorrelationId, CausationId
};

/// What is handed over of each part where an event is shown in a table.
inline constexpr qint64 TablePreviewBytes = 4 * 1024;
/// What is handed over at once where bodies are looked at or written out.
inline constexpr qint64 PageBytes = 1024 * 1024;
/// A page is never longer, whatever was asked for.
inline constexpr qint64 LongestPageBytes = 8 * 1024 * 1024;

struct PageRequest {
    EventAddress address;
    EventPart part = EventPart::Body;
    qint64 offset = 0;         ///< in bytes, from 0 on
    qint64 bytes = PageBytes;  ///< at most so many, from 1 on
};

/// A run of bytes of one part of an event. None at or beyond its end.
struct EventPage {
    QByteArray bytes;
    qint64 offset = 0;
    qint64 size = -1; ///< of the whole part; −1: null
};

[[nodiscard]] Slice sliceOf(const EventRecord &record, EventPart part);

/// Gives pages of whole events, one of which it keeps: until the last page of a part has been given, another event is asked
/// for, or it is a minute old (then another event may be in its place). Larger ones than KeptBytes are read again for each
/// page. Thread-safe.
class EventPages final
{
public:
    static constexpr qint64 KeptBytes = 256LL * 1024 * 1024;
    /// The event at the address, whole; an empty batch where it is no longer stored. May block.
    using FetchWhole = std::function<Result<EventBatchPtr>()>;
    /// InvalidInput for an offset or a length that makes no sense, NotFound where the event is no longer stored.
    [[nodiscard]] Result<EventPage> page(const PageRequest &request, const FetchWhole &fetchWhole);

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] EventBatchPtr kept(const EventAddress &address);
    void keep(const EventAddress &address, EventBatchPtr batch, bool isRead);

    std::mutex m_mutex;
    EventAddress m_address;
    EventBatchPtr m_batch; ///< of the one event; null: none is kept
    Clock::time_point m_fetchedAt;
};

} // namespace connectors
