// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/read_threads.h"

#include "connectors/eventstore/event_read.h"
#include "connectors/eventstore/store_file.h"

namespace connectors::eventstore {

ReadThreads::ReadThreads(QString path, TrafficCounter &traffic)
    : m_path(std::move(path))
    , m_traffic(traffic)
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
        auto opened = guarded([this] { return openForLooking(m_path); });
        if (opened)
            EventRead(**opened, request, channel, m_traffic).run();
        else
            channel->finish(tl::unexpected<Error>(opened.error()));
        running.hasEnded = true;
    });
    return channel;
}

} // namespace connectors::eventstore
