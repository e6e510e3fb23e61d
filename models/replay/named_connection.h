// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "models/replay/plan.h"

namespace models::replay {

/// What a stored plan is judged by: it keeps the tag of the time when it was made, but what its connection was tagged since
/// counts too, whichever is stricter. The tag of a plan that came in a file (`isForeign`) was given by somebody else: where no
/// connection of its name is saved here, it counts as untagged. May read a file.
[[nodiscard]] connectors::Environment environmentNow(const connectors::ConnectionFactory &factory, const connectors::ConnectionSpec &spec, connectors::Environment whenPlanned, bool isForeign);
[[nodiscard]] inline connectors::Environment environmentNow(const connectors::ConnectionFactory &factory, const Plan &plan, bool isForeign)
{
    return environmentNow(factory, plan.spec, plan.environment, isForeign);
}

/// Refused where the plan's connection leads elsewhere now, or is secured in another way, and where a plan that came in a file is
/// for a connection that is not saved here and is reached through another machine: a file must not have us log in there. May read
/// a file.
[[nodiscard]] connectors::Result<void> checkPlace(const connectors::ConnectionFactory &factory, const connectors::ConnectionSpec &spec, bool isForeign);
[[nodiscard]] inline connectors::Result<void> checkPlace(const connectors::ConnectionFactory &factory, const Plan &plan, bool isForeign)
{
    return checkPlace(factory, plan.spec, isForeign);
}

/// The connection that a record names, as it is now: it may have moved to another address. Where none is called so any
/// more, as it was. May read a file.
[[nodiscard]] connectors::ConnectionSpec specNow(const connectors::ConnectionFactory &factory, const connectors::ConnectionSpec &recorded);

} // namespace models::replay
