// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/named_connection.h"

#include "models/connection/environment.h"
#include "models/connection/same_place.h"

namespace models::replay {

using namespace connectors;

Environment environmentNow(const ConnectionFactory &factory, const Plan &plan, bool isForeign)
{
    Environment environment = plan.environment;
    const auto named = factory.named(plan.spec.name);
    if (isForeign && named.empty() && plan.spec.environment != Environment::Untagged)
        environment = connection::stricter(environment, Environment::Untagged);
    for (const ConnectionSpec &spec : named) {
        // The same tag means the same: also that an untagged system on this machine was assumed to be for development.
        if (spec.environment != plan.spec.environment)
            environment = connection::stricter(environment, spec.environment);
    }
    return environment;
}

Result<void> checkPlace(const ConnectionFactory &factory, const Plan &plan, bool isForeign)
{
    const auto named = factory.named(plan.spec.name);
    if (isForeign && named.empty() && !plan.spec.via.isEmpty()) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan was made elsewhere, for a connection “%1” that is not saved here; no other machine is logged in to for an address out of a file.").arg(plan.spec.name.left(200)),
                       QStringLiteral("Save the connection under that name, or plan again here."));
    }
    if (named.empty() || connection::isSamePlace(named.front(), plan.spec))
        return {};
    return failure(ErrorCode::Refused, QStringLiteral("The connection “%1” has changed since the plan was made: it leads elsewhere, or is secured in another way.").arg(plan.spec.name),
                   QStringLiteral("Plan again."));
}

ConnectionSpec specNow(const ConnectionFactory &factory, const ConnectionSpec &recorded)
{
    const auto named = factory.named(recorded.name);
    return named.empty() ? recorded : named.front();
}

} // namespace models::replay
