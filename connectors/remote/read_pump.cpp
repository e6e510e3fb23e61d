// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/read_pump.h"

#include "connectors/remote/batch_pieces.h"

namespace connectors::remote {

ReadPump::ReadPump(EventChannelPtr channel, Send send)
    : m_channel(std::move(channel))
    , m_send(std::move(send))
{
}

void ReadPump::start(std::function<void()> whenFinished)
{
    m_whenFinished = std::move(whenFinished);
    m_channel->setWakeup([weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->pump();
    });
}

void ReadPump::addCredit()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_credits;
    }
    pump();
}

void ReadPump::sendProgress()
{
    const ReadReport report = m_channel->progress();
    const std::lock_guard lock(m_mutex);
    if (!m_hasFinished)
        m_send(Reply::Progress, [&report](Writer &out) { out.whole(report); });
}

void ReadPump::cancel()
{
    m_channel->cancel();
    {
        const std::lock_guard lock(m_mutex);
        m_pieces.clear();
    }
    pump();
}

void ReadPump::pump()
{
    const std::lock_guard lock(m_mutex);
    while (m_credits > 0 && !m_hasFinished) {
        const EventBatchPtr piece = nextPiece();
        if (!piece)
            break;
        --m_credits;
        m_send(Reply::Batch, [&piece](Writer &out) { out.whole(piece); });
    }
    if (!m_hasFinished && m_pieces.empty() && m_channel->isFinished())
        finish(m_channel->result());
}

EventBatchPtr ReadPump::nextPiece()
{
    if (m_pieces.empty()) {
        const EventBatchPtr batch = m_channel->tryPop();
        if (!batch)
            return nullptr;
        auto pieces = piecesOf(batch);
        if (!pieces) {
            m_channel->cancel();
            finish(tl::unexpected(pieces.error()));
            return nullptr;
        }
        m_pieces = std::move(*pieces);
    }
    EventBatchPtr piece = std::move(m_pieces.front());
    m_pieces.pop_front();
    return piece;
}

void ReadPump::finish(const Result<ReadReport> &result)
{
    m_hasFinished = true;
    if (result) {
        m_send(Reply::Finished, [&result](Writer &out) { out.whole(*result); });
    } else {
        const ReadReport soFar = m_channel->progress(); // an error does not say how far it came
        m_send(Reply::Progress, [&soFar](Writer &out) { out.whole(soFar); });
        m_send(Reply::Error, [&result](Writer &out) { out.whole(result.error()); });
    }
    m_whenFinished();
}

} // namespace connectors::remote
