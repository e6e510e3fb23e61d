// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/main_menu.h"

#include "ui/frame/page.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>

namespace ui::frame {

MainMenu::MainMenu(QMenuBar *bar)
    : QObject(bar)
{
    bar->setObjectName(QStringLiteral("menu-bar"));
    bar->setAccessibleName(tr("Menus"));
    addMenu(bar, Section::Connection, QStringLiteral("menu-connection"), tr("&Connection"));
    addMenu(bar, Section::View, QStringLiteral("menu-view"), tr("&View"));
    addMenu(bar, Section::Go, QStringLiteral("menu-go"), tr("&Go"));
    addMenu(bar, Section::Page, QStringLiteral("menu-page"), tr("&Page"));
    addMenu(bar, Section::Help, QStringLiteral("menu-help"), tr("&Help"));
    setPage(nullptr);
}

void MainMenu::addMenu(QMenuBar *bar, Section section, const QString &name, const QString &title)
{
    auto *menu = new QMenu(title, bar);
    menu->setObjectName(name);
    menu->setToolTipsVisible(true);
    bar->addMenu(menu);
    m_menus.insert(static_cast<int>(section), menu);
}

void MainMenu::add(QAction *action, Section section)
{
    menu(section)->addAction(action);
}

void MainMenu::addSeparator(Section section)
{
    menu(section)->addSeparator();
}

void MainMenu::setPage(const Page *page)
{
    QMenu *own = menu(Section::Page);
    own->clear(); // the page's actions are the page's: they are only taken out
    if (page)
        own->addActions(page->commands());
    own->menuAction()->setVisible(!own->actions().isEmpty()); // some may be visible only later
}

QList<QAction *> MainMenu::actions() const
{
    QList<QAction *> all = menu(Section::Page)->actions();
    for (const Section section : {Section::Go, Section::Connection, Section::View, Section::Help})
        all += menu(section)->actions();
    all.removeIf([](const QAction *action) { return action->isSeparator(); });
    return all;
}

} // namespace ui::frame
