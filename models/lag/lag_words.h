// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/lag/consumer_lag.h"

/// The words for people; stateName() has those of the command line's contract.
namespace models::lag {

[[nodiscard]] QString stateWord(LagState state);
/// "6 partitions without members", "1 partition never started".
[[nodiscard]] QString partitionsIn(LagState state, int count);
/// What is beside the number of a sum: " + 6 partitions without members + 1 partition unknown"; empty where nothing is.
[[nodiscard]] QString besideWords(const LagSum &sum);

} // namespace models::lag
