// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// The table `streamgauge_rebuilds`: the owners of what stands beside the live tables. Signs of life are by the server's clock.
/// Call the writing ones inside a transaction. All throw.

/// Only one transaction at a time begins or drops a rebuild in this schema; until its end.
void lockRebuilds(Session &session);
void createRebuildsTable(Session &session);
void dropRebuildsTable(Session &session);

/// Oldest first; none where the table is not there.
[[nodiscard]] std::vector<Rebuild> rebuildsIn(Session &session);
/// Nobody else changes it until the transaction's end. NotFound where there is none.
[[nodiscard]] Rebuild lockedRebuild(Session &session, const QString &job);
/// As it is stored then.
[[nodiscard]] Rebuild insertRebuild(Session &session, const Rebuild &rebuild);
/// Conflict where the record is no longer at this epoch and in this state: somebody else has taken it over. A heartbeat that is not
/// 0 becomes the present moment. As it is stored then.
[[nodiscard]] Rebuild updateRebuild(Session &session, const Rebuild &known, const Rebuild &next);
void deleteRebuild(Session &session, const QString &job);

} // namespace connectors::pgreadmodel
