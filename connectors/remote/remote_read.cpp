// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/remote_read.h"

#include "connectors/remote/batch_pieces.h"

#include <chrono>
#include <utility>

namespace connectors::remote {

namespace {
constexpr std::chrono::milliseconds ProgressInterval(250);
constexpr int MostReportsWaiting = 8; ///< it is asked for one at a time, and tells the end
constexpr qsizetype MostReportBytes = 16 * 1024 * 1024;
constexpr size_t MostLeftOut = 1000;
}

RemoteRead::RemoteRead(EventChannelPtr channel, ReadRequest request, Calls calls)
    : m_channel(std::move(channel))
    , m_calls(std::move(calls))
    , m_recovery(std::move(request))
    , m_thread([this] { run(); })
{
}

RemoteRead::~RemoteRead()
{
    if (m_thread.joinable())
        close();
}

void RemoteRead::close()
{
    m_channel->cancel();
    fail({ErrorCode::Cancelled, QStringLiteral("The connection was closed."), {}, false});
    m_thread.join();
}

void RemoteRead::receive(Reader message, qsizetype bytes)
{
    bool isTooMuch = false;
    {
        const std::lock_guard lock(m_mutex);
        isTooMuch = isMoreThanAllowed(message, bytes);
        if (!isTooMuch)
            m_messages.push_back(std::move(message));
    }
    if (isTooMuch)
        return m_calls.refuse();
    m_changed.notify_all();
}

bool RemoteRead::isMoreThanAllowed(const Reader &message, qsizetype bytes)
{
    if (message.kind() == Reply::Batch)
        return --m_batchesAllowed < 0 || bytes > MaxBatchMessageBytes;
    return ++m_reportsWaiting > MostReportsWaiting || bytes > MostReportBytes;
}

void RemoteRead::fail(const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_failure = error;
    }
    m_changed.notify_all();
}

void RemoteRead::lose()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isLost = true;
    }
    m_changed.notify_all();
}

void RemoteRead::tellStillness(const Error &error)
{
    constexpr size_t MostNamed = 3;
    ReadReport report = m_channel->progress();
    QStringList places;
    for (size_t i = 0; i < std::min(report.partitions.size(), MostNamed); ++i) {
        const PartitionRead &part = report.partitions[i];
        places += QStringLiteral("%1/%2 at position %3").arg(part.stream.left(200)).arg(part.partition).arg(part.next);
    }
    if (report.partitions.size() > MostNamed)
        places += QStringLiteral("%1 more").arg(report.partitions.size() - MostNamed);
    report.note = error.message + (places.isEmpty() ? QString() : QStringLiteral(" Reading stands: %1.").arg(places.join(QStringLiteral(", "))));
    m_channel->updateProgress(report);
}

bool RemoteRead::hasEnded() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasEnded;
}

void RemoteRead::run()
{
    m_calls.ask(m_recovery.goOn());
    bool isGoingOn = true;
    while (isGoingOn) {
        askProgressWhenDue();
        const std::optional<Reader> message = next();
        isGoingOn = message ? take(*message) : goOn();
    }
    const std::lock_guard lock(m_mutex);
    m_hasEnded = true;
}

/// By the clock, and not only in the quiet: what a read has told last is where another process goes on. Once at a time: an end
/// that stands still is not asked again.
void RemoteRead::askProgressWhenDue()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_isProgressAsked || now - m_progressAskedAt < ProgressInterval)
        return;
    m_isProgressAsked = true;
    m_progressAskedAt = now;
    m_calls.send(Call::AskProgress);
}

/// Null after a failure, or when the other end is lost. Meanwhile passes a cancel on and asks for progress.
std::optional<Reader> RemoteRead::next()
{
    const auto isReady = [this] { return !m_messages.empty() || m_failure || m_isLost; };
    std::unique_lock lock(m_mutex);
    while (!isReady()) {
        const bool isCancelling = m_channel->stopToken().stop_requested() && !m_hasCancelled;
        if (isCancelling)
            m_hasCancelled = true;
        const bool isWaitedFor = !isCancelling && (m_hasCancelled ? m_changed.wait_for(lock, ProgressInterval, isReady)
                                                                  : m_changed.wait_for(lock, m_channel->stopToken(), ProgressInterval, isReady));
        if (isWaitedFor || (!isCancelling && m_channel->stopToken().stop_requested()))
            continue;
        lock.unlock();
        if (isCancelling)
            m_calls.send(Call::Cancel);
        else
            askProgressWhenDue();
        lock.lock();
    }
    if (m_failure || m_messages.empty())
        return std::nullopt;
    Reader message = std::move(m_messages.front());
    m_messages.pop_front();
    m_reportsWaiting -= message.kind() == Reply::Batch ? 0 : 1;
    return message;
}

bool RemoteRead::goOn()
{
    std::optional<Error> failure;
    {
        const std::lock_guard lock(m_mutex);
        m_isLost = false;
        failure = m_failure;
    }
    if (failure) {
        m_channel->finish(tl::unexpected<Error>(std::move(*failure)));
        return false;
    }
    if (m_channel->stopToken().stop_requested()) {
        ReadReport report = m_channel->progress();
        report.stopReason = StopReason::Cancelled;
        m_channel->finish(std::move(report));
        return false;
    }
    m_isProgressAsked = false;
    {
        const std::lock_guard lock(m_mutex);
        m_batchesAllowed = BatchCredits; // of the next one
    }
    m_calls.ask(m_recovery.goOn());
    return true;
}

void RemoteRead::giveCredit()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_batchesAllowed;
    }
    m_calls.send(Call::Credit);
}

/// What an earlier process could not read is missing, though the last one had nothing to complain of.
void RemoteRead::finish(ReadReport whole)
{
    const std::optional<Error> why = whyIncomplete(whole);
    if (!why)
        return m_channel->finish(std::move(whole));
    whole.stopReason = StopReason::Failed;
    m_channel->updateProgress(whole);
    m_channel->finish(tl::unexpected<Error>(*why));
}

bool RemoteRead::take(const Reader &message)
{
    EventBatchPtr batch;
    ReadReport report;
    Error error;
    if (message.kind() == Reply::Batch && message.whole(batch)) {
        if (EventBatchPtr fresh = m_recovery.newOf(std::move(batch)))
            std::ignore = m_channel->push(std::move(fresh)); // a reader that has gone is seen by next()
        giveCredit();
        return true;
    }
    const bool isOfReport = message.kind() == Reply::Progress || message.kind() == Reply::Finished;
    const bool isReport = isOfReport && message.whole(report) && report.leftOut.size() <= MostLeftOut;
    if (message.kind() == Reply::Progress && isReport) {
        m_isProgressAsked = false;
        m_channel->updateProgress(m_recovery.whole(report));
        return true;
    }
    if (message.kind() == Reply::Finished && isReport) {
        finish(m_recovery.whole(report));
        return false;
    }
    if (message.kind() == Reply::Error && message.whole(error)) {
        m_channel->finish(tl::unexpected<Error>(std::move(error)));
        return false;
    }
    m_channel->finish(tl::unexpected<Error>(malformedMessage()));
    if (message.kind() == Reply::Malformed) // it could not read the question
        m_calls.send(Call::Cancel);
    else
        m_calls.refuse();
    return false;
}

} // namespace connectors::remote
