// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/systems.h"

namespace ctl {

/// Whether each connection gets a process of its own, and how much memory that may take. One that is reached through another
/// machine has its process there anyway.
struct Isolation {
    bool isIsolated = qEnvironmentVariableIsSet("STREAMGAUGE_ISOLATE");
    QString memoryLimit; ///< as given: bytes, or with K, M or G (of 1,024); empty: the default
};

/// InvalidInput: a limit that is none, is below 64 MiB, or has no process that it could be for.
[[nodiscard]] connectors::Result<std::shared_ptr<const session::Systems>> systemsFor(const Isolation &isolation);

} // namespace ctl
