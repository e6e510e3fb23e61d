// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/program.h"

#include "app/gui/about.h"
#include "app/gui/pages.h"
#include "app/gui/start_clock.h"
#include "app/session/connection_url.h"
#include "app/session/worker_systems.h"
#include "connectors/deliver.h"
#include "ui/frame/window_geometry.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QEvent>
#include <QSettings>
#include <QThread>
#include <QThreadPool>
#include <QTimer>
#include <QtConcurrentRun>

#include <algorithm>

namespace gui {

using connectors::Result;
using ui::frame::MainWindow;

namespace {

QString connectionsKey()
{
    return QStringLiteral("session/connections");
}

QString lookKey()
{
    return QStringLiteral("window/colours");
}

QString utcKey()
{
    return QStringLiteral("window/utc");
}

QString lookName(Look look)
{
    return QStringLiteral("action-colours-") + lookWord(look);
}

QString zoneName(bool isUtc)
{
    return isUtc ? QStringLiteral("action-times-utc") : QStringLiteral("action-times-local");
}

/// The shortest of the window's time ranges that shows the whole of the demo's history.
ui::frame::TimeRange rangeOf(const session::DemoOptions &demo)
{
    using std::chrono::minutes;
    const minutes needed(static_cast<int>(static_cast<double>(demo.historyEvents) / demo.eventsPerSecond / 60) + 1);
    ui::frame::TimeRange range;
    for (const minutes offered : {minutes(5), minutes(15), minutes(60)}) {
        range.last = offered;
        if (offered >= needed)
            break;
    }
    return range;
}

} // namespace

Program::Program(Options options, const ProgramPlaces &places, QSettings *settings, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_settings(settings)
    , m_factory(std::make_shared<session::WorkerSystems>(m_options.memoryLimit, session::ProfileStore(places.profilesPath)), places.profilesPath)
    , m_opener(m_factory, places.profilesPath, places.secrets)
    , m_history(places.historyFolder)
    , m_workspace(m_opener)
    , m_replay(m_factory, places.journalPath)
    , m_projections(m_workspace, m_factory, places.journalPath)
    , m_quitGuard(m_replay)
{
    m_quitGuard.watch(m_projections);
    m_replay.setOtherSettler([this, path = places.journalPath](const QString &journalId) -> std::optional<Result<models::replay::RunOutcome>> {
        const auto settled = models::projection::settleProjectionStep(m_factory, path, journalId);
        if (!settled)
            return std::nullopt;
        return settled->map([](const models::projection::ProjectionOutcome &outcome) { return models::replay::RunOutcome{outcome.journalId, outcome.state, {}, {}, outcome.note}; });
    });
    // Qt's painting hands parts of large areas to the global pool and waits for them: a few tests of connections, exports and
    // comparisons in its threads must not keep the window from being painted.
    constexpr int LongTasks = 8;
    QThreadPool::globalInstance()->setMaxThreadCount(QThread::idealThreadCount() + LongTasks);
    connect(&m_opener, &session::SessionOpener::secretKeptForThisSessionOnly, this, [this](const QString &name) {
        tell(tr("There is no keyring here: the secrets of %1 are forgotten when Streamgauge ends.").arg(name));
    });
    m_factory.setTeamListener([this](const connectors::Error &error) {
        QMetaObject::invokeMethod(this, [this, error] { tell(connectors::describe(error)); }, Qt::QueuedConnection);
    });
    connect(&m_history, &models::history::History::failed, this, [this](const connectors::Error &error) { tell(connectors::describe(error)); });
    if (!m_options.demo)
        m_recorder = std::make_unique<models::history::Recorder>(m_workspace, m_history);
    const QString kept = m_settings ? m_settings->value(lookKey()).toString() : QString();
    chooseTimeZone(m_settings && m_settings->value(utcKey(), false).toBool());
    m_look = m_options.look.value_or(lookFromWord(kept).value_or(Look::System));
    applyLook(m_look);
}

Program::~Program()
{
    m_factory.setTeamListener({});
    const QList<MainWindow *> windows = m_windows; // each removes itself
    for (MainWindow *window : windows)
        delete window;
    // What is still being opened or saved holds on to the factory and the opener.
    constexpr int LongestWaitMs = 5000;
    QThreadPool::globalInstance()->waitForDone(LongestWaitMs);
}

void Program::start()
{
    MainWindow *window = openWindow();
    goToFirstPlace(window);
    window->show();
    if (m_options.demo)
        startDemo();
    QStringList names = m_options.connections;
    if (names.isEmpty() && !m_options.demo && m_settings)
        names = m_settings->value(connectionsKey()).toStringList();
    for (const QString &name : std::as_const(names))
        m_workspace.open(name);
    if (!m_options.screenshotFile.isEmpty())
        QTimer::singleShot(static_cast<int>(m_options.afterSeconds * 1000), window, [this, window] { takePicture(window); });
}

MainWindow *Program::openWindow()
{
    auto *jobs = new models::job::JobList(this);
    auto *window = new MainWindow(m_workspace, *jobs);
    window->setAttribute(Qt::WA_DeleteOnClose);
    if (m_windows.isEmpty() && StartClock::isWanted())
        new StartClock(*window, m_workspace, window);
    m_replay.setJobs(jobs);
    m_projections.setJobs(jobs);
    addPages(*window, {m_workspace, m_history, m_replay, m_projections, *jobs});
    addCommands(window);
    if (m_settings)
        window->restore(*m_settings);
    if (m_options.size)
        ui::frame::setWindowSize(window, *m_options.size);
    else if (m_options.screenshotFile.isEmpty())
        window->fitScreen();
    window->installEventFilter(this);
    // Its jobs stay until the end: what a change of a consumer has begun goes on when its window is closed.
    connect(window, &QObject::destroyed, this, [this, window] {
        m_windows.removeOne(window);
        if (m_windows.isEmpty())
            return;
        m_replay.setJobs(&m_windows.last()->jobs());
        m_projections.setJobs(&m_windows.last()->jobs());
    });
    m_windows.append(window);
    tickChoices();
    return window;
}

void Program::addCommands(MainWindow *window)
{
    using Section = ui::frame::MainMenu::Section;
    QAction *another = window->addCommand(Section::Connection, QStringLiteral("action-new-window"), tr("New window"), QStringLiteral("add"), QKeySequence::New);
    connect(another, &QAction::triggered, this, [this] { openWindow()->show(); });
    QAction *quit = window->addCommand(Section::Connection, QStringLiteral("action-quit"), tr("Quit"), QStringLiteral("close"), QKeySequence::Quit);
    connect(quit, &QAction::triggered, this, [] { QApplication::quit(); });
    window->menu()->addSeparator(Section::Connection);
    addViewCommands(window);
    QAction *about = window->addCommand(Section::Help, QStringLiteral("action-about"), tr("About Streamgauge: version and licence"), QStringLiteral("info"), {});
    connect(about, &QAction::triggered, window, [window] { showAbout(window); });
}

void Program::addViewCommands(MainWindow *window)
{
    using Section = ui::frame::MainMenu::Section;
    // One of each group holds; an icon in the menu would take the place of its tick.
    const auto addChoice = [window](QActionGroup *group, const QString &name, const QString &text, const QString &icon) {
        QAction *action = window->addCommand(Section::View, name, text, icon, {});
        action->setCheckable(true);
        action->setIconVisibleInMenu(false);
        group->addAction(action);
        return action;
    };
    window->menu()->addSeparator(Section::View);
    auto *looks = new QActionGroup(window);
    const auto addLook = [&](Look look, const QString &text) {
        QAction *action = addChoice(looks, lookName(look), text, QStringLiteral("settings"));
        connect(action, &QAction::triggered, this, [this, look] { chooseLook(look); });
    };
    addLook(Look::Light, tr("Use light colours"));
    addLook(Look::Dark, tr("Use dark colours"));
    addLook(Look::System, tr("Use the system's colours"));
    window->menu()->addSeparator(Section::View);
    auto *zones = new QActionGroup(window);
    const auto addZone = [&](bool isUtc, const QString &text) {
        QAction *action = addChoice(zones, zoneName(isUtc), text, QStringLiteral("clock"));
        connect(action, &QAction::triggered, this, [this, isUtc] { chooseTimeZone(isUtc); });
    };
    addZone(false, tr("Write times in the local zone"));
    addZone(true, tr("Write times in UTC"));
}

void Program::tickChoices()
{
    for (const MainWindow *window : std::as_const(m_windows))
        for (const QString &name : {lookName(m_look), zoneName(m_isUtc)})
            window->findChild<QAction *>(name)->setChecked(true);
}

void Program::chooseTimeZone(bool isUtc)
{
    m_isUtc = isUtc;
    ui::widgets::text::setTimeZone(isUtc ? ui::widgets::text::TimeZone::Utc : ui::widgets::text::TimeZone::Local);
    if (m_settings)
        m_settings->setValue(utcKey(), isUtc);
    tickChoices();
    for (MainWindow *window : std::as_const(m_windows))
        window->rewriteTimes();
}

void Program::tell(const QString &message)
{
    for (MainWindow *window : std::as_const(m_windows))
        window->showMessage(message);
}

void Program::chooseLook(Look look)
{
    m_look = look;
    applyLook(look);
    if (m_settings)
        m_settings->setValue(lookKey(), lookWord(look));
    tickChoices();
}

void Program::startDemo()
{
    session::DemoOptions options = *m_options.demo;
    options.historyMade = [this](const std::vector<session::DemoMoment> &moments) {
        QMetaObject::invokeMethod(this, [this, moments] { receiveDemoHistory(moments); }, Qt::QueuedConnection);
    };
    m_demo = std::make_shared<session::Demo>(std::move(options));
    connectors::deliver(QtConcurrent::run([demo = m_demo] { return demo->start(); }), this, [this](const Result<void> &started) {
        const connectors::ConnectionSpec spec = m_demo->spec();
        if (started)
            m_workspace.open(spec, connectors::Credentials()); // nobody needs to ask the keyring
        else
            Q_EMIT m_workspace.openingFailed(spec.name, started.error());
        if (!started)
            m_recorder = std::make_unique<models::history::Recorder>(m_workspace, m_history);
    });
}

void Program::receiveDemoHistory(const std::vector<session::DemoMoment> &moments)
{
    if (m_recorder)
        return;
    models::connection::Connection *shop = m_workspace.find(m_demo->spec().name);
    if (!shop || !shop->identity()) { // it was quicker than the connection
        constexpr int AgainMs = 20;
        QTimer::singleShot(AgainMs, this, [this, moments] { receiveDemoHistory(moments); });
        return;
    }
    for (const session::DemoMoment &moment : moments) {
        m_history.record(shop->identity()->systemId, models::history::samplesOf(moment.consumers, moment.time));
        m_history.record(shop->identity()->systemId, models::history::samplesOf(moment.deadLetters, moment.time));
    }
    m_recorder = std::make_unique<models::history::Recorder>(m_workspace, m_history);
    shop->measureAnew();
    startDemoProjector();
}

void Program::startDemoProjector()
{
    m_demoProjector = std::make_unique<session::demo::DemoProjector>(m_demo->spec(), [this](const std::vector<session::demo::DemoProjection> &made) {
        QMetaObject::invokeMethod(this, [this, made] {
            for (const session::demo::DemoProjection &each : made)
                m_projections.add({each.path, m_demo->spec(), each.target, false});
        }, Qt::QueuedConnection);
    });
}

void Program::goToFirstPlace(MainWindow *window)
{
    if (m_options.link) {
        window->goTo(m_options.link->place);
        if (m_options.link->at)
            window->lookAt(*m_options.link->at);
    } else if (!m_options.page.isEmpty()) {
        window->goTo({m_options.page, {}, {}, {}});
    }
    if (m_options.demo && !m_options.link)
        window->setTimeRange(rangeOf(*m_options.demo));
}

void Program::takePicture(MainWindow *window)
{
    const QPixmap picture = window->grab();
    if (picture.save(m_options.screenshotFile))
        Q_EMIT pictureTaken(std::nullopt);
    else
        Q_EMIT pictureTaken(connectors::Error{connectors::ErrorCode::StorageFailed,
                                              tr("The picture %1 could not be written.").arg(m_options.screenshotFile),
                                              tr("Name a file that ends in .png in a folder that exists and can be written."), false});
}

bool Program::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Close) {
        if (auto *window = qobject_cast<MainWindow *>(watched)) {
            // What is applied goes on in the windows that stay; only the last one ends it.
            const bool isLast = std::none_of(m_windows.cbegin(), m_windows.cend(), [window](const MainWindow *other) { return other != window && other->isVisible(); });
            if (isLast && !m_quitGuard.mayClose(window)) {
                event->ignore();
                return true;
            }
            save(*window);
        }
    }
    return QObject::eventFilter(watched, event);
}

void Program::save(const MainWindow &window)
{
    if (!m_settings)
        return;
    window.save(*m_settings);
    // What was named on the command line was meant for that time only.
    if (m_options.demo || !m_options.connections.isEmpty())
        return;
    QStringList names;
    for (const models::connection::Connection *connection : m_workspace.connections()) {
        const bool isNamed = connection->name() != session::connectionUrl(connection->spec(), false);
        names += isNamed ? connection->name() : session::connectionUrl(connection->spec());
    }
    m_settings->setValue(connectionsKey(), names);
}

} // namespace gui
