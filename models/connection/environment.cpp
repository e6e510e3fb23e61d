// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/environment.h"

namespace models::connection {

connectors::Environment effectiveEnvironment(const connectors::ConnectionSpec &spec,
                                             const std::optional<connectors::SystemIdentity> &identity)
{
    if (spec.environment == connectors::Environment::Untagged && identity && identity->areAllHostsLoopback)
        return connectors::Environment::AssumedDevelopment;
    return spec.environment;
}

} // namespace models::connection
