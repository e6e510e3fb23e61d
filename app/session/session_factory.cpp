// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session_factory.h"

#include "connectors/eventstore/event_store_connector.h"
#include "connectors/kafka/kafka_connector.h"

namespace session {

using namespace connectors;

void SessionFactory::setCredentials(const QString &connectionName, const Credentials &credentials)
{
    const std::lock_guard lock(m_mutex);
    m_credentials.insert(connectionName, credentials);
}

Credentials SessionFactory::credentials(const QString &connectionName) const
{
    const std::lock_guard lock(m_mutex);
    return m_credentials.value(connectionName);
}

Result<std::shared_ptr<Connector>> SessionFactory::open(const ConnectionSpec &spec)
{
    switch (spec.kind) {
    case SystemKind::Kafka: return kafka::openKafka(spec, credentials(spec.name));
    case SystemKind::EventStoreSqlite: return eventstore::openEventStore(spec);
    }
    Q_UNREACHABLE();
}

Result<std::unique_ptr<CheckpointWriter>> SessionFactory::openCheckpointWriter(const ConnectionSpec &spec)
{
    switch (spec.kind) {
    case SystemKind::Kafka: return kafka::openKafkaCheckpointWriter(spec, credentials(spec.name));
    case SystemKind::EventStoreSqlite: return eventstore::openEventStoreCheckpointWriter(spec);
    }
    Q_UNREACHABLE();
}

} // namespace session
