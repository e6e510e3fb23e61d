// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/isolation.h"

#include "app/session/memory_limit.h"
#include "app/session/via_systems.h"
#include "app/session/worker_systems.h"
#include "app/systems/direct_systems.h"

namespace ctl {

using namespace connectors;

Result<std::shared_ptr<const session::Systems>> systemsFor(const Isolation &isolation)
{
    const auto isolated = [](qint64 memoryLimit) { // nobody is there to restart what does not respond
        return std::make_shared<session::WorkerSystems>(memoryLimit, session::ProfileStore(), session::WorkerSystems::workerProgram(), remote::WhenSilent::End);
    };
    const auto bytes = session::memoryLimitOf(isolation.memoryLimit);
    if (!bytes)
        return tl::unexpected(bytes.error());
    if (!isolation.isIsolated && isolation.memoryLimit.isEmpty())
        return std::make_shared<session::ViaSystems>(std::make_shared<systems::DirectSystems>(), isolated(*bytes));
    return isolated(*bytes);
}

} // namespace ctl
