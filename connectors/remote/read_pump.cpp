// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/read_pump.h"

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
    pump();
}

void ReadPump::pump()
{
    const std::lock_guard lock(m_mutex);
    while (m_credits > 0 && !m_hasFinished) {
        const EventBatchPtr batch = m_channel->tryPop();
        if (!batch)
            break;
        --m_credits;
        m_send(Reply::Batch, [&batch](Writer &out) { out.whole(batch); });
    }
    if (m_hasFinished || !m_channel->isFinished())
        return;
    m_hasFinished = true;
    const Result<ReadReport> result = m_channel->result();
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
