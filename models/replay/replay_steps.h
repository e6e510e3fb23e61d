// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "models/replay/machine.h"
#include "models/replay/reset_request.h"

/// What a window asks of the replay machine, one blocking call each, for a thread of its own. Every call opens the
/// journal anew, because a handle belongs to one thread.
namespace models::replay {

/// A plan as it is in the journal.
struct StoredPlan {
    Plan plan;
    QString journalId;                            ///< empty: it is not stored, so it cannot be applied
    std::optional<connectors::Error> storeProblem; ///< why it could not be stored; null too where there is nothing to apply
    /// Already run, or interrupted: how it stands. Null: it can be approved.
    std::optional<RunOutcome> outcome;
    /// What it is judged by when it is applied: environmentNow().
    connectors::Environment environment = connectors::Environment::Untagged;
    bool isForeign = false; ///< it, or the change that it puts back, came in a file that was not made here
};

/// Reads the target from `csvPath` where that is given.
[[nodiscard]] connectors::Result<StoredPlan> planResetAndStore(connectors::ConnectionFactory &factory, const QString &journalPath,
                                                               const connectors::ConnectionSpec &spec, ResetRequest request,
                                                               const QString &csvPath, std::stop_token stop);

/// The plan in a file whose hash fits. Only reads.
[[nodiscard]] connectors::Result<Plan> readPlanFile(const QString &path);
/// A plan file whose hash fits. One that is in the journal already is found there, with what became of it; any other was
/// made elsewhere: it must pass checkForeign(), and is kept as foreign.
[[nodiscard]] connectors::Result<StoredPlan> openPlanFile(connectors::ConnectionFactory &factory, const QString &journalPath, const QString &path);

/// What a user means by going to a record: a plan that was never applied is opened as it is, one that is not settled is
/// shown as it stands, and for one that was applied a plan is made that puts it back.
/// `open` are the connections that are open now; the one that the record names is taken from there, else as specNow().
[[nodiscard]] connectors::Result<StoredPlan> openRecord(connectors::ConnectionFactory &factory, const QString &journalPath,
                                                        const QString &journalId, const std::vector<connectors::ConnectionSpec> &open,
                                                        bool isMovedOnAccepted, std::stop_token stop);

[[nodiscard]] connectors::Result<RunOutcome> applyStored(connectors::ConnectionFactory &factory, const QString &journalPath, const QString &journalId,
                                                         const Approval &approval, const RunOptions &options, RunObserver observer,
                                                         std::stop_token stop);

/// Settles a change that is open, by reading. One that has ended is read again, and the table as it is now is given;
/// the journal keeps what it says.
[[nodiscard]] connectors::Result<RunOutcome> findOut(connectors::ConnectionFactory &factory, const QString &journalPath, const QString &journalId,
                                                     std::stop_token stop, std::chrono::milliseconds settleTime = SettleTime, RunObserver observer = {});

/// The table that a record holds.
[[nodiscard]] RunOutcome outcomeOf(const journal::Record &record);

} // namespace models::replay
