// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/wire.h"

#include <thread>

namespace connectors::remote {

/// The caller's end of one read: a thread that takes messages, fills the reader's channel and gives credits back as the
/// reader takes batches out. It ends with the read.
class RemoteRead final
{
public:
    /// `send` sends a call about this read; `refuse` is called when what came is no message of a read, or more than it was
    /// let send.
    RemoteRead(EventChannelPtr channel, std::function<void(Call)> send, std::function<void()> refuse);
    ~RemoteRead();
    /// Cancels and waits for the thread, which ends at once. Not from a thread that is sending.
    void close();
    RemoteRead(const RemoteRead &) = delete;
    RemoteRead &operator=(const RemoteRead &) = delete;

    /// From any thread; does not wait.
    void receive(Reader message);
    void fail(const Error &error);
    [[nodiscard]] bool hasEnded() const;

private:
    void run();
    [[nodiscard]] std::optional<Reader> next();
    /// False when that was the last.
    [[nodiscard]] bool take(const Reader &message);

    const EventChannelPtr m_channel;
    const std::function<void(Call)> m_send;
    const std::function<void()> m_refuse;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Reader> m_messages;
    std::optional<Error> m_failure;
    bool m_hasCancelled = false;
    bool m_hasEnded = false;
    std::jthread m_thread; ///< last: it uses the others
};

} // namespace connectors::remote
