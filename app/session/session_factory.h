// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"
#include "app/session/system_tags.h"
#include "app/session/team_folder.h"
#include "connectors/connection_factory.h"

#include <QHash>

#include <functional>
#include <mutex>

namespace session {

/// Makes connectors of the systems that are built in. Holds the secrets of this run in memory, by connection name; they
/// were asked for, or came from the keyring. They are handed out for the very place that they were given for, and for no
/// other that has the same name, as an edited plan file may have. Thread-safe.
class SessionFactory final : public connectors::ConnectionFactory
{
public:
    explicit SessionFactory(QString profilesPath = ProfileStore::defaultPath(), TeamFolder team = TeamFolder())
        : m_profiles(std::move(profilesPath))
        , m_team(std::move(team))
        , m_tags(std::make_shared<SystemTags>(m_profiles))
    {
    }

    /// Told, on the thread that opens a connection, why what the team shares is not used for it. To be set before any is opened.
    void setTeamListener(std::function<void(const connectors::Error &)> listener) { m_teamListener = std::move(listener); }
    void setCredentials(const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials);
    /// Empty for another place than they were given for.
    [[nodiscard]] connectors::Credentials credentials(const connectors::ConnectionSpec &spec) const;

    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::LineLog>> openLineLog(const QString &address) override;
    [[nodiscard]] std::vector<connectors::ConnectionSpec> named(const QString &name) const override;

private:
    struct Known {
        connectors::ConnectionSpec spec;
        connectors::Credentials credentials;
    };
    [[nodiscard]] connectors::DeadLetterDeclarations deadLetters(const connectors::ConnectionSpec &spec) const;

    const ProfileStore m_profiles;
    const TeamFolder m_team;
    std::function<void(const connectors::Error &)> m_teamListener;
    const std::shared_ptr<SystemTags> m_tags;
    mutable std::mutex m_mutex;
    QHash<QString, Known> m_known; ///< what was opened, by name
};

} // namespace session
