// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

struct sqlite3;

namespace bench {

/// The yardstick for filtering: a virtual table `event` with the columns of a filter's and nothing else: no functions of its
/// own, no constraints, no limits. `batch` is the address of a pointer that the bench moves on.
void addBareEventTable(sqlite3 *database, const connectors::EventBatch *const *batch);

} // namespace bench
