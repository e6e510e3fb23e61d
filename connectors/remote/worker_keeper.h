// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/wire.h"
#include "connectors/remote/worker_link.h"

#include <atomic>
#include <chrono>

namespace connectors::remote {

/// What the thread works with that starts the processes; it may outlive the link for the moment in which it ends.
struct WorkerLink::Keeper {
    enum class Ended { ByItself, OnDemand, Silent, NoWorker };

    Keeper(WorkerOpening what, Receiver who)
        : opening(std::move(what))
        , receiver(std::move(who))
        , quarantine(opening.memoryLimit)
    {
        report.memoryLimit = opening.memoryLimit;
    }

    void run();
    /// False: it never was up.
    bool runOnce();
    void hear(const QByteArray &message);
    void hearGreeting(const Reader &reply);
    void hearEnd(MessagePipe::End how);
    void refuse(const Error &error, bool isHopeless = true);
    void watchUntilItEnds(std::unique_lock<std::mutex> &lock);
    void noteSilence(std::unique_lock<std::mutex> &lock);
    void endIt(Ended why);
    [[nodiscard]] QString howItEnded(WorkerProcess &dead) const;
    [[nodiscard]] Error deathOf(const QString &how) const;
    void noteDeath(const QString &how);
    [[nodiscard]] WorkerEnd endOf(WorkerProcess &gone, bool isAnswered, bool wasUp) const;
    [[nodiscard]] bool takeTokenQuestion(const QByteArray &message);
    void answerTokenQuestions(const std::stop_token &stop);
    [[nodiscard]] bool isWorthAnother(const WorkerProcess &dead, const WorkerEnd &its);
    [[nodiscard]] bool mayComeBack(const Error &error) const;
    [[nodiscard]] Opening nextOpening() const;
    [[nodiscard]] bool isOwnThread() const { return std::this_thread::get_id() == hearing || std::this_thread::get_id() == running; }

    const WorkerOpening opening;
    const Receiver receiver;

    mutable std::mutex mutex;
    std::condition_variable changed;
    bool isWanted = true;
    bool isClosed = false;
    std::chrono::milliseconds pause{0};
    Quarantine quarantine;
    bool hasLearnt = false; ///< from the latest death
    int barrenDeaths = 0;
    std::optional<std::chrono::steady_clock::time_point> downSince; ///< of the thread; null: it was never up
    std::atomic<std::thread::id> running;
    std::atomic<std::thread::id> hearing;
    // of the newest process
    WorkerProcess *process = nullptr;
    bool hasSaidHello = false;
    bool isUp = false;
    std::optional<MessagePipe::End> end;
    std::optional<Result<Greeting>> greeting;
    std::vector<QByteArray> waiting; ///< until it is up
    Ended ended = Ended::ByItself; ///< why
    ProcessReport report; ///< of all of them
    bool isTokenWanted = false;
    bool isTokenFetched = false;
    std::jthread fetchingTokens; ///< last: it uses the others
};

} // namespace connectors::remote
