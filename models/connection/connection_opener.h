// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QFuture>

#include <memory>
#include <optional>

namespace models::connection {

/// A saved connection as it is edited. Holds no secret.
struct SavedConnection {
    connectors::ConnectionSpec spec;
    QString address;      ///< the URL, without the environment and the way, which stand beside it
    QString tokenCommand; ///< of OAUTHBEARER; run without a shell
    bool hasPasswordCommand = false; ///< a program prints the password when it is opened
    bool operator==(const SavedConnection &) const = default;
};

/// How the window gets at saved connections, secrets and connectors. Implemented in app, where profiles, the keyring and
/// the systems are known; nothing here blocks: files and the keyring are read elsewhere and the answer comes as a future.
class ConnectionOpener
{
public:
    virtual ~ConnectionOpener() = default;
    /// Saved connections, sorted by name; they hold no secrets.
    [[nodiscard]] virtual QFuture<connectors::Result<std::vector<SavedConnection>>> savedConnections() = 0;
    /// A saved connection's name or a URL. InvalidInput says what is wrong with the text.
    [[nodiscard]] virtual QFuture<connectors::Result<connectors::ConnectionSpec>> find(const QString &nameOrUrl) = 0;
    /// Makes the connector; does not connect. Without credentials those in the keyring are used, if there are any.
    [[nodiscard]] virtual QFuture<connectors::Result<std::shared_ptr<connectors::Connector>>> open(
        const connectors::ConnectionSpec &spec, const std::optional<connectors::Credentials> &credentials) = 0;
    /// Keeps the connection under its name; secrets, where given, go to the keyring and nowhere else.
    [[nodiscard]] virtual QFuture<connectors::Result<void>> save(const connectors::ConnectionSpec &spec,
                                                                 const std::optional<connectors::Credentials> &credentials) = 0;
    /// Changes the connection saved as `name`, its name too: the secrets in the keyring go with it. A secret that is not
    /// given stays as it is kept; the token command is the one given, and none where it is empty. Refused where another
    /// connection has the new name.
    [[nodiscard]] virtual QFuture<connectors::Result<void>> change(const QString &name, const connectors::ConnectionSpec &spec,
                                                                   const connectors::Credentials &credentials) = 0;
    [[nodiscard]] virtual QFuture<connectors::Result<void>> forget(const QString &name) = 0;
};

} // namespace models::connection
