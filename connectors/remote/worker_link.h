// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/process_health.h"
#include "connectors/remote/message.h"
#include "connectors/remote/quarantine.h"
#include "connectors/remote/worker_process.h"

#include <chrono>

namespace connectors::remote {

/// What becomes of a process that does not respond.
enum class WhenSilent {
    Tell, ///< a person sees it, and may restart it
    End   ///< nobody is there who could: it is ended, and what was asked of it fails as when it dies
};

/// How a process ended that was to hold a connection, or did.
struct WorkerEnd {
    enum class How {
        Ended,   ///< by itself, or by a signal
        Silent,  ///< it has not answered in time
        NoWorker ///< it said something else than a worker does
    };
    How how = How::Ended;
    bool wasUp = false;            ///< it held the connection before
    std::optional<int> exitStatus; ///< null where it was ended by a signal, or by us
    QString lastWords;             ///< on stderr
    QByteArray noise;              ///< on stdout, the beginning
};

/// How a worker is started, and what it is to hold.
struct WorkerOpening {
    QStringList command; ///< the program and its arguments
    Opening opening;
    qint64 memoryLimit = 0; ///< bytes, as told to it; for the words of its end
    WhenSilent whenSilent = WhenSilent::Tell;
    std::chrono::milliseconds patience{10'000}; ///< it does not respond when it has said nothing for so long, asked whether it is there
    /// What the connection's token command prints, for the worker, which has no way to it; on a thread of the link. Empty: there is none.
    std::function<Result<QByteArray>(const std::stop_token &)> token = {};
    QString where = {};  ///< on which other machine, for messages; empty: on this one
    /// What an end means that this machine's words would not explain; for a worker elsewhere.
    std::function<Error(const WorkerEnd &)> explain = {};
    /// Whether the road to it ended, and not the worker: then nothing that it read is to blame.
    std::function<bool(const WorkerEnd &)> isRoadsEnd = {};
};

/// The process of one connection, kept alive: started again when it has died, at once the first time, and after up to two
/// seconds when it goes on dying. What is said meanwhile waits. If it cannot be started any more, for what may pass (a network
/// that is away), that is tried for two minutes, and then again at the next question. One that says what is no message is ended, told, and started again only when it is asked something, two seconds
/// later. Asks every few seconds whether it is there. From deaths it learns what is not to be read (Quarantine). Thread-safe.
class WorkerLink final : public ProcessHealth
{
public:
    struct Receiver {
        std::function<void(const QByteArray &)> received;
        /// Everything that was asked so far; what is hopeless is not to be asked again.
        std::function<void(const Error &, bool isHopeless)> lost;
        std::function<void(const Error &)> unanswered = {}; ///< again and again while it does not respond, where that is told
    };
    WorkerLink(WorkerOpening opening, Receiver receiver);
    ~WorkerLink() override;
    WorkerLink(const WorkerLink &) = delete;
    WorkerLink &operator=(const WorkerLink &) = delete;

    /// What the connection can do; blocks until it is open, at most ten seconds. Call once, first.
    [[nodiscard]] Result<Greeting> open();
    void send(const QByteArray &message);
    /// What the process said about its reading.
    void hear(const Announcement &announcement);
    /// Ends the process; nothing is received any more. From one of the link's own threads it happens right after.
    void close();
    /// 0: none runs.
    [[nodiscard]] qint64 processId() const;
    [[nodiscard]] ProcessReport processReport() const override;
    void restartProcess() override;
    /// What it said is nothing that a worker says: ends it.
    void refuseProcess();

private:
    struct Keeper;
    const std::shared_ptr<Keeper> m_keeper;
    std::thread m_thread;
};

} // namespace connectors::remote
