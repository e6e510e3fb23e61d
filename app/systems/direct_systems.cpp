// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/systems/direct_systems.h"

#include "connectors/eventstore/event_store_connector.h"
#include "connectors/kafka/kafka_connector.h"
#include "connectors/pgreadmodel/postgres_read_model.h"
#include "connectors/pgreadmodel/postgres_read_model_writer.h"
#include "connectors/pgstore/pgstore_connector.h"
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"

namespace systems {

using namespace connectors;

namespace {

Error noReadModels(const ConnectionSpec &spec)
{
    return {ErrorCode::Unsupported, QStringLiteral("“%1” is no database, so no read model can be in it.").arg(spec.name.left(200)), QStringLiteral("Name a database: sqlite:PATH or postgresql://user@host/database."), false};
}

} // namespace

Result<std::shared_ptr<Connector>> DirectSystems::open(const ConnectionSpec &spec, const Credentials &credentials, const DeclarationSource &declarations) const
{
    return openWithCare(spec, credentials, declarations, std::make_shared<const ReadCaution>());
}

Result<std::shared_ptr<Connector>> DirectSystems::openWithCare(const ConnectionSpec &spec, const Credentials &credentials, const DeclarationSource &declarations,
                                                               std::shared_ptr<const ReadCaution> caution) const
{
    switch (spec.kind) {
    case SystemKind::Kafka: return kafka::openKafka(spec, credentials, declarations, m_tokens, std::move(caution));
    case SystemKind::EventStoreSqlite: return eventstore::openEventStore(spec);
    case SystemKind::EventStorePostgres: return pgstore::openEventStore(spec, credentials);
    }
    Q_UNREACHABLE();
}

Result<std::unique_ptr<CheckpointWriter>> DirectSystems::openCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials) const
{
    switch (spec.kind) {
    case SystemKind::Kafka: return kafka::openKafkaCheckpointWriter(spec, credentials, m_tokens);
    case SystemKind::EventStoreSqlite: return eventstore::openEventStoreCheckpointWriter(spec);
    case SystemKind::EventStorePostgres: return pgstore::openEventStoreCheckpointWriter(spec, credentials);
    }
    Q_UNREACHABLE();
}

Result<std::unique_ptr<LineLog>> DirectSystems::openLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic) const
{
    return kafka::openKafkaLineLog(spec, credentials, topic, m_tokens);
}

Result<std::unique_ptr<ReadModel>> DirectSystems::openReadModel(const ConnectionSpec &spec, const Credentials &credentials) const
{
    switch (spec.kind) {
    case SystemKind::Kafka: return tl::unexpected(noReadModels(spec));
    case SystemKind::EventStoreSqlite: return readmodel::openSqliteReadModel(spec);
    case SystemKind::EventStorePostgres: return pgreadmodel::openPostgresReadModel(spec, credentials);
    }
    Q_UNREACHABLE();
}

Result<std::unique_ptr<ReadModelWriter>> DirectSystems::openReadModelWriter(const ConnectionSpec &spec, const Credentials &credentials, const std::vector<TableSpec> &tables) const
{
    switch (spec.kind) {
    case SystemKind::Kafka: return tl::unexpected(noReadModels(spec));
    case SystemKind::EventStoreSqlite: return readmodel::openSqliteReadModelWriter(spec, tables);
    case SystemKind::EventStorePostgres: return pgreadmodel::openPostgresReadModelWriter(spec, credentials, tables);
    }
    Q_UNREACHABLE();
}

} // namespace systems
