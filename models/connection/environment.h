// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

namespace models::connection {

/// What the environment of a system is taken to be once it has told who it is: an untagged system whose every advertised
/// address is loopback is assumed to be for development. An address that we dialled says nothing (a port-forward).
[[nodiscard]] connectors::Environment effectiveEnvironment(const connectors::ConnectionSpec &spec,
                                                           const std::optional<connectors::SystemIdentity> &identity);

} // namespace models::connection
