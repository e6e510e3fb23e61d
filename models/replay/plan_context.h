// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"
#include "models/replay/snapshot.h"

namespace models::replay {

/// Names the other consumers of the streams that the plan changes, or of all of its streams where it changes none: they are not touched. Costs one look at all consumers.
/// Where that fails the plan says so in a warning, and goes on. Blocks.
void findOtherConsumers(connectors::Connector &connector, Plan &plan, std::stop_token stop);

/// Warns of events that are to be processed again and that retention removes soon: a consumer that is slower loses them.
/// Costs one small read a stream. Blocks.
void warnAboutRetention(connectors::Connector &connector, Plan &plan, const Snapshot &snapshot, std::stop_token stop);

} // namespace models::replay
