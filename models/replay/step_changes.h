// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"

namespace models::replay {

/// What one step of a plan writes: the checkpoints that are set, or those that are deleted.
[[nodiscard]] std::vector<connectors::CheckpointChange> changesOf(const Plan &plan, bool isDeletion);
/// What the journal holds before the step: {step, changes: [{stream, partition, target}]}.
[[nodiscard]] QJsonObject intentBody(const char *step, const std::vector<connectors::CheckpointChange> &changes);

} // namespace models::replay
