// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/connection_commands.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAction>

namespace ui::frame {

using models::connection::Connection;
using models::connection::Workspace;

ConnectionCommands::ConnectionCommands(Workspace &workspace, MainMenu *menu)
    : QObject(menu)
    , m_workspace(workspace)
    , m_menu(menu)
{
    for (Connection *connection : workspace.connections())
        add(connection);
    connect(&workspace, &Workspace::connectionOpened, this, qOverload<Connection *>(&ConnectionCommands::add));
    connect(&workspace, &Workspace::connectionClosed, this, [this](Connection *connection) {
        for (QAction *action : m_actions.take(connection))
            action->deleteLater(); // it may be what closes the connection
    });
}

void ConnectionCommands::add(Connection *connection)
{
    if (m_actions.contains(connection)) // announced again
        return;
    const QString name = widgets::text::untrusted(connection->name(), 60).replace(u'&', QStringLiteral("&&"));
    if (connection->process().report())
        connect(add(connection, QStringLiteral("action-restart-"), QStringLiteral("refresh"), tr("Restart the process of %1").arg(name)), &QAction::triggered, connection,
                &Connection::restartProcess);
    connect(add(connection, QStringLiteral("action-close-"), QStringLiteral("close"), tr("Close the connection %1").arg(name)), &QAction::triggered, this,
            [this, wanted = connection->name()] { m_workspace.close(wanted); });
}

QAction *ConnectionCommands::add(Connection *connection, const QString &name, const QString &icon, const QString &text)
{
    auto *action = new QAction(theme::icon(icon), text, this);
    action->setObjectName(name + connection->name());
    action->setToolTip(widgets::text::toolTip(connection->name())); // else the menu takes the text, and it for markup
    m_actions[connection].append(action);
    m_menu->add(action, MainMenu::Section::Connection);
    return action;
}

} // namespace ui::frame
