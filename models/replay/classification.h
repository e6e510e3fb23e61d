// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/record.h"
#include "models/replay/plan.h"
#include "models/replay/snapshot.h"

namespace models::replay {

/// What reading tells of one row of a plan that was begun.
enum class RowResult {
    Done,
    DoneInUse,       ///< moved to the target, and the consumer has gone on from there
    NotApplied,
    NotAppliedInUse, ///< never moved, and the consumer has gone on
    Diverged         ///< the checkpoint is where neither explains it
};

struct RowOutcome {
    PlanRow row;
    std::optional<qint64> now;
    RowResult result = RowResult::Diverged;
    QString problem; ///< what the system said of this row, if it refused it
    bool operator==(const RowOutcome &) const = default;
};

/// By reading alone, never by inference from what was sent: now = target → Done; = before → NotApplied; a backward reset and
/// target < now < before → Done, in use; a forward one and before < now < target → not applied, in use; else Diverged.
[[nodiscard]] RowResult classify(const PlanRow &row, std::optional<qint64> now, const QByteArray &nowMetadata);
/// The rows that the plan changes, as they are now.
[[nodiscard]] std::vector<RowOutcome> classify(const Plan &plan, const Snapshot &now);
/// All done → Done; none → NotApplied; any diverged → Diverged; else Partial.
[[nodiscard]] journal::State overallState(const std::vector<RowOutcome> &outcomes);

/// Whether the newest step was sent without an answer being written down, and so lately that the system might carry it
/// out only now: whoever sent it may have died with the request under way.
[[nodiscard]] bool mayBeUnderWay(const journal::Record &record, connectors::EpochMs now);

[[nodiscard]] QString wordOf(RowResult result); ///< DONE, DONE_IN_USE, NOT_APPLIED …
[[nodiscard]] std::optional<RowResult> rowResultFrom(const QString &word);
/// For the journal: {stream, partition, before, target, now, result, problem}.
[[nodiscard]] QJsonArray toJson(const std::vector<RowOutcome> &outcomes);

} // namespace models::replay
