// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection.h"
#include "models/connection/connection_opener.h"
#include "models/connection/connector_closer.h"

#include <QList>

namespace models::connection {

/// All open connections of a window, in the order in which they were opened. Lives on the GUI thread and owns them.
class Workspace final : public QObject
{
    Q_OBJECT

public:
    /// The opener must outlive the workspace.
    explicit Workspace(ConnectionOpener &opener, QObject *parent = nullptr);
    ~Workspace() override;

    [[nodiscard]] ConnectionOpener &opener() const { return m_opener; }
    [[nodiscard]] const QList<Connection *> &connections() const { return m_connections; }
    /// One connection of each system, for what is summed up over all: a system that is open under two names is one. Of
    /// several the one called `preferred`, else the first that answers, else the first.
    [[nodiscard]] QList<Connection *> systems(const QString &preferred = {}) const;
    /// Null where none of that name is open.
    [[nodiscard]] Connection *find(const QString &name) const;

    /// A saved connection's name or a URL. Answers with connectionOpened() or openingFailed(); one that is open already
    /// is only announced again.
    void open(const QString &nameOrUrl);
    void open(const connectors::ConnectionSpec &spec, const std::optional<connectors::Credentials> &credentials = {});
    /// Adds a connector that exists already (the demo's).
    Connection *add(const connectors::ConnectionSpec &spec, std::shared_ptr<connectors::Connector> connector);
    /// Announces connectionClosed() first, then destroys it; its connector goes on another thread.
    void close(const QString &name);
    void refresh();

Q_SIGNALS:
    void connectionOpened(models::connection::Connection *connection);
    void connectionClosed(models::connection::Connection *connection); ///< still alive while this is delivered
    void connectionChanged(models::connection::Connection *connection); ///< its state
    void openingFailed(const QString &name, const connectors::Error &error);

private:
    void shareTags();

    ConnectionOpener &m_opener;
    ConnectorCloser m_closer;
    QList<Connection *> m_connections;
};

} // namespace models::connection
