// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QFuture>
#include <QPromise>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace connectors {

/// One thread that does one task after the other. Destroying it lets the task under way end (its stop token is set)
/// and answers the rest with Cancelled.
class TaskThread final
{
public:
    TaskThread()
        : m_thread([this](std::stop_token stop) { work(stop); })
    {
    }

    /// `task` is called on the thread with a check that tells whether its answer is still wanted.
    template<typename T>
    QFuture<Result<T>> run(std::stop_token caller, std::function<Result<T>(const std::function<bool()> &isCancelled)> task)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        const std::stop_token own = m_thread.get_stop_token();
        enqueue([promise, caller, own, task = std::move(task)] {
            const auto isCancelled = [&] { return caller.stop_requested() || own.stop_requested() || promise->isCanceled(); };
            promise->addResult(isCancelled() ? Result<T>(failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled.")))
                                             : task(isCancelled));
            promise->finish();
        });
        return future;
    }

private:
    void enqueue(std::function<void()> task)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_changed.notify_one();
    }

    void work(std::stop_token stop)
    {
        while (true) {
            std::function<void()> task;
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, stop, [this] { return !m_tasks.empty(); });
                if (m_tasks.empty())
                    return;
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            task();
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::function<void()>> m_tasks;
    std::jthread m_thread; ///< last: it uses the others
};

} // namespace connectors
