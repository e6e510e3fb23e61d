// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/environment.h"

namespace models::connection {

using connectors::Environment;

namespace {

int strictness(Environment environment)
{
    switch (environment) {
    case Environment::Untagged:
    case Environment::Production: return 2;
    case Environment::Staging: return 1;
    case Environment::Development:
    case Environment::AssumedDevelopment: break;
    }
    return 0;
}

} // namespace

connectors::Environment effectiveEnvironment(const connectors::ConnectionSpec &spec,
                                             const std::optional<connectors::SystemIdentity> &identity)
{
    if (spec.environment == connectors::Environment::Untagged && spec.via.isEmpty() && identity && identity->areAllHostsLoopback)
        return identity->otherTag.value_or(Environment::AssumedDevelopment);
    return spec.environment;
}

bool isTag(Environment environment)
{
    return environment == Environment::Production || environment == Environment::Staging || environment == Environment::Development;
}

Environment stricter(Environment a, Environment b)
{
    return strictness(b) > strictness(a) ? b : a;
}

} // namespace models::connection
