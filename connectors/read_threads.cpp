// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/read_threads.h"

namespace connectors {

ReadThreads::ReadThreads(Run run)
    : m_run(std::move(run))
{
}

ReadThreads::~ReadThreads()
{
    const std::lock_guard lock(m_mutex);
    for (Running &running : m_running)
        running.channel->cancel();
    m_running.clear();
}

EventChannelPtr ReadThreads::start(ReadRequest request)
{
    const EventChannelPtr channel = makeEventChannel(request.isDroppingWhenFull ? EventChannel::WhenFull::DropNewest : EventChannel::WhenFull::Wait);
    const std::lock_guard lock(m_mutex);
    m_running.remove_if([](const Running &running) { return running.hasEnded.load(); });
    Running &running = m_running.emplace_back();
    running.channel = channel;
    running.thread = std::jthread([this, &running, channel, request = std::move(request)] {
        m_run(request, channel);
        running.hasEnded = true;
    });
    return channel;
}

} // namespace connectors
