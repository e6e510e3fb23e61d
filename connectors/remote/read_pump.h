// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/wire.h"

#include <memory>
#include <mutex>

namespace connectors::remote {

/// Sends what one read gives, as far as the caller has credits. Runs on whatever thread has something to say.
class ReadPump final : public std::enable_shared_from_this<ReadPump>
{
public:
    using Send = std::function<void(Reply, const std::function<void(Writer &)> &)>;
    ReadPump(EventChannelPtr channel, Send send);

    /// Call once. `whenFinished` is called after the last message.
    void start(std::function<void()> whenFinished);
    void addCredit();
    void sendProgress();
    void cancel();

private:
    void pump();
    /// Null when there is none now, or the read has ended since one cannot be sent.
    [[nodiscard]] EventBatchPtr nextPiece();
    void finish(const Result<ReadReport> &result);

    const EventChannelPtr m_channel;
    const Send m_send;
    std::function<void()> m_whenFinished;
    std::mutex m_mutex;
    std::deque<EventBatchPtr> m_pieces; ///< of the batch that was taken last
    int m_credits = BatchCredits;
    bool m_hasFinished = false;
};

} // namespace connectors::remote
