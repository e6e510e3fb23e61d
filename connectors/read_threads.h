// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/traffic_counter.h"
#include "connectors/event_reader.h"

#include <atomic>
#include <list>
#include <mutex>
#include <thread>

namespace connectors::eventstore {

/// The reads under way, a thread and a connection to the file each. Destroying it cancels them and waits for their ends.
class ReadThreads final
{
public:
    ReadThreads(QString path, TrafficCounter &traffic);
    ~ReadThreads();
    ReadThreads(const ReadThreads &) = delete;
    ReadThreads &operator=(const ReadThreads &) = delete;

    [[nodiscard]] EventChannelPtr start(ReadRequest request);

private:
    struct Running {
        EventChannelPtr channel;
        std::atomic<bool> hasEnded = false;
        std::jthread thread;
    };

    const QString m_path;
    TrafficCounter &m_traffic;
    std::mutex m_mutex;
    std::list<Running> m_running;
};

} // namespace connectors::eventstore
