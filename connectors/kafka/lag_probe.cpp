// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/lag_probe.h"

#include "connectors/kafka/group_list.h"
#include "connectors/kafka/lag_reading.h"

namespace connectors::kafka {

namespace {

constexpr std::chrono::seconds GroupListTimeout{10};

} // namespace

struct LagProbe::Shared {
    explicit Shared(std::shared_ptr<Clients> all) : clients(std::move(all)) { }
    GroupClients clients;
    LastRecord lastRecord;
};

LagProbe::LagProbe(std::shared_ptr<Clients> clients, TaskPool &tasks)
    : m_shared(std::make_shared<Shared>(std::move(clients)))
    , m_tasks(tasks)
{
}

LagProbe::~LagProbe() = default;

QFuture<Result<std::vector<ConsumerSummary>>> LagProbe::listConsumers(std::stop_token stop)
{
    return m_tasks.run<std::vector<ConsumerSummary>>(std::move(stop), [shared = m_shared](const std::stop_token &taskStop) -> Result<std::vector<ConsumerSummary>> {
        const auto client = shared->clients.shared(Isolation::ReadUncommitted);
        if (!client)
            return tl::unexpected(client.error());
        if (const auto answer = (*client)->probe(static_cast<int>(std::chrono::milliseconds(GroupListTimeout).count()), taskStop); !answer)
            return tl::unexpected(answer.error());
        auto list = listGroups(**client, GroupListTimeout, taskStop);
        if (!list)
            return tl::unexpected(list.error());
        // This answer has no place for "and perhaps more", so a shorter list is none at all.
        if (!list->problems.empty())
            return tl::unexpected(list->problems.front());
        return std::move(list->groups);
    });
}

QFuture<Result<ConsumerStates>> LagProbe::consumerStates(ConsumerStateRequest request, std::stop_token stop)
{
    return m_tasks.run<ConsumerStates>(std::move(stop), [shared = m_shared, request = std::move(request)](const std::stop_token &taskStop) {
        return LagReading(shared->clients, shared->lastRecord, request, taskStop).read();
    });
}

} // namespace connectors::kafka
