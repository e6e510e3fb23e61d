// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gui/options.h"
#include "app/gui/quit_guard.h"
#include "app/session/demo/demo_projections.h"
#include "app/session/session_opener.h"
#include "models/history/recorder.h"
#include "models/projection/projection_session.h"
#include "models/replay/replay_session.h"
#include "ui/frame/main_window.h"

class QSettings;

namespace gui {

/// Where the program keeps things; tests give it folders of their own.
struct ProgramPlaces {
    QString profilesPath = session::ProfileStore::defaultPath();
    QString historyFolder; ///< empty: what was watched is kept in memory only
    QString journalPath = models::journal::Journal::defaultPath();
    session::SecretStore::Backend secrets = session::SecretStore::Backend::Keyring;
};

/// Everything between the systems and the windows, and the windows. Connections and what was watched are shared by all
/// windows, so that two windows ask a system no more often than one.
class Program final : public QObject
{
    Q_OBJECT

public:
    /// `settings` may be null: nothing is restored or remembered (pictures). It must outlive the program.
    Program(Options options, const ProgramPlaces &places, QSettings *settings, QObject *parent = nullptr);
    ~Program() override;

    /// Opens the first window and begins to open the connections.
    void start();
    ui::frame::MainWindow *openWindow();
    [[nodiscard]] models::connection::Workspace &workspace() { return m_workspace; }
    [[nodiscard]] models::replay::ReplaySession &replay() { return m_replay; }
    [[nodiscard]] models::projection::ProjectionSession &projections() { return m_projections; }
    [[nodiscard]] QuitGuard &quitGuard() { return m_quitGuard; }

Q_SIGNALS:
    /// The picture that was asked for is written, or could not be.
    void pictureTaken(const std::optional<connectors::Error> &problem);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addCommands(ui::frame::MainWindow *window);
    void startDemo();
    void receiveDemoHistory(const std::vector<session::DemoMoment> &moments);
    void startDemoProjector();
    void goToFirstPlace(ui::frame::MainWindow *window);
    void takePicture(ui::frame::MainWindow *window);
    void save(const ui::frame::MainWindow &window);
    void addViewCommands(ui::frame::MainWindow *window);
    void tell(const QString &message); ///< in every window
    void chooseLook(Look look);
    void chooseTimeZone(bool isUtc);
    /// Ticks what is chosen in the menus of every window.
    void tickChoices();

    const Options m_options;
    QSettings *m_settings;
    std::shared_ptr<session::Demo> m_demo; ///< outlives the connection to its store
    std::unique_ptr<session::demo::DemoProjector> m_demoProjector;
    session::SessionFactory m_factory;
    session::SessionOpener m_opener;
    models::history::History m_history;
    models::connection::Workspace m_workspace;
    std::unique_ptr<models::history::Recorder> m_recorder; ///< null until the demo's history is told
    models::replay::ReplaySession m_replay;
    models::projection::ProjectionSession m_projections;
    QuitGuard m_quitGuard;
    QList<ui::frame::MainWindow *> m_windows;
    Look m_look = Look::System;
    bool m_isUtc = false;
};

} // namespace gui
