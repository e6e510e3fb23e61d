// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"
#include "app/session/systems.h"
#include "connectors/remote/worker_link.h"

namespace session {

/// Each connection in a process of its own, which a bomb of a record can end without ending this one; on another machine where
/// the connection is reached through one.
class WorkerSystems final : public Systems
{
public:
    static constexpr qint64 DefaultMemoryLimit = 1024LL * 1024 * 1024;
    /// `memoryLimit` in bytes, of one process; 0: none. `profiles` have the commands and paths by which other machines are reached.
    /// `whenSilent`: of one that looks; one that changes something is ended.
    explicit WorkerSystems(qint64 memoryLimit = DefaultMemoryLimit, ProfileStore profiles = ProfileStore(), QString program = workerProgram(),
                           connectors::remote::WhenSilent whenSilent = connectors::remote::WhenSilent::Tell);

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

    /// The one that belongs to this program: STREAMGAUGE_WORKER, else the one beside it, else of that name in PATH.
    [[nodiscard]] static QString workerProgram();

private:
    [[nodiscard]] connectors::Result<connectors::remote::WorkerOpening> openingFor(connectors::remote::Opening what) const;

    const qint64 m_memoryLimit;
    const ProfileStore m_profiles;
    const QString m_program;
    const connectors::remote::WhenSilent m_whenSilent;
};

} // namespace session
