// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/read_recovery.h"
#include "connectors/remote/wire.h"

#include <chrono>
#include <thread>

namespace connectors::remote {

/// The caller's end of one read: a thread that takes messages, fills the reader's channel and gives credits back as the
/// reader takes batches out. It ends with the read. When the other end dies it asks the next one to go on.
class RemoteRead final
{
public:
    /// What it says to the other end.
    struct Calls {
        std::function<void(Call)> send;                  ///< a call about this read
        std::function<void(const ReadRequest &)> ask;    ///< the read itself
        std::function<void()> refuse;                    ///< what came is no message of a read, or more than it was let send
    };
    RemoteRead(EventChannelPtr channel, ReadRequest request, Calls calls);
    ~RemoteRead();
    /// Cancels and waits for the thread, which ends at once. Not from a thread that is sending.
    void close();
    RemoteRead(const RemoteRead &) = delete;
    RemoteRead &operator=(const RemoteRead &) = delete;

    /// From any thread; does not wait. `bytes`: how long the message was.
    void receive(Reader message, qsizetype bytes);
    void fail(const Error &error);
    /// The other end has died, and there will be another one.
    void lose();
    /// The other end does not respond: the report says so, and where the read stands, until something comes.
    void tellStillness(const Error &error);
    [[nodiscard]] bool hasEnded() const;

private:
    void run();
    [[nodiscard]] std::optional<Reader> next();
    void askProgressWhenDue();
    /// After a failure or a loss. False: the read is over.
    [[nodiscard]] bool goOn();
    void giveCredit();
    void finish(ReadReport whole);
    /// False when that was the last.
    [[nodiscard]] bool take(const Reader &message);

    const EventChannelPtr m_channel;
    const Calls m_calls;
    ReadRecovery m_recovery;         ///< of the thread, as the next one
    bool m_isProgressAsked = false;  ///< and not yet answered
    std::chrono::steady_clock::time_point m_progressAskedAt = std::chrono::steady_clock::now();
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    [[nodiscard]] bool isMoreThanAllowed(const Reader &message, qsizetype bytes);

    std::deque<Reader> m_messages;
    int m_batchesAllowed = BatchCredits; ///< that the other end may still send
    int m_reportsWaiting = 0;
    std::optional<Error> m_failure;
    bool m_isLost = false; ///< after the messages that have come
    bool m_hasCancelled = false;
    bool m_hasEnded = false;
    std::jthread m_thread; ///< last: it uses the others
};

} // namespace connectors::remote
