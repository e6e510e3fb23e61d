// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/machine.h"

#include <map>

namespace models::replay {

/// One change under way: what the files of Machine share.
struct Machine::Run {
    QString journalId;
    Plan plan;
    connectors::Environment environment = connectors::Environment::Untagged; ///< that the approval was judged by
    bool isForeign = false;
    std::map<connectors::PartitionId, QString> problems = {}; ///< what the system said of single rows
    QString note = {};
    bool isOutcomeUnknown = false; ///< a step was given up, and might still be carried out
};

/// Sleeps unless it is asked to stop; false when it was.
[[nodiscard]] bool sleepFor(std::chrono::milliseconds time, std::stop_token stop);

} // namespace models::replay
