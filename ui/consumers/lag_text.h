// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/lag/lag_words.h"
#include "ui/theme/theme.h"

namespace ui::consumers {

/// The word, icon and colour of a state; the three always go together.
using models::lag::stateWord;
[[nodiscard]] QString stateExplanation(models::lag::LagState state);
[[nodiscard]] QString stateIcon(models::lag::LagState state);
[[nodiscard]] theme::Role stateRole(models::lag::LagState state);
/// Somebody should look: not merely behind, caught up, paused or not begun.
[[nodiscard]] bool isTrouble(models::lag::LagState state);

/// "12,430", "12,430 + 3 partitions unknown", "–"
[[nodiscard]] QString lagWords(const models::lag::ConsumerLag &lag);
/// The same of many, with everything that is beside the sum: "12,430 + 3 partitions without members + 1 partition unknown".
[[nodiscard]] QString sumWords(const models::lag::LagSum &sum);

} // namespace ui::consumers
