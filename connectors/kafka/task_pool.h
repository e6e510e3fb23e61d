// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>
#include <stop_token>

namespace connectors::kafka {

/// Threads for questions that block in librdkafka. Destroying it stops what runs and answers what waits with Cancelled, and
/// waits at most a second for calls that cannot be interrupted; their threads then end by themselves. A task must
/// therefore hold what it uses: values and shared pointers, never a bare pointer into the connector.
class TaskPool final
{
public:
    TaskPool();
    ~TaskPool();
    TaskPool(const TaskPool &) = delete;
    TaskPool &operator=(const TaskPool &) = delete;

    /// The task's token is stopped by the caller's, and when the pool goes. Blocking calls are to be made in slices that
    /// look at it, or with a time-out.
    template<typename T>
    QFuture<Result<T>> run(std::stop_token caller, std::function<Result<T>(std::stop_token)> task)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        enqueue([promise, caller = std::move(caller), task = std::move(task)](const std::stop_token &pool) {
            std::stop_source either;
            const std::stop_callback onCaller(caller, [&either] { either.request_stop(); });
            const std::stop_callback onPool(pool, [&either] { either.request_stop(); });
            promise->addResult(either.stop_requested() || promise->isCanceled()
                                   ? Result<T>(failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled.")))
                                   : task(either.get_token()));
            promise->finish();
        });
        return future;
    }

private:
    using Task = std::function<void(const std::stop_token &pool)>;
    struct Shared;
    static void work(const std::shared_ptr<Shared> &shared);
    void enqueue(Task task);

    const std::shared_ptr<Shared> m_shared; ///< with the threads, which may outlive the pool by a call
};

} // namespace connectors::kafka
