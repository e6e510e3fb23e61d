// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/main_window.h"

#include "ui/frame/command_palette.h"
#include "ui/frame/connection_commands.h"
#include "ui/frame/connection_dialog.h"
#include "ui/frame/environment_text.h"
#include "ui/frame/job_strip.h"
#include "ui/frame/navigation.h"
#include "ui/frame/status_line.h"
#include "ui/frame/top_bar.h"
#include "ui/frame/window_geometry.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_view.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QPainter>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui::frame {

namespace {

using models::connection::Connection;
using models::connection::Workspace;

/// Draws 3 px in the production colour around the page while the page would change production.
class EnvironmentFrame final : public QWidget
{
public:
    using QWidget::QWidget;
    void setEnvironment(std::optional<connectors::Environment> environment)
    {
        const bool isDrawn = environment && connectors::countsAsProduction(*environment);
        setProperty("isProduction", isDrawn);
        layout()->setContentsMargins(isDrawn ? 3 : 0, isDrawn ? 3 : 0, isDrawn ? 3 : 0, isDrawn ? 3 : 0);
        setAccessibleDescription(environment ? environmentWord(*environment) : QString());
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        if (!property("isProduction").toBool())
            return;
        QPainter painter(this);
        painter.setPen(QPen(theme::color(theme::Role::Production), 3));
        painter.drawRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5));
    }
};

} // namespace

MainWindow::MainWindow(Workspace &workspace, models::job::JobList &jobs, QWidget *parent)
    : QMainWindow(parent)
    , m_workspace(workspace)
    , m_jobs(jobs)
    , m_topBar(new TopBar(workspace, this))
    , m_navigation(new Navigation(this))
    , m_pages(new QStackedWidget(this))
    , m_frame(new EnvironmentFrame(this))
    , m_status(new StatusLine(workspace, jobs, this))
    , m_palette(nullptr)
    , m_start(new widgets::StateView(this))
{
    setObjectName(QStringLiteral("main-window"));
    setWindowTitle(tr("Streamgauge"));
    resize(1280, 800);
    buildLayout();
    m_palette = new CommandPalette(m_workspace, this);
    buildActions();
    connectModels();
    updateStart();
}

MainWindow::~MainWindow()
{
    // Pages end their jobs when they go, and the rest of the window hears of it: so they go while it is still whole.
    delete m_pages;
}

void MainWindow::buildLayout()
{
    auto *central = new QWidget(this);
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    auto *frameLayout = new QVBoxLayout(m_frame);
    frameLayout->setContentsMargins(0, 0, 0, 0);
    frameLayout->addWidget(m_pages);
    m_frame->setObjectName(QStringLiteral("environment-frame"));
    middle->addWidget(m_navigation);
    middle->addWidget(m_frame, 1);
    column->addWidget(m_topBar);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(central);
    m_pages->addWidget(m_start);
    m_start->showEmpty(tr("Nothing is open yet"),
                       tr("Open a connection to a Kafka cluster (kafka://host:9092) or to an event store (sqlite:/path/to/store.db, postgresql://user@host/database). "
                          "Looking changes nothing there. To see everything without a server, start “streamgauge --demo”."),
                       tr("Open a connection"), QStringLiteral("streams"));
}

QAction *MainWindow::addCommand(MainMenu::Section section, const QString &name, const QString &text, const QString &icon, const QKeySequence &shortcut)
{
    auto *action = new QAction(theme::icon(icon), text, this);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    addAction(action); // the window owns the shortcut
    m_menu->add(action, section);
    return action;
}

