// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/workspace.h"

#include "connectors/deliver.h"
#include "models/connection/environment.h"

#include <QFuture>

#include <algorithm>

namespace models::connection {

Workspace::Workspace(ConnectionOpener &opener, QObject *parent)
    : QObject(parent)
    , m_opener(opener)
{
}

Workspace::~Workspace()
{
    while (!m_connections.isEmpty())
        delete m_connections.takeLast();
}

QList<Connection *> Workspace::systems(const QString &preferred) const
{
    const auto rank = [&preferred](const Connection *each) { return each->name() == preferred ? 2 : each->state() == ConnectionState::Open ? 1 : 0; };
    QList<Connection *> systems;
    for (Connection *connection : m_connections) {
        const auto same = std::find_if(systems.begin(), systems.end(), [connection](const Connection *other) {
            return connection->identity() && other->identity() && connection->identity()->systemId == other->identity()->systemId;
        });
        if (same == systems.end())
            systems.append(connection);
        else if (rank(connection) > rank(*same))
            *same = connection;
    }
    return systems;
}

Connection *Workspace::find(const QString &name) const
{
    const auto found = std::find_if(m_connections.begin(), m_connections.end(), [&name](const Connection *c) { return c->name() == name; });
    return found == m_connections.end() ? nullptr : *found;
}

void Workspace::open(const QString &nameOrUrl)
{
    connectors::deliver(m_opener.find(nameOrUrl), this, [this, nameOrUrl](const connectors::Result<connectors::ConnectionSpec> &spec) {
        if (spec)
            open(*spec);
        else
            Q_EMIT openingFailed(nameOrUrl, spec.error());
    });
}

void Workspace::open(const connectors::ConnectionSpec &spec, const std::optional<connectors::Credentials> &credentials)
{
    if (Connection *existing = find(spec.name)) {
        Q_EMIT connectionOpened(existing);
        return;
    }
    connectors::deliver(m_opener.open(spec, credentials), this,
                        [this, spec](const connectors::Result<std::shared_ptr<connectors::Connector>> &connector) {
                            if (!connector)
                                Q_EMIT openingFailed(spec.name, connector.error());
                            else if (!find(spec.name))
                                add(spec, *connector);
                        });
}

Connection *Workspace::add(const connectors::ConnectionSpec &spec, std::shared_ptr<connectors::Connector> connector)
{
    auto *connection = new Connection(spec, m_closer.guard(std::move(connector)), this);
    m_connections.append(connection);
    connect(connection, &Connection::stateChanged, this, [this, connection] {
        shareTags();
        Q_EMIT connectionChanged(connection);
    });
    Q_EMIT connectionOpened(connection);
    return connection;
}

void Workspace::close(const QString &name)
{
    Connection *connection = find(name);
    if (!connection)
        return;
    m_connections.removeOne(connection);
    Q_EMIT connectionClosed(connection);
    connection->deleteLater(); // a slot of its own may be what closes it
}

/// A system that is tagged under one of its addresses is the same under the others.
void Workspace::shareTags()
{
    for (const Connection *tagged : std::as_const(m_connections)) {
        if (!tagged->identity() || tagged->identity()->systemId.isEmpty() || !isTag(tagged->spec().environment))
            continue;
        for (Connection *other : std::as_const(m_connections)) {
            if (other->identity() && other->identity()->systemId == tagged->identity()->systemId)
                other->noteTag(tagged->spec().environment);
        }
    }
}

void Workspace::refresh()
{
    for (Connection *connection : std::as_const(m_connections))
        connection->refresh();
}

} // namespace models::connection
