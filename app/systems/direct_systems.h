// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/systems.h"
#include "connectors/read_caution.h"

#include <functional>
#include <stop_token>

namespace systems {

/// Every system that is built in, in this very process.
class DirectSystems final : public session::Systems
{
public:
    /// What a connection's token command prints, where it is run elsewhere; without it it is run here.
    using TokenFetcher = std::function<connectors::Result<QByteArray>(const std::stop_token &)>;
    explicit DirectSystems(TokenFetcher tokens = {}) : m_tokens(std::move(tokens)) { }

    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec,
                                                                                  const connectors::Credentials &credentials,
                                                                                  const connectors::DeclarationSource &declarations) const override;
    /// The same, for a process that may die of what it reads.
    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> openWithCare(const connectors::ConnectionSpec &spec,
                                                                                          const connectors::Credentials &credentials,
                                                                                          const connectors::DeclarationSource &declarations,
                                                                                          std::shared_ptr<const connectors::ReadCaution> caution) const;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const connectors::ConnectionSpec &spec,
                                                                                       const connectors::Credentials &credentials,
                                                                                       const QString &topic) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModel>> openReadModel(const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModelWriter>> openReadModelWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials, const std::vector<connectors::TableSpec> &tables) const override;

private:
    const TokenFetcher m_tokens;
};

} // namespace systems