void MainWindow::buildActions()
{
    using Section = MainMenu::Section;
    m_menu = new MainMenu(menuBar());
    const auto add = [this](Section section, const char *name, const QString &text, const char *icon, const QKeySequence &shortcut, auto slot) {
        QAction *action = addCommand(section, QLatin1String(name), text, QLatin1String(icon), shortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    add(Section::Connection, "action-open", tr("Open a connection…"), "add", QKeySequence::Open, [this] { openConnectionDialog(); });
    add(Section::Connection, "action-manage", tr("Edit or forget saved connections…"), "settings", {}, [this] { openConnectionDialog(); });
    add(Section::Connection, "action-close", tr("Close the window"), "close", QKeySequence::Close, [this] { close(); });
    m_menu->addSeparator(Section::Connection);
    add(Section::Go, "action-palette", tr("Find a command"), "search", Qt::CTRL | Qt::Key_K, [this] { openPalette(); });
    m_back = add(Section::Go, "action-back", tr("Back to the last place"), "back", Qt::ALT | Qt::Key_Left, [this] { goBack(); });
    m_forward = add(Section::Go, "action-forward", tr("Forward again"), "forward", Qt::ALT | Qt::Key_Right, [this] { goForward(); });
    m_menu->addSeparator(Section::Go);
    m_back->setEnabled(false);
    m_forward->setEnabled(false);
    buildViewActions();
    new ConnectionCommands(m_workspace, m_menu);
}

void MainWindow::buildViewActions()
{
    const auto add = [this](const char *name, const QString &text, const char *icon, const QKeySequence &shortcut, auto slot) {
        connect(addCommand(MainMenu::Section::View, QLatin1String(name), text, QLatin1String(icon), shortcut), &QAction::triggered, this, slot);
    };
    add("action-refresh", tr("Refresh"), "refresh", Qt::Key_F5, [this] {
        m_workspace.refresh();
        if (Page *page = currentPage())
            page->refresh();
    });
    add("action-live", tr("Pause or go on"), "pause", Qt::CTRL | Qt::SHIFT | Qt::Key_P, [this] { m_topBar->setLive(!m_topBar->isLive()); });
    add("action-jobs", tr("Show all jobs"), "clock", Qt::CTRL | Qt::Key_J, [this] { m_status->jobStrip()->toggleList(); });
    add("action-cancel-jobs", tr("Cancel all jobs"), "close", {}, [this] { m_jobs.cancelAll(); });
    m_menu->addSeparator(MainMenu::Section::View);
    add("action-collapse", tr("Show words or only icons in the navigation"), "menu", Qt::CTRL | Qt::Key_B,
        [this] { m_navigation->setCollapsed(!m_navigation->isCollapsed()); });
}

void MainWindow::connectModels()
{
    connect(m_start, &widgets::StateView::buttonClicked, this, &MainWindow::openConnectionDialog);
    connect(m_navigation, &Navigation::pageChosen, this, [this](const QString &id) { goTo({id, {}, {}, {}}); });
    connect(m_topBar, &TopBar::navigationToggled, this, [this] { m_navigation->setCollapsed(!m_navigation->isCollapsed()); });
    connect(m_topBar, &TopBar::addConnectionRequested, this, &MainWindow::openConnectionDialog);
    connect(m_topBar, &TopBar::paletteRequested, this, &MainWindow::openPalette);
    connect(m_topBar, &TopBar::timeRangeChanged, this, [this](const TimeRange &range) {
        for (Page *page : std::as_const(m_pageList))
            page->setTimeRange(range);
    });
    connect(m_topBar, &TopBar::liveChanged, this, [this](bool isLive) {
        for (Page *page : std::as_const(m_pageList))
            page->setLive(isLive);
    });
    connect(m_palette, &CommandPalette::searchWanted, this, &MainWindow::askForText);
    connect(m_palette, &CommandPalette::placeChosen, this, &MainWindow::goTo);
    connect(m_palette, &CommandPalette::connectionWanted, &m_workspace, qOverload<const QString &>(&Workspace::open));
    connect(&m_workspace, &Workspace::connectionOpened, this, &MainWindow::updateStart);
    connect(&m_workspace, &Workspace::connectionClosed, this, &MainWindow::updateStart);
    connect(&m_workspace, &Workspace::openingFailed, this, &MainWindow::reportOpeningFailure);
    connect(m_status, &StatusLine::placeRequested, this, &MainWindow::goTo);
    connect(&m_jobs, &models::job::JobList::jobFinished, this, [this](const models::job::Job *job) {
        if (job->error())
            m_status->showFailure(*job);
        else
            m_status->clearFailure(job->title());
    });
}

void MainWindow::addPage(Page *page)
{
    m_pageList.append(page);
    m_pages->addWidget(page);
    page->setTimeRange(m_topBar->timeRange());
    connect(page, &Page::placeRequested, this, &MainWindow::goTo);
    connect(page, &Page::messageRaised, this, &MainWindow::showMessage);
    connect(page, &Page::targetEnvironmentChanged, this, &MainWindow::updateEnvironmentFrame);
    connect(page, &Page::placeChanged, this, [this, page] {
        if (page == currentPage() && !m_isWalkingHistory) {
            m_history.add(page->place());
            m_back->setEnabled(m_history.canGoBack());
            m_forward->setEnabled(m_history.canGoForward());
        }
    });
    if (!page->isInNavigation())
        return;
    m_navigation->addPage(page);
    const auto number = std::count_if(m_pageList.cbegin(), m_pageList.cend(), [](const Page *each) { return each->isInNavigation(); });
    QAction *action = addCommand(MainMenu::Section::Go, QStringLiteral("action-page-") + page->id(), tr("Go to %1").arg(page->title()), page->iconName(),
                                 number <= 9 ? QKeySequence(QStringLiteral("Ctrl+%1").arg(number)) : QKeySequence());
    connect(action, &QAction::triggered, this, [this, page] {
        QWidget *last = page->focusWidget(); // hiding the page before gives the keyboard to anybody
        goTo({page->id(), {}, {}, {}});
        page->takeFocus(last);
    });
    if (m_pageList.size() == 1)
        goTo({page->id(), {}, {}, {}});
}

Page *MainWindow::currentPage() const
{
    return qobject_cast<Page *>(m_pages->currentWidget());
}

Page *MainWindow::page(const QString &id) const
{
    const auto found = std::find_if(m_pageList.cbegin(), m_pageList.cend(), [&id](const Page *page) { return page->id() == id; });
    return found == m_pageList.cend() ? nullptr : *found;
}

bool MainWindow::goTo(const Place &place)
{
    Page *target = page(place.page);
    if (!target)
        return false;
    showPage(target, place);
    m_history.add(target->place() == Place{target->id(), {}, {}, {}} ? place : target->place());
    m_back->setEnabled(m_history.canGoBack());
    m_forward->setEnabled(m_history.canGoForward());
    return true;
}

void MainWindow::goBack()
{
    if (!m_history.canGoBack())
        return;
    const Place place = m_history.back();
    showPage(page(place.page), place);
}

void MainWindow::goForward()
{
    if (!m_history.canGoForward())
        return;
    const Place place = m_history.forward();
    showPage(page(place.page), place);
}

void MainWindow::showPage(Page *target, const Place &place)
{
    m_isWalkingHistory = true; // what the page reports while it moves is this very place
    const bool isOnlyPage = place == Place{target->id(), {}, {}, {}};
    if (!isOnlyPage)
        target->goTo(place);
    if (!m_workspace.connections().isEmpty())
        m_pages->setCurrentWidget(target);
    m_navigation->setCurrent(target->id());
    m_isWalkingHistory = false;
    m_back->setEnabled(m_history.canGoBack());
    m_forward->setEnabled(m_history.canGoForward());
    setProperty("pageId", target->id());
    setWindowTitle(tr("%1 – Streamgauge").arg(target->title()));
    updatePageCommands();
    updateEnvironmentFrame();
}

void MainWindow::updatePageCommands()
{
    m_menu->setPage(currentPage());
}

void MainWindow::updateEnvironmentFrame()
{
    const Page *page = currentPage();
    static_cast<EnvironmentFrame *>(m_frame)->setEnvironment(page ? page->targetEnvironment() : std::nullopt);
}

void MainWindow::updateStart()
{
    if (m_workspace.connections().isEmpty()) {
        m_pages->setCurrentWidget(m_start);
    } else if (m_pages->currentWidget() == m_start) {
        if (Page *target = page(property("pageId").toString()))
            m_pages->setCurrentWidget(target);
    }
    updatePageCommands();
    updateEnvironmentFrame();
}

void MainWindow::openConnectionDialog()
{
    auto *dialog = findChild<ConnectionDialog *>();
    if (!dialog)
        dialog = new ConnectionDialog(m_workspace, this);
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::reportOpeningFailure(const QString &name, const connectors::Error &error)
{
    openConnectionDialog();
    findChild<ConnectionDialog *>()->showFailure(name, error);
}

void MainWindow::openPalette()
{
    updatePageCommands(); // a page may offer others now
    m_palette->open(m_menu->actions());
}

void MainWindow::askForText(const QString &text)
{
    if (!goTo({QStringLiteral("traces"), {}, text, {}}))
        m_status->showMessage(tr("Nothing is called “%1”.").arg(text));
}

void MainWindow::setTimeRange(const TimeRange &range)
{
    m_topBar->setTimeRange(range);
    for (Page *page : std::as_const(m_pageList))
        page->setTimeRange(range);
}

void MainWindow::showMessage(const QString &message)
{
    m_status->showMessage(message);
}

void MainWindow::rewriteTimes()
{
    setTimeRange(m_topBar->timeRange());
    for (QWidget *child : findChildren<QWidget *>())
        child->update();
}

void MainWindow::lookAt(connectors::EpochMs time)
{
    constexpr connectors::EpochMs HalfAnHour = 1'800'000;
    TimeRange range;
    range.from = time - HalfAnHour;
    range.to = time + HalfAnHour;
    setTimeRange(range);
}

void MainWindow::fitScreen()
{
    fitToScreen(this);
    m_isToFitScreen = true;
}

void MainWindow::restore(QSettings &settings)
{
    const QByteArray geometry = settings.value(QStringLiteral("window/geometry")).toByteArray();
    if (!geometry.isEmpty())
        restoreGeometry(geometry);
    m_navigation->setCollapsed(settings.value(QStringLiteral("window/collapsed"), false).toBool());
    for (Page *page : std::as_const(m_pageList))
        page->restoreFrom(settings);
    TimeRange range;
    range.last = std::chrono::minutes(std::max(1, settings.value(QStringLiteral("window/minutes"), 60).toInt()));
    setTimeRange(range);
    goTo({settings.value(QStringLiteral("window/page"), QStringLiteral("overview")).toString(), {}, {}, {}});
}

void MainWindow::save(QSettings &settings) const
{
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/collapsed"), m_navigation->isCollapsed());
    if (m_topBar->timeRange().isMoving())
        settings.setValue(QStringLiteral("window/minutes"),
                          static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(m_topBar->timeRange().last).count()));
    const QString id = property("pageId").toString();
    const auto page = std::find_if(m_pageList.cbegin(), m_pageList.cend(), [&id](const Page *each) { return each->id() == id; });
    const bool isWithinAnother = page != m_pageList.cend() && !(*page)->isInNavigation(); // a reset, which begins with a consumer
    settings.setValue(QStringLiteral("window/page"), isWithinAnother ? QStringLiteral("overview") : id);
    for (const Page *each : m_pageList)
        each->saveTo(settings);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_frame->update();
    // A window that is active has its frame.
    if (event->type() == QEvent::ActivationChange && isActiveWindow() && std::exchange(m_isToFitScreen, false))
        fitToScreen(this);
}

} // namespace ui::frame
