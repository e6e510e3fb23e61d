// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/task_pool.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace connectors::kafka {

namespace {

/// Questions of one window at a time: a handful. More wait their turn.
constexpr int MaxThreads = 8;
constexpr std::chrono::seconds LongestGoodbye{1};

} // namespace

struct TaskPool::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Task> tasks;
    std::stop_source stop;
    int threads = 0; ///< alive
    int idle = 0;    ///< of them waiting for a task
};

TaskPool::TaskPool()
    : m_shared(std::make_shared<Shared>())
{
}

TaskPool::~TaskPool()
{
    m_shared->stop.request_stop();
    std::unique_lock lock(m_shared->mutex);
    m_shared->changed.notify_all();
    m_shared->changed.wait_for(lock, LongestGoodbye, [this] { return m_shared->threads == 0; });
}

void TaskPool::enqueue(Task task)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->tasks.push_back(std::move(task));
    if (m_shared->idle < static_cast<int>(m_shared->tasks.size()) && m_shared->threads < MaxThreads) {
        ++m_shared->threads;
        std::thread([shared = m_shared] { work(shared); }).detach();
    }
    m_shared->changed.notify_all();
}

void TaskPool::work(const std::shared_ptr<Shared> &shared)
{
    std::unique_lock lock(shared->mutex);
    while (true) {
        ++shared->idle;
        shared->changed.wait(lock, [&] { return !shared->tasks.empty() || shared->stop.stop_requested(); });
        --shared->idle;
        if (shared->tasks.empty())
            break;
        Task task = std::move(shared->tasks.front());
        shared->tasks.pop_front();
        lock.unlock();
        task(shared->stop.get_token());
        task = {}; // what it holds goes before the lock is taken
        lock.lock();
    }
    --shared->threads;
    shared->changed.notify_all();
}

} // namespace connectors::kafka
