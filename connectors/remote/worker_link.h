// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/message.h"
#include "connectors/remote/worker_process.h"

namespace connectors::remote {

/// How a worker is started, and what it is to hold.
struct WorkerOpening {
    QStringList command; ///< the program and its arguments
    Opening opening;
};

/// The process of one connection, kept alive: started again when it has died, at once the first time, and after up to two
/// seconds when it goes on dying. What is said meanwhile waits. If it cannot be started that is tried again at the next
/// question. Thread-safe.
class WorkerLink final
{
public:
    struct Receiver {
        std::function<void(const QByteArray &)> received;
        std::function<void(const Error &)> lost; ///< everything that was asked so far
    };
    WorkerLink(WorkerOpening opening, Receiver receiver);
    ~WorkerLink();
    WorkerLink(const WorkerLink &) = delete;
    WorkerLink &operator=(const WorkerLink &) = delete;

    /// What the connection can do; blocks until it is open, at most ten seconds. Call once, first.
    [[nodiscard]] Result<Greeting> open();
    void send(const QByteArray &message);
    /// Ends the process; nothing is received any more. From one of the link's own threads it happens right after.
    void close();
    /// 0: none runs.
    [[nodiscard]] qint64 processId() const;

private:
    struct Keeper;
    const std::shared_ptr<Keeper> m_keeper;
    std::thread m_thread;
};

} // namespace connectors::remote
