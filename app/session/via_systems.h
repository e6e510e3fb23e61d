// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/systems.h"

namespace session {

/// What is reached from this machine is opened in one way, what is reached through another machine in the other.
class ViaSystems final : public Systems
{
public:
    ViaSystems(std::shared_ptr<const Systems> near, std::shared_ptr<const Systems> far)
        : m_near(std::move(near))
        , m_far(std::move(far))
    {
    }

    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec,
                                                                                  const connectors::Credentials &credentials,
                                                                                  const connectors::DeclarationSource &declarations) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const connectors::ConnectionSpec &spec,
                                                                                       const connectors::Credentials &credentials,
                                                                                       const QString &topic) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModel>> openReadModel(const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) const override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModelWriter>> openReadModelWriter(
        const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials, const std::vector<connectors::TableSpec> &tables) const override;

private:
    [[nodiscard]] const Systems &of(const connectors::ConnectionSpec &spec) const { return spec.via.isEmpty() ? *m_near : *m_far; }

    const std::shared_ptr<const Systems> m_near;
    const std::shared_ptr<const Systems> m_far;
};

} // namespace session
