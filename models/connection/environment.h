// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

namespace models::connection {

/// What the environment of a system is taken to be once it has told who it is: an untagged system whose every advertised
/// address is loopback is what it is tagged as elsewhere, else it is assumed to be for development. An address that we dialled
/// says nothing (a port-forward), and neither does loopback on another machine.
[[nodiscard]] connectors::Environment effectiveEnvironment(const connectors::ConnectionSpec &spec,
                                                           const std::optional<connectors::SystemIdentity> &identity);

/// Somebody said so; neither assumed nor left open.
[[nodiscard]] bool isTag(connectors::Environment environment);
/// The one of which the rules are stricter.
[[nodiscard]] connectors::Environment stricter(connectors::Environment a, connectors::Environment b);

} // namespace models::connection
