// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read_pace.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace connectors::kafka {

namespace {

constexpr std::chrono::milliseconds Burst(100);

} // namespace

bool sleepUnlessStopped(const std::stop_token &stop, std::chrono::milliseconds time)
{
    std::mutex mutex;
    std::condition_variable_any wakeup;
    std::unique_lock lock(mutex);
    wakeup.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

ReadPace::ReadPace(qint64 bytesPerSecond)
    : m_bytesPerSecond(bytesPerSecond)
    , m_due(Clock::now())
{
}

void ReadPace::spend(qint64 bytes, const std::stop_token &stop)
{
    if (m_bytesPerSecond <= 0)
        return;
    const auto cost = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(m_bytesPerSecond)));
    m_due = std::max(m_due, Clock::now() - Burst) + cost;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(m_due - Clock::now());
    if (wait.count() > 0)
        sleepUnlessStopped(stop, wait);
}

} // namespace connectors::kafka
