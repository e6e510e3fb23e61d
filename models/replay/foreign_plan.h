// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"

namespace models::replay {

/// What a plan that was made elsewhere must hold to before it is kept here. Whoever writes a file writes its hash too, so
/// everything that a person approves by (the kind, the effects, the range) must follow from the plan's own rows; the rows
/// themselves are compared with the system when it is applied. Refused otherwise, with the row. Who puts a change back
/// needs the journal that holds the change, so such a plan is never taken from elsewhere.
[[nodiscard]] connectors::Result<void> checkForeign(const Plan &plan);

} // namespace models::replay
