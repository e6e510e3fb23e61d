// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "models/replay/replay_steps.h"

namespace ctl {

/// What came of a plan.
struct PlanResult {
    bool isTried = false;                              ///< it was to be applied, not only shown
    std::optional<models::replay::RunOutcome> outcome; ///< null: it did not get that far
    std::optional<connectors::Error> refused;          ///< nothing was changed, for this reason; nor can it be, where it was not tried
};

/// The plan as the contract has it, and what came of it. One that is not stored has neither id nor hash: they would be
/// taken for something that can be applied.
void printPlan(Output &out, const models::replay::StoredPlan &stored, const PlanResult &result);

} // namespace ctl
