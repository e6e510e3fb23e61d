// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"
#include "connectors/sqlite/database.h"

namespace connectors::readmodel {

/// The table `streamgauge_rebuilds`: the owners of what stands beside the live tables. Call the writing ones inside a
/// Transaction of Kind::Write. All throw ThrownError.

void createRebuildsTable(sqlite::Database &database);
/// Oldest first; none where the table is not there.
[[nodiscard]] std::vector<Rebuild> rebuildsIn(sqlite::Database &database);
/// NotFound where there is none.
[[nodiscard]] Rebuild rebuildIn(sqlite::Database &database, const QString &job);
/// Conflict where the record is not at this epoch any more, or gone: somebody else has taken it over, or dropped it.
void requireOwner(sqlite::Database &database, const Rebuild &known);
void insertRebuild(sqlite::Database &database, const Rebuild &rebuild);
/// Conflict where the record is no longer at this epoch and in this state: somebody else has taken it over.
void updateRebuild(sqlite::Database &database, const Rebuild &known, const Rebuild &next);
void deleteRebuild(sqlite::Database &database, const QString &job);

} // namespace connectors::readmodel
