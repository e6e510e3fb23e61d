// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"
#include "app/session/secret_store.h"
#include "app/session/session_factory.h"
#include "models/connection/connection_opener.h"

namespace session {

/// Saved connections, secrets and connectors for the window. File I/O runs on the global thread pool, the keyring on this
/// object's thread (which needs an event loop). Outlives what it is asked for.
class SessionOpener final : public QObject, public models::connection::ConnectionOpener
{
    Q_OBJECT

public:
    /// The factory must outlive the opener.
    explicit SessionOpener(SessionFactory &factory, const QString &profilesPath = ProfileStore::defaultPath(),
                           SecretStore::Backend backend = SecretStore::Backend::Keyring, QObject *parent = nullptr);

    [[nodiscard]] QFuture<connectors::Result<std::vector<models::connection::SavedConnection>>> savedConnections() override;
    [[nodiscard]] QFuture<connectors::Result<connectors::ConnectionSpec>> find(const QString &nameOrUrl) override;
    [[nodiscard]] QFuture<connectors::Result<std::shared_ptr<connectors::Connector>>> open(
        const connectors::ConnectionSpec &spec, const std::optional<connectors::Credentials> &credentials) override;
    [[nodiscard]] QFuture<connectors::Result<void>> save(const connectors::ConnectionSpec &spec,
                                                         const std::optional<connectors::Credentials> &credentials) override;
    [[nodiscard]] QFuture<connectors::Result<void>> change(const QString &name, const connectors::ConnectionSpec &spec,
                                                           const connectors::Credentials &credentials) override;
    [[nodiscard]] QFuture<connectors::Result<void>> forget(const QString &name) override;

Q_SIGNALS:
    /// There is no keyring here: what was entered is forgotten when the program ends.
    void secretKeptForThisSessionOnly(const QString &connectionName);

private:
    /// What `work` makes of the secrets that are kept under the name, on another thread.
    template<typename Answer, typename Work>
    [[nodiscard]] QFuture<Answer> withKept(const QString &name, Work work);
    /// What is entered, else what the saved connection's command prints, else what is kept. May run that command: blocks.
    [[nodiscard]] connectors::Result<connectors::Credentials> completed(const connectors::ConnectionSpec &spec, const connectors::Credentials &given,
                                                                        const std::optional<connectors::Credentials> &kept) const;
    /// Each secret that is not given stays as it is kept.
    void keepSecrets(const QString &name, const connectors::Credentials &given);
    /// Keeps the secrets under this name and tells where there is no keyring for them.
    void writeSecrets(const QString &name, const connectors::Credentials &secrets);

    SessionFactory &m_factory;
    const std::shared_ptr<const ProfileStore> m_profiles;
    SecretStore m_secrets;
};

} // namespace session
