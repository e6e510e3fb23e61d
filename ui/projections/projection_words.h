// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection.h"
#include "ui/theme/theme.h"

namespace ui::projections {

/// How it stands, in two or three words: "live, version 2", "filling", "waits to be swapped".
[[nodiscard]] QString stateWords(const models::projection::Projection &projection);
[[nodiscard]] theme::Role stateRole(const models::projection::Projection &projection);
/// "Rebuild", "Swap", …
[[nodiscard]] QString actionWord(models::projection::ProjectionAction action);
/// What the plan will do, a sentence or two.
[[nodiscard]] QString planSentence(const models::projection::ProjectionPlan &plan);
/// What came of a step.
[[nodiscard]] QString outcomeSentence(const models::projection::ProjectionPlan &plan, const models::projection::ProjectionOutcome &outcome);

} // namespace ui::projections
