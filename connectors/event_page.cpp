// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/event_page.h"

#include <algorithm>

namespace connectors {

namespace {
constexpr std::chrono::minutes KeptFor(1);

QString placeOf(const EventAddress &address)
{
    return QStringLiteral("%1/%2@%3").arg(address.stream).arg(address.partition).arg(address.position);
}
} // namespace

Slice sliceOf(const EventRecord &record, EventPart part)
{
    switch (part) {
    case EventPart::Body: return record.payload;
    case EventPart::Key: return record.key;
    case EventPart::Headers: return record.headers;
    case EventPart::EventId: return record.eventId;
    case EventPart::EventType: return record.eventType;
    case EventPart::AggregateId: return record.aggregateId;
    case EventPart::Timestamp: return record.timestamp;
    case EventPart::CorrelationId: return record.correlationId;
    case EventPart::CausationId: return record.causationId;
    }
    Q_UNREACHABLE();
}

Result<EventPage> EventPages::page(const PageRequest &request, const FetchWhole &fetchWhole)
{
    if (request.offset < 0 || request.bytes < 1)
        return failure(ErrorCode::InvalidInput, QStringLiteral("A page of %1 bytes from byte %2 on makes no sense.").arg(request.bytes).arg(request.offset));
    EventBatchPtr batch = kept(request.address);
    if (!batch) {
        Result<EventBatchPtr> fetched = fetchWhole();
        if (!fetched)
            return tl::unexpected(fetched.error());
        batch = std::move(*fetched);
    }
    if (batch->count() == 0)
        return failure(ErrorCode::NotFound, QStringLiteral("The event %1 is no longer stored.").arg(placeOf(request.address)),
                       QStringLiteral("Retention, compaction or a purge may have taken it."));
    const Slice slice = sliceOf(batch->record(0), request.part);
    const std::string_view whole = batch->text(slice);
    const auto size = static_cast<qint64>(whole.size());
    const qint64 offset = std::min(request.offset, size);
    const qint64 count = std::min({size - offset, request.bytes, LongestPageBytes});
    EventPage page{QByteArray(whole.data() + offset, static_cast<qsizetype>(count)), request.offset, slice.isNull() ? -1 : size};
    keep(request.address, std::move(batch), offset + count == size);
    return page;
}

EventBatchPtr EventPages::kept(const EventAddress &address)
{
    const std::lock_guard lock(m_mutex);
    const bool isUsable = m_batch && m_address == address && Clock::now() - m_fetchedAt < KeptFor;
    return isUsable ? m_batch : nullptr;
}

void EventPages::keep(const EventAddress &address, EventBatchPtr batch, bool isRead)
{
    const std::lock_guard lock(m_mutex);
    if (isRead || batch->memoryBytes() > KeptBytes) {
        if (m_address == address)
            m_batch.reset();
        return;
    }
    if (m_batch != batch)
        m_fetchedAt = Clock::now();
    m_address = address;
    m_batch = std::move(batch);
}

} // namespace connectors
