// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "ui/frame/main_menu.h"

#include <QHash>

namespace ui::frame {

/// “Close the connection …” and “Restart the process of …”, one action each for every connection that is open, in the menu
/// and so in the palette. Restarting only where a process of its own holds the connection.
class ConnectionCommands final : public QObject
{
    Q_OBJECT

public:
    ConnectionCommands(models::connection::Workspace &workspace, MainMenu *menu);

private:
    void add(models::connection::Connection *connection);
    QAction *add(models::connection::Connection *connection, const QString &name, const QString &icon, const QString &text);

    models::connection::Workspace &m_workspace;
    MainMenu *m_menu;
    QHash<models::connection::Connection *, QList<QAction *>> m_actions;
};

} // namespace ui::frame
