// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"
#include "models/replay/reset_request.h"
#include "models/replay/snapshot.h"

namespace models::replay {

/// Resolves a request into a plan: reads the system twice (so that a checkpoint that moves is noticed), changes nothing.
/// What cannot be done is refused row by row with the real range, never moved to the nearest possible place. Blocks.
/// Errors: NotFound for an unknown consumer, InvalidInput, and whatever reading gave.
[[nodiscard]] connectors::Result<Plan> planReset(connectors::Connector &connector, const connectors::ConnectionSpec &spec,
                                                 const ResetRequest &request, std::stop_token stop);

/// A plan that holds what every plan holds: ids, times, who reads now, the other checkpoints. Rows are the caller's.
[[nodiscard]] Plan beginPlan(PlanKind kind, const connectors::ConnectionSpec &spec, const Snapshot &snapshot);
/// Fills in what depends on the rows: the untouched checkpoints, the other consumers, and the warnings that any change deserves.
void completePlan(connectors::Connector &connector, Plan &plan, const Snapshot &before, const Snapshot &after, std::stop_token stop);
/// How many events are processed again or never, for a row whose before and after are set.
void countEffects(PlanRow &row, const Snapshot &snapshot);

} // namespace models::replay
