// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_delivery.h"

#include "connectors/thrown_error.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <numeric>

namespace connectors::query {

namespace {

bool containsBytes(std::string_view text, const QByteArray &value)
{
    return text.find(std::string_view(value.constData(), static_cast<size_t>(value.size()))) != std::string_view::npos;
}

bool matchesAnywhere(const EventBatch &batch, qsizetype row, const std::vector<QByteArray> &values)
{
    const EventRecord &record = batch.record(row);
    return std::any_of(values.cbegin(), values.cend(), [&](const QByteArray &value) {
        if (containsBytes(batch.text(record.payload), value) || containsBytes(batch.text(record.headers), value))
            return true;
        // The envelope's columns too: they may hold what the body has only in escaped form.
        for (const Slice slice : {record.eventId, record.aggregateId, record.correlationId, record.causationId})
            if (containsBytes(batch.text(slice), value))
                return true;
        return false;
    });
}

EventBatchPtr select(const EventBatch &batch, const std::vector<qsizetype> &rows)
{
    EventBatchBuilder builder;
    for (const qsizetype row : rows)
        builder.addFrom(batch, row);
    return builder.take();
}

} // namespace

EventDelivery::EventDelivery(const ReadRequest &request, EventChannelPtr channel, ReadReport &report, std::function<void()> reportProgress)
    : m_request(request)
    , m_channel(std::move(channel))
    , m_report(report)
    , m_reportProgress(std::move(reportProgress))
{
    if (m_request.where.isEmpty())
        return;
    auto filter = EventFilter::compile(m_request.where);
    if (!filter)
        throw ThrownError{filter.error()};
    m_filter = std::move(*filter);
}

EventDelivery::~EventDelivery() = default;

Pushdown EventDelivery::pushdown() const
{
    return m_filter ? m_filter->pushdown() : Pushdown();
}

bool EventDelivery::isOver() const
{
    return m_channel->stopToken().stop_requested() || (m_request.limit && m_report.matched >= *m_request.limit);
}

qint64 EventDelivery::chunkLimit() const
{
    const qint64 batch = std::clamp<qint64>(m_request.batchEvents, 1, 100'000);
    const bool isEverythingWanted = !m_filter && !m_request.search;
    return m_request.limit && isEverythingWanted ? std::min(batch, *m_request.limit - m_report.matched) : batch;
}

EventBatchPtr EventDelivery::matching(EventBatchPtr batch, bool isFound)
{
    if (m_request.search && !isFound) {
        std::vector<qsizetype> rows;
        // An event of a store has no key of its own, so nothing has the wanted one.
        for (qsizetype row = 0; row < batch->count() && m_request.search->field == SearchField::Anywhere; ++row)
            if (matchesAnywhere(*batch, row, m_request.search->values))
                rows.push_back(row);
        batch = select(*batch, rows);
    }
    if (!m_filter || batch->count() == 0)
        return batch;
    auto outcome = m_filter->apply(*batch, m_channel->stopToken());
    if (!outcome)
        throw ThrownError{outcome.error()};
    m_report.notFilterable += outcome->notFilterable;
    if (m_report.firstNotFilterable.isEmpty())
        m_report.firstNotFilterable = outcome->firstNotFilterable;
    return std::ssize(outcome->matches) < batch->count() ? select(*batch, outcome->matches) : batch;
}

bool EventDelivery::deliver(EventBatchPtr batch, bool isFound)
{
    qint64 bytes = 0;
    for (qsizetype row = 0; row < batch->count(); ++row)
        bytes += std::max<qint64>(batch->record(row).size, 0);
    m_report.bytes += bytes;
    batch = matching(std::move(batch), isFound);
    if (m_request.limit && m_report.matched + batch->count() > *m_request.limit) {
        std::vector<qsizetype> rows(static_cast<size_t>(*m_request.limit - m_report.matched));
        std::iota(rows.begin(), rows.end(), 0);
        batch = select(*batch, rows);
    }
    m_report.matched += batch->count();
    m_reportProgress();
    if (batch->count() > 0 && !m_channel->push(previewsOf(std::move(batch), m_request.previewBytes)))
        return false;
    if (m_request.maxBytesPerSecond > 0)
        std::ignore = sleep(std::chrono::milliseconds(bytes * 1000 / m_request.maxBytesPerSecond));
    return !isOver();
}

void EventDelivery::finish(const QStringList &notes)
{
    if (m_channel->stopToken().stop_requested())
        m_report.stopReason = StopReason::Cancelled;
    else if (m_request.limit && m_report.matched >= *m_request.limit)
        m_report.stopReason = StopReason::ReachedLimit;
    QStringList all = notes;
    if (m_filter && !m_filter->warnings().isEmpty())
        all += m_filter->warnings();
    m_report.note = all.join(u' ');
    m_reportProgress();
}

bool EventDelivery::sleep(std::chrono::milliseconds time) const
{
    const std::stop_token stop = m_channel->stopToken();
    std::mutex mutex;
    std::condition_variable_any wakeup;
    std::unique_lock lock(mutex);
    wakeup.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

} // namespace connectors::query
