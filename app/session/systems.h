// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"
#include "connectors/dead_letter_declarations.h"
#include "connectors/line_log.h"
#include "connectors/read_model.h"

#include <memory>

namespace session {

/// Opens connections to the systems that are built in, in this process or in others. Thread-safe; may block for as long as
/// it takes to start a process.
class Systems
{
public:
    virtual ~Systems() = default;
    [[nodiscard]] virtual connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec,
                                                                                          const connectors::Credentials &credentials,
                                                                                          const connectors::DeclarationSource &declarations) const = 0;
    /// The separate object that may write, for one approved plan.
    [[nodiscard]] virtual connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const = 0;
    /// Where lines are kept in a topic that is there already.
    [[nodiscard]] virtual connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const connectors::ConnectionSpec &spec,
                                                                                               const connectors::Credentials &credentials,
                                                                                               const QString &topic) const = 0;
    [[nodiscard]] virtual connectors::Result<std::unique_ptr<connectors::ReadModel>> openReadModel(const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const = 0;
    /// The separate object that writes the tables of one projection file, for one approved plan.
    [[nodiscard]] virtual connectors::Result<std::unique_ptr<connectors::ReadModelWriter>> openReadModelWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials, const std::vector<connectors::TableSpec> &tables) const = 0;
};

} // namespace session
