// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/event_channel.h"

namespace connectors {

std::optional<Error> whyIncomplete(const ReadReport &report)
{
    if (report.stopReason != StopReason::ReachedEnd || report.leftOut.empty())
        return report.stopReason == StopReason::ReachedEnd ? report.unread : std::nullopt;
    const LeftOutRange &first = report.leftOut.front();
    const QString batch = QStringLiteral("The batch at partition %1, position %2 of “%3” %4.").arg(first.partition).arg(first.from).arg(first.stream.left(200), first.why);
    const QString others = report.leftOut.size() > 1 ? QStringLiteral(" So do %1 more.").arg(report.leftOut.size() - 1) : QString();
    return Error{ErrorCode::Incomplete, batch + others, QStringLiteral("Read on behind it."), false};
}

EventChannel::EventChannel(qsizetype capacity, WhenFull whenFull, qint64 maxBytes)
    : m_capacity(capacity)
    , m_whenFull(whenFull)
    , m_maxBytes(maxBytes)
{
}

EventChannelPtr makeEventChannel(EventChannel::WhenFull whenFull)
{
    constexpr qsizetype Capacity = 16;
    constexpr qsizetype CapacityOfATail = 128;
    return std::make_shared<EventChannel>(whenFull == EventChannel::WhenFull::DropNewest ? CapacityOfATail : Capacity, whenFull);
}

bool EventChannel::push(EventBatchPtr batch)
{
    std::function<void()> wakeup;
    const qint64 bytes = batch->memoryBytes();
    {
        std::unique_lock lock(m_mutex);
        const auto hasRoom = [this, bytes] {
            const bool fits = m_batches.empty() || (std::ssize(m_batches) < m_capacity && m_bytes + bytes <= m_maxBytes);
            return fits || m_stop.stop_requested();
        };
        if (m_whenFull == WhenFull::Wait)
            m_changed.wait(lock, hasRoom);
        if (m_stop.stop_requested())
            return false;
        if (!hasRoom()) {
            m_dropped += batch->count();
            return true;
        }
        m_bytes += bytes;
        m_batches.push_back(std::move(batch));
        wakeup = m_wakeup;
    }
    m_changed.notify_all();
    if (wakeup)
        wakeup();
    return true;
}

void EventChannel::updateProgress(const ReadReport &soFar)
{
    const std::lock_guard lock(m_mutex);
    m_progress = soFar;
}

void EventChannel::finish(Result<ReadReport> result)
{
    std::function<void()> wakeup;
    {
        const std::lock_guard lock(m_mutex);
        if (m_hasFinished)
            return;
        m_hasFinished = true;
        if (result)
            m_progress = *result;
        m_result = std::move(result);
        wakeup = m_wakeup;
    }
    m_changed.notify_all();
    if (wakeup)
        wakeup();
}

EventBatchPtr EventChannel::tryPop()
{
    EventBatchPtr batch;
    {
        const std::lock_guard lock(m_mutex);
        if (m_batches.empty())
            return nullptr;
        batch = std::move(m_batches.front());
        m_batches.pop_front();
        m_bytes -= batch->memoryBytes();
    }
    m_changed.notify_all();
    return batch;
}

EventBatchPtr EventChannel::waitPop()
{
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_batches.empty() || m_hasFinished; });
    }
    return tryPop();
}

bool EventChannel::isFinished() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasFinished && m_batches.empty();
}

Result<ReadReport> EventChannel::result() const
{
    const std::lock_guard lock(m_mutex);
    Result<ReadReport> result = m_result;
    if (result)
        result->dropped += m_dropped; // beside what was dropped behind a remote connector
    return result;
}

ReadReport EventChannel::progress() const
{
    const std::lock_guard lock(m_mutex);
    ReadReport progress = m_progress;
    progress.dropped += m_dropped;
    return progress;
}

void EventChannel::cancel()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop.request_stop();
    }
    m_changed.notify_all();
}

void EventChannel::setWakeup(const std::function<void()> &wakeup)
{
    bool isReady = false;
    {
        const std::lock_guard lock(m_mutex);
        m_wakeup = wakeup;
        isReady = m_hasFinished || !m_batches.empty();
    }
    if (isReady && wakeup)
        wakeup();
}

} // namespace connectors
