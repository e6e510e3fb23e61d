// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"
#include "models/replay/snapshot.h"

namespace models::replay {

/// What is not as it was when the plan was made, a sentence each; empty: it may be applied.
[[nodiscard]] std::vector<QString> differencesFrom(const Plan &plan, const Snapshot &now);

} // namespace models::replay
