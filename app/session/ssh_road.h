// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/worker_road.h"
#include "models/connection/via.h"

namespace session {

/// A worker on another machine, started there by the user's own ssh: his agent, configuration and known hosts apply, and it asks
/// nothing. `program`: the worker's name there, or its path (`/…` or `~/…`); InvalidInput for one that cannot be written so that every
/// shell takes it as it stands. CannotConnect without an ssh.
[[nodiscard]] connectors::Result<WorkerRoad> sshRoad(const models::connection::Via &via, const QString &program, qint64 memoryLimit);

/// Whether an ssh that held a worker ended because its link was cut.
[[nodiscard]] bool isLinkCut(const connectors::remote::WorkerEnd &end);
/// What the end of an ssh means that was to hold a worker there.
[[nodiscard]] connectors::Error sshEnd(const models::connection::Via &via, const connectors::remote::WorkerEnd &end);

} // namespace session
