// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QObject>

class QAction;
class QMenu;
class QMenuBar;

namespace ui::frame {

class Page;

/// The one list of the window's actions: the menu bar shows it, the command palette offers it.
class MainMenu final : public QObject
{
    Q_OBJECT

public:
    enum class Section { Connection, View, Go, Page, Help };

    explicit MainMenu(QMenuBar *bar);
    /// Does not take ownership; an action that is destroyed leaves by itself.
    void add(QAction *action, Section section);
    void addSeparator(Section section);
    /// The commands of the page that is shown, in the menu Page; null: of none.
    void setPage(const Page *page);
    /// For the palette: the page's own first, then menu by menu, without separators.
    [[nodiscard]] QList<QAction *> actions() const;

private:
    void addMenu(QMenuBar *bar, Section section, const QString &name, const QString &title);
    [[nodiscard]] QMenu *menu(Section section) const { return m_menus.value(static_cast<int>(section)); }

    QHash<int, QMenu *> m_menus;
};

} // namespace ui::frame
