// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/remote_read.h"

#include <chrono>

namespace connectors::remote {

namespace {
constexpr std::chrono::milliseconds ProgressInterval(250);
constexpr size_t MostWaiting = BatchCredits + 64; ///< with what it tells of its progress
}

RemoteRead::RemoteRead(EventChannelPtr channel, std::function<void(Call)> send, std::function<void()> refuse)
    : m_channel(std::move(channel))
    , m_send(std::move(send))
    , m_refuse(std::move(refuse))
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

void RemoteRead::receive(Reader message)
{
    bool isTooMuch = false;
    {
        const std::lock_guard lock(m_mutex);
        isTooMuch = m_messages.size() >= MostWaiting;
        if (!isTooMuch)
            m_messages.push_back(std::move(message));
    }
    if (isTooMuch)
        return m_refuse();
    m_changed.notify_all();
}

void RemoteRead::fail(const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_failure = error;
    }
    m_changed.notify_all();
}

bool RemoteRead::hasEnded() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasEnded;
}

void RemoteRead::run()
{
    while (true) {
        const std::optional<Reader> message = next();
        if (!message) {
            m_channel->finish(tl::unexpected<Error>(*m_failure));
            break;
        }
        if (!take(*message))
            break;
    }
    const std::lock_guard lock(m_mutex);
    m_hasEnded = true;
}

/// Null after a failure. Meanwhile passes a cancel on and asks for progress.
std::optional<Reader> RemoteRead::next()
{
    const auto isReady = [this] { return !m_messages.empty() || m_failure; };
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
        m_send(isCancelling ? Call::Cancel : Call::AskProgress);
        lock.lock();
    }
    if (m_failure)
        return std::nullopt;
    Reader message = std::move(m_messages.front());
    m_messages.pop_front();
    return message;
}

bool RemoteRead::take(const Reader &message)
{
    EventBatchPtr batch;
    ReadReport report;
    Error error;
    if (message.kind() == Reply::Batch && message.whole(batch)) {
        std::ignore = m_channel->push(std::move(batch)); // a reader that has gone is seen by next()
        m_send(Call::Credit);
        return true;
    }
    if (message.kind() == Reply::Progress && message.whole(report)) {
        m_channel->updateProgress(report);
        return true;
    }
    if (message.kind() == Reply::Finished && message.whole(report)) {
        m_channel->finish(std::move(report));
        return false;
    }
    if (message.kind() == Reply::Error && message.whole(error)) {
        m_channel->finish(tl::unexpected<Error>(std::move(error)));
        return false;
    }
    m_channel->finish(tl::unexpected<Error>(malformedMessage()));
    if (message.kind() == Reply::Malformed) // it could not read the question
        m_send(Call::Cancel);
    else
        m_refuse();
    return false;
}

} // namespace connectors::remote
