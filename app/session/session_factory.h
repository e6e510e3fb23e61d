// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"
#include "app/session/system_tags.h"
#include "app/session/systems.h"
#include "app/session/team_folder.h"
#include "connectors/connection_factory.h"

#include <QHash>

#include <functional>
#include <mutex>

namespace session {

/// Makes connectors by what opens systems here. Holds the secrets of this run in memory, by connection name; they
/// were asked for, or came from the keyring. They are handed out for the very place that they were given for, and for no
/// other that has the same name, as an edited plan file may have. Thread-safe.
class SessionFactory final : public connectors::ConnectionFactory
{
public:
    explicit SessionFactory(std::shared_ptr<const Systems> systems, QString profilesPath = ProfileStore::defaultPath(), TeamFolder team = TeamFolder())
        : m_systems(std::move(systems))
        , m_profiles(std::move(profilesPath))
        , m_team(std::make_shared<Team>(std::move(team)))
        , m_tags(std::make_shared<SystemTags>(m_profiles))
    {
    }

    /// Told, on any thread, when what the team shares cannot be used, once for each reason. When this returns, an earlier
    /// listener is told nothing any more: connections may outlive who listens.
    void setTeamListener(std::function<void(const connectors::Error &)> listener);
    /// Whether what the team shares can be used for the connection. Reads files.
    [[nodiscard]] connectors::Result<void> checkTeam(const connectors::ConnectionSpec &spec) const;
    void setCredentials(const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials);
    /// Empty for another place than they were given for.
    [[nodiscard]] connectors::Credentials credentials(const connectors::ConnectionSpec &spec) const;

    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec) override;
    /// Logs in as the connection that leads to the same place does, whatever it is called.
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const QString &address) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModel>> openReadModel(const connectors::ConnectionSpec &spec) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::ReadModelWriter>> openReadModelWriter(const connectors::ConnectionSpec &spec,
                                                                                                       const std::vector<connectors::TableSpec> &tables) override;
    [[nodiscard]] std::vector<connectors::ConnectionSpec> named(const QString &name) const override;

private:
    [[nodiscard]] connectors::Credentials credentialsForPlace(const connectors::ConnectionSpec &spec) const;

    struct Known {
        connectors::ConnectionSpec spec;
        connectors::Credentials credentials;
    };
    /// Asked by connectors too, which may outlive the factory.
    struct Team {
        explicit Team(TeamFolder where) : folder(std::move(where)) { }
        [[nodiscard]] connectors::DeadLetterDeclarations deadLetters(const QString &connection);

        const TeamFolder folder;
        std::mutex mutex; ///< held while it is read and the listener is told
        std::function<void(const connectors::Error &)> listener;
        QString told; ///< the last problem
    };

    const std::shared_ptr<const Systems> m_systems;
    const ProfileStore m_profiles;
    const std::shared_ptr<Team> m_team;
    const std::shared_ptr<SystemTags> m_tags;
    mutable std::mutex m_mutex;
    QHash<QString, Known> m_known; ///< what was opened, by name
};

} // namespace session
