// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/state_folder.h"

namespace models::aggregate {

/// A snapshot that does not say what the events say.
struct DifferingSnapshot {
    UsedSnapshot snapshot;
    bool isMisplaced = false;    ///< it does not stand at its event; then its state was not compared
    StateDifference difference;  ///< from the events' state to the snapshot's, the first MostTold
};

/// What came of comparing the snapshots of an aggregate with a full replay.
struct Verification {
    static constexpr size_t MostTold = 20;
    qint64 events = 0;               ///< folded
    qint64 compared = 0;             ///< snapshots
    qint64 ofOtherRules = 0;         ///< snapshots that are never used here
    qint64 newer = 0;                ///< made of events that have come since the aggregate was opened
    std::vector<DifferingSnapshot> differing;
    [[nodiscard]] bool isSound() const { return differing.empty(); }
};

/// Folds all events from the first on, without snapshots, and compares the state with each snapshot on the way. `observer`: of
/// events folded, on the same thread. Errors as StateFolder has them. Blocks.
[[nodiscard]] connectors::Result<Verification> verify(const StateFolder &folder, const std::stop_token &stop, const ReadObserver &observer = {});

} // namespace models::aggregate
