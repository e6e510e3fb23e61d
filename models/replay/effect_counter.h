// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"
#include "models/replay/snapshot.h"

namespace models::replay {

/// Where positions have gaps in what a consumer reads (a category of an event store), the difference of two positions says
/// too much. This counts the events themselves for the plan's rows, and warns where that could not be done.
/// Reads at most a million events a row. Blocks.
void countEventsBetween(connectors::Connector &connector, Plan &plan, const Snapshot &snapshot, std::stop_token stop);

} // namespace models::replay
