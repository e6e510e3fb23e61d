// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"

namespace tests {

/// Event stores and read models in SQLite files, in this process.
class StoreFactory final : public connectors::ConnectionFactory
{
public:
    connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override { return connectors::eventstore::openEventStore(spec); }
    connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(const connectors::ConnectionSpec &spec) override
    {
        return connectors::eventstore::openEventStoreCheckpointWriter(spec);
    }
    connectors::Result<std::unique_ptr<connectors::ReadModel>> openReadModel(const connectors::ConnectionSpec &spec) override { return connectors::readmodel::openSqliteReadModel(spec); }
    connectors::Result<std::unique_ptr<connectors::ReadModelWriter>> openReadModelWriter(const connectors::ConnectionSpec &spec, const std::vector<connectors::TableSpec> &tables) override
    {
        return connectors::readmodel::openSqliteReadModelWriter(spec, tables);
    }
    std::vector<connectors::ConnectionSpec> named(const QString &) const override { return {}; }
};

} // namespace tests
