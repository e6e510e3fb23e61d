// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/job/job_list.h"
#include "ui/frame/main_menu.h"
#include "ui/frame/page.h"
#include "ui/frame/place_history.h"

#include <QMainWindow>

class QSettings;
class QStackedWidget;

namespace ui::widgets {
class StateView;
}

namespace ui::frame {

class CommandPalette;
class Navigation;
class StatusLine;
class TopBar;

/// The window around the pages: navigation, top bar, status line, command palette, the way back, shortcuts.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(models::connection::Workspace &workspace, models::job::JobList &jobs, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] models::job::JobList &jobs() const { return m_jobs; }

    /// Takes ownership. Pages appear in the navigation in the order in which they are added.
    void addPage(Page *page);
    [[nodiscard]] Page *currentPage() const;
    [[nodiscard]] Page *page(const QString &id) const;
    /// Goes there and remembers it for Alt+←; false where there is no such page.
    bool goTo(const Place &place);
    void goBack();
    void goForward();
    void openConnectionDialog();
    void openPalette();
    /// Adds an action to the window's menu and palette; the window owns it and its shortcut.
    QAction *addCommand(MainMenu::Section section, const QString &name, const QString &text, const QString &icon, const QKeySequence &shortcut);
    [[nodiscard]] MainMenu *menu() const { return m_menu; }
    /// One sentence in the status line, for ten seconds.
    void showMessage(const QString &message);
    /// The pages write their times anew: the zone of times was switched.
    void rewriteTimes();
    /// The one time range of all pages.
    void setTimeRange(const TimeRange &range);
    /// Sets the time range to the hour around a time.
    void lookAt(connectors::EpochMs time);

    /// Geometry, collapsed navigation, time range, last page.
    void restore(QSettings &settings);
    void save(QSettings &settings) const;

    /// Keeps the window, with its frame, within the screen: now as well as can be told, and once the window manager has
    /// framed it.
    void fitScreen();

protected:
    void changeEvent(QEvent *event) override;

private:
    void buildLayout();
    void buildActions();
    void buildViewActions();
    void updatePageCommands();
    void connectModels();
    void showPage(Page *page, const Place &place);
    void updateEnvironmentFrame();
    void updateStart();
    void reportOpeningFailure(const QString &name, const connectors::Error &error);
    void askForText(const QString &text);

    models::connection::Workspace &m_workspace;
    models::job::JobList &m_jobs;
    TopBar *m_topBar;
    Navigation *m_navigation;
    QStackedWidget *m_pages;
    QWidget *m_frame; ///< around the page; coloured while the page's target is production
    StatusLine *m_status;
    CommandPalette *m_palette;
    widgets::StateView *m_start; ///< shown while nothing is open
    QList<Page *> m_pageList;
    MainMenu *m_menu = nullptr;
    QAction *m_back = nullptr;
    QAction *m_forward = nullptr;
    PlaceHistory m_history;
    bool m_isWalkingHistory = false;
    bool m_isToFitScreen = false; ///< once it has its frame
};

} // namespace ui::frame
