// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/target_lock.h"
#include "models/replay/machine.h"
#include "models/replay/sleep.h"

#include <map>
#include <memory>

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

/// A stored change, while this process alone may carry it out or settle it.
struct Machine::Taken {
    std::unique_ptr<journal::TargetLock> lock;
    journal::Record record;
    Plan plan;
};

} // namespace models::replay
