// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/systems.h"

namespace systems {

/// Every system that is built in, in this very process.
class DirectSystems final : public session::Systems
{
public:
    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec,
                                                                                  const connectors::Credentials &credentials,
                                                                                  const connectors::DeclarationSource &declarations) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const connectors::ConnectionSpec &spec,
                                                                                       const connectors::Credentials &credentials,
                                                                                       const QString &topic) const override;
};

} // namespace systems
