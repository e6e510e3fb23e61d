// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "models/journal/journal.h"
#include "models/replay/approval.h"
#include "models/replay/classification.h"
#include "models/replay/failpoint.h"

#include <chrono>
#include <functional>

namespace models::replay {

/// How a run ended. Planned: back to review, because `differences` were found; nothing was changed.
struct RunOutcome {
    QString journalId;
    journal::State state = journal::State::Planned;
    std::vector<RowOutcome> rows;
    std::vector<QString> differences;
    QString note;
    bool operator==(const RunOutcome &) const = default;
};

/// Told on the machine's thread.
struct RunObserver {
    std::function<void(journal::State)> stateReached;
    std::function<void(const std::vector<connectors::ConsumerMember> &)> membersLeft; ///< while WAITING: who still reads
    std::function<void(std::chrono::milliseconds)> settling; ///< before that pause, ahead of reading what became of an interrupted change
};

/// How long is waited before reading what became of a step without an answer: its request may be in the system's queue.
inline constexpr std::chrono::milliseconds SettleTime{3000};

struct RunOptions {
    ConfirmationForm form = ConfirmationForm::ConsumerName;
    std::chrono::milliseconds maxWait{0};          ///< how long to wait for the consumer to be empty; 0: refuse at once
    std::chrono::milliseconds waitInterval{2000};  ///< how often to look meanwhile
    std::chrono::milliseconds retryDelay{500};     ///< between attempts that the system asks for
    std::chrono::milliseconds settleTime{SettleTime};
};

/// The one way in which a change is made: approve → wait until nobody reads → check → for each step intent (on the disk),
/// remote call, result → verify on another connection → done. Blocks, so it runs on a thread of its own; one object a
/// thread. Whatever happens after the first intent is settled by reading, and nothing is ever sent again by itself.
class Machine final
{
public:
    Machine(journal::Journal &journal, connectors::ConnectionFactory &factory, RunObserver observer = {});

    /// Keeps the plan, with everything that is needed to put it back; gives its journal id.
    /// `isForeign`: it, or the change that it puts back, came in a file.
    [[nodiscard]] connectors::Result<QString> store(const Plan &plan, bool isForeign = false);
    /// Runs a stored plan, once. An error means that nothing was changed, except OutcomeUnknown.
    [[nodiscard]] connectors::Result<RunOutcome> apply(const QString &journalId, const Approval &approval, const RunOptions &options,
                                                       std::stop_token stop);
    /// Finds out by reading what became of a change that was interrupted; writes that down and changes nothing. One that
    /// mayBeUnderWay() is given the settle time first.
    [[nodiscard]] connectors::Result<RunOutcome> resolve(const QString &journalId, std::stop_token stop, std::chrono::milliseconds settleTime = SettleTime);

private:
    struct Run;
    struct Taken;
    /// The record and its plan, read when nobody else can use its target any more.
    [[nodiscard]] connectors::Result<Taken> take(const QString &journalId) const;
    [[nodiscard]] connectors::Result<void> append(FailpointStep step, const Run &run, journal::State state, const QJsonObject &body);
    [[nodiscard]] connectors::Result<Snapshot> read(const Plan &plan, std::stop_token stop);
    /// After a step: a consumer that is gone has no checkpoints.
    [[nodiscard]] connectors::Result<Snapshot> readOutcome(const Plan &plan, std::stop_token stop);
    [[nodiscard]] connectors::Result<Snapshot> waitUntilEmpty(Run &run, const Approval &approval, const RunOptions &options, std::stop_token stop);
    /// What makes it another plan than the one that was approved: what was read, and what its connection is now.
    [[nodiscard]] connectors::Result<std::vector<QString>> differences(const Run &run, const Snapshot &now) const;
    [[nodiscard]] connectors::Result<RunOutcome> check(Run &run, const Approval &approval, const RunOptions &options, std::stop_token stop);
    [[nodiscard]] connectors::Result<RunOutcome> change(Run &run, const RunOptions &options, std::stop_token stop);
    /// True: the next step may be done.
    [[nodiscard]] connectors::Result<bool> step(Run &run, bool isDeletion, connectors::CheckpointWriter &writer, const RunOptions &options,
                                                std::stop_token stop);
    [[nodiscard]] connectors::Result<RunOutcome> verify(Run &run, const RunOptions &options);
    [[nodiscard]] connectors::Error giveBack(const Run &run, const connectors::Error &error);

    journal::Journal &m_journal;
    connectors::ConnectionFactory &m_factory;
    const RunObserver m_observer;
};

} // namespace models::replay
