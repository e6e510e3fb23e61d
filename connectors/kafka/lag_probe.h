// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/clients.h"
#include "connectors/kafka/task_pool.h"

namespace connectors::kafka {

/// Consumer groups and their lag. A reading goes: list of groups → committed offsets of all asked for at once, members of
/// those that the list does not call empty → starts, ends and, if asked for, safe heads, one request a leader. What could
/// not be read is unknown with its reason, never 0, and never makes the answer shorter without saying so.
class LagProbe final : public ConsumerCatalog
{
public:
    LagProbe(std::shared_ptr<Clients> clients, TaskPool &tasks);
    ~LagProbe() override;

    QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token stop) override;
    QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) override;

private:
    struct Shared;
    const std::shared_ptr<Shared> m_shared; ///< with the questions under way
    TaskPool &m_tasks;
};

} // namespace connectors::kafka
