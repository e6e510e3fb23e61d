// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"
#include "connectors/remote/worker_link.h"

#include <functional>

namespace session {

/// How the worker of a connection is started, and what its end means.
struct WorkerRoad {
    QStringList command;
    QString where; ///< on which other machine, for messages; empty: on this one
    std::function<connectors::Error(const connectors::remote::WorkerEnd &)> explain;
    std::function<bool(const connectors::remote::WorkerEnd &)> isRoadsEnd = {}; ///< see WorkerOpening
};

/// On this machine as `program`, or as the spec's `via` says. NotFound for a command that is not written down, with those that are.
/// Reads the file of saved connections: not for the GUI thread.
[[nodiscard]] connectors::Result<WorkerRoad> roadOf(const connectors::ConnectionSpec &spec, const ProfileStore &profiles, const QString &program, qint64 memoryLimit);

/// What a worker elsewhere said on its stderr before it ended, as a sentence of a message; empty where it said nothing.
[[nodiscard]] QString saidLast(const connectors::remote::WorkerEnd &end);

/// What holds for every way: no worker there, something else that speaks first, no answer. `place` as in “The worker on PLACE …”.
[[nodiscard]] connectors::Error farEnd(const QString &place, const connectors::remote::WorkerEnd &end);

} // namespace session
