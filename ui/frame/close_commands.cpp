// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/close_commands.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAction>

namespace ui::frame {

using models::connection::Connection;
using models::connection::Workspace;

CloseCommands::CloseCommands(Workspace &workspace, MainMenu *menu)
    : QObject(menu)
    , m_workspace(workspace)
    , m_menu(menu)
{
    for (Connection *connection : workspace.connections())
        add(connection);
    connect(&workspace, &Workspace::connectionOpened, this, &CloseCommands::add);
    connect(&workspace, &Workspace::connectionClosed, this, [this](Connection *connection) {
        if (QAction *action = m_actions.take(connection))
            action->deleteLater(); // it may be what closes the connection
    });
}

void CloseCommands::add(Connection *connection)
{
    if (m_actions.contains(connection)) // announced again
        return;
    const QString name = widgets::text::untrusted(connection->name(), 60).replace(u'&', QStringLiteral("&&"));
    auto *action = new QAction(theme::icon(QStringLiteral("close")), tr("Close the connection %1").arg(name), this);
    action->setObjectName(QStringLiteral("action-close-") + connection->name());
    action->setToolTip(widgets::text::toolTip(connection->name())); // else the menu takes the text, and it for markup
    connect(action, &QAction::triggered, this, [this, wanted = connection->name()] { m_workspace.close(wanted); });
    m_actions.insert(connection, action);
    m_menu->add(action, MainMenu::Section::Connection);
}

} // namespace ui::frame
