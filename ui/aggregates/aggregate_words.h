// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/verification.h"

namespace ui::aggregates {

/// "State at version 742 of 800, from the snapshot at 500 and 242 events."
[[nodiscard]] QString stateWords(const models::aggregate::AggregateHistory &history, const models::aggregate::FoldedState &state);
/// "This version added 1 and changed 2."
[[nodiscard]] QString changeWords(const models::aggregate::StateDifference &changes);
/// Empty where everything is in the state.
[[nodiscard]] QString unfoldedWords(const models::aggregate::FoldedState &state);
/// What came of comparing all snapshots; names each that differs, as far as one line can.
[[nodiscard]] QString verificationWords(const models::aggregate::AggregateHistory &history, const models::aggregate::Verification &found);
/// "takes back 12" and "taken back by 15"; empty where it is neither.
[[nodiscard]] QString compensationWords(const models::aggregate::AggregateHistory &history, qint64 version);

} // namespace ui::aggregates
