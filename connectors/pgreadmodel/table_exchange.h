// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// The live tables of a rebuild and those beside them change places, with all that hangs on them. Steps: indexes are made on the
/// rising table, while everybody reads and writes the live one; then views, tables and those that refer to them are locked, in one
/// order; what hangs on the live table is written down, the names change, and it is put on the other.
///
/// The locks are waited for only a moment, again and again, shorter than the server takes to look for a deadlock: readers that
/// queue behind us go on in between, and none of them is ever ended for our sake.
///
/// Call it inside a transaction; whatever it throws, roll back and nothing has changed. Refused: with the names of what cannot be
/// put in place. Conflict, retryable: others hold the tables.
[[nodiscard]] SwapReport exchangeTables(Session &session, const Rebuild &rebuild, bool isBack);

} // namespace connectors::pgreadmodel
