// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <QFuture>
#include <QHash>
#include <QObject>

#include <optional>

namespace session {

enum class SecretKept {
    InKeyring,
    ForThisSession ///< no keyring: forgotten at the end; say so to the user
};

/// Secrets of connections in the system keyring, and nowhere else. Where there is no keyring they are kept in memory until
/// the program ends. Asynchronous: lives on a thread with an event loop; its functions may be called from any thread.
class SecretStore final : public QObject
{
    Q_OBJECT

public:
    enum class Backend { Keyring, MemoryOnly };
    explicit SecretStore(Backend backend = Backend::Keyring, QObject *parent = nullptr);

    /// Null where none is known. A keyring that cannot be asked is none known: the user is asked instead.
    [[nodiscard]] QFuture<std::optional<connectors::Credentials>> read(const QString &connectionName);
    [[nodiscard]] QFuture<SecretKept> write(const QString &connectionName, const connectors::Credentials &credentials);
    [[nodiscard]] QFuture<void> remove(const QString &connectionName);

private:
    const Backend m_backend;
    QHash<QString, connectors::Credentials> m_forThisSession; ///< touched on this object's thread only
};

} // namespace session
