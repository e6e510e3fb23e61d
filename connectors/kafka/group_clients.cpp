// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/group_clients.h"

#include "connectors/kafka/last_record.h"

namespace connectors::kafka {

namespace {

/// Never to be found on a broker: nothing joins it, nothing is committed to it.
const ClientProperties CoordinatorProperties{{"group.id", "streamgauge-never-joins"}, {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"}};

Result<ClientPtr> keptClient(ClientPtr &place, const Clients &clients, const ClientProperties &properties)
{
    if (!place) {
        Result<ClientPtr> made = clients.own(Isolation::ReadUncommitted, properties);
        if (!made)
            return made;
        place = std::move(*made);
    }
    return place;
}

} // namespace

Result<ClientPtr> GroupClients::forCoordinators()
{
    const std::lock_guard lock(m_mutex);
    const bool isNew = !m_coordinators;
    auto client = keptClient(m_coordinators, *m_clients, CoordinatorProperties);
    if (client && isNew)
        rd_kafka_consumer_close((*client)->handle());
    return client;
}

void GroupClients::forgetCoordinators()
{
    ClientPtr old;
    const std::lock_guard lock(m_mutex);
    old.swap(m_coordinators);
}

Result<ClientPtr> GroupClients::forLastRecords()
{
    const std::lock_guard lock(m_mutex);
    return keptClient(m_lastRecords, *m_clients, LastRecord::clientProperties());
}

} // namespace connectors::kafka
