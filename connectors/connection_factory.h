// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"
#include "connectors/line_log.h"
#include "connectors/read_model.h"

#include <memory>
#include <vector>

namespace connectors {

/// Makes connectors from specs. Implemented by app/session over the systems that are built in; models only see this.
/// Opening does no I/O: errors are about the spec (unknown property, plaintext password); connecting is identify().
class ConnectionFactory
{
public:
    virtual ~ConnectionFactory() = default;
    [[nodiscard]] virtual Result<std::shared_ptr<Connector>> open(const ConnectionSpec &spec) = 0;
    /// The separate object that may write, for one approved plan.
    [[nodiscard]] virtual Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriter(const ConnectionSpec &spec) = 0;
    /// The place for lines that an address outside this machine names, as `kafka://host:port/TOPIC`. Unsupported where there is none of that kind.
    [[nodiscard]] virtual Result<std::unique_ptr<LineLog>> openLineLog(const QString &address)
    {
        return failure(ErrorCode::Unsupported, QStringLiteral("No lines can be kept at “%1”.").arg(address.left(200)));
    }
    /// The read models in the database that the connection leads to, to look at. Unsupported where that is no database.
    [[nodiscard]] virtual Result<std::unique_ptr<ReadModel>> openReadModel(const ConnectionSpec &spec)
    {
        return failure(ErrorCode::Unsupported, QStringLiteral("“%1” is no database that read models can be in.").arg(spec.name.left(200)));
    }
    /// The separate object that writes the tables of one projection file, for one approved plan.
    [[nodiscard]] virtual Result<std::unique_ptr<ReadModelWriter>> openReadModelWriter(const ConnectionSpec &spec, const std::vector<TableSpec> &tables)
    {
        Q_UNUSED(tables)
        return failure(ErrorCode::Unsupported, QStringLiteral("“%1” is no database that read models can be in.").arg(spec.name.left(200)));
    }
    /// What is called so now: the saved connection first, then the one that is open; none for an address. A plan or a
    /// record keeps what was called so when it was made. May read a file: not for the GUI thread.
    [[nodiscard]] virtual std::vector<ConnectionSpec> named(const QString &name) const = 0;
};

} // namespace connectors
