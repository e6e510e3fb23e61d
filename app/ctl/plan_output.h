// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "models/replay/machine.h"

namespace ctl {

/// What came of applying a plan.
struct PlanResult {
    QString journalId;
    std::optional<models::replay::RunOutcome> outcome; ///< null: it did not get that far
    std::optional<connectors::Error> refused;          ///< nothing was changed, for this reason
};

/// The plan as the contract has it; with `result`, and what came of it.
void printPlan(Output &out, const models::replay::Plan &plan, const PlanResult *result);

} // namespace ctl
