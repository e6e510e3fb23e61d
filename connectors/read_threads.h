// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace connectors {

/// The reads under way, a thread each. Destroying it cancels them and waits for their ends.
class ReadThreads final
{
public:
    /// `run` does one read from its request to its report, which ends the channel, on the read's own thread.
    using Run = std::function<void(const ReadRequest &request, const EventChannelPtr &channel)>;
    explicit ReadThreads(Run run);
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

    const Run m_run;
    std::mutex m_mutex;
    std::list<Running> m_running;
};

} // namespace connectors
