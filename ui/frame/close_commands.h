// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "ui/frame/main_menu.h"

#include <QHash>

namespace ui::frame {

/// “Close the connection …”, one action for each that is open, in the menu and so in the palette.
class CloseCommands final : public QObject
{
    Q_OBJECT

public:
    CloseCommands(models::connection::Workspace &workspace, MainMenu *menu);

private:
    void add(models::connection::Connection *connection);

    models::connection::Workspace &m_workspace;
    MainMenu *m_menu;
    QHash<models::connection::Connection *, QAction *> m_actions;
};

} // namespace ui::frame
