// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/named_connection.h"

#include "models/connection/environment.h"
#include "models/connection/same_place.h"

namespace models::replay {

using namespace connectors;

Environment environmentNow(const ConnectionFactory &factory, const ConnectionSpec &planned, Environment whenPlanned, bool isForeign)
{
    Environment environment = whenPlanned;
    const auto named = factory.named(planned.name);
    if (isForeign && named.empty() && planned.environment != Environment::Untagged)
        environment = connection::stricter(environment, Environment::Untagged);
    for (const ConnectionSpec &spec : named) {
        // The same tag means the same: also that an untagged system on this machine was assumed to be for development.
        if (spec.environment != planned.environment)
            environment = connection::stricter(environment, spec.environment);
    }
    return environment;
}

Result<void> checkPlace(const ConnectionFactory &factory, const ConnectionSpec &planned, bool isForeign)
{
    const auto named = factory.named(planned.name);
    if (isForeign && named.empty() && !planned.via.isEmpty()) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan was made elsewhere, for a connection “%1” that is not saved here; no other machine is logged in to for an address out of a file.").arg(planned.name.left(200)),
                       QStringLiteral("Save the connection under that name, or plan again here."));
    }
    if (named.empty() || connection::isSamePlace(named.front(), planned))
        return {};
    return failure(ErrorCode::Refused, QStringLiteral("The connection “%1” has changed since the plan was made: it leads elsewhere, or is secured in another way.").arg(planned.name),
                   QStringLiteral("Plan again."));
}

ConnectionSpec specNow(const ConnectionFactory &factory, const ConnectionSpec &recorded)
{
    const auto named = factory.named(recorded.name);
    return named.empty() ? recorded : named.front();
}

} // namespace models::replay
