// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_plan.h"

namespace connectors::kafka {

/// Moves the beginning of each part back until the last `count` events are in it. The newest `count` positions may hold
/// fewer: transactions end in records that are no events, compaction leaves gaps, aborted records are skipped. Reads the
/// positions backwards in windows that double. For counts beyond some ten thousand it leaves the plan as it is: there the
/// difference does not matter, and reading twice would.
[[nodiscard]] Result<void> findNewest(const ClientPtr &client, qint64 count, ReadPlan *plan, const std::stop_token &stop);

} // namespace connectors::kafka
