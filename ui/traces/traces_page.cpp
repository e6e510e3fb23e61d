// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/traces_page.h"

#include "ui/event/event_panel.h"
#include "ui/theme/theme.h"
#include "ui/traces/causation_graph_view.h"
#include "ui/traces/event_words.h"
#include "ui/traces/flow_delegate.h"
#include "ui/traces/search_bar.h"
#include "ui/traces/search_words.h"
#include "ui/traces/trace_exporter.h"
#include "ui/traces/trace_menu.h"
#include "ui/traces/trace_view.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::traces {

using models::connection::Connection;
using models::trace::KnownAs;
using models::trace::TraceEvent;
using models::trace::TraceRequest;
namespace text = ui::widgets::text;

TracesPage::TracesPage(models::connection::Workspace &workspace, models::job::JobList &jobs, QWidget *parent)
    : Page(QStringLiteral("traces"), tr("Traces"), QStringLiteral("traces"), parent)
    , m_workspace(workspace)
    , m_finder(workspace, jobs)
    , m_bar(new SearchBar(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
    , m_view(new TraceView(this))
    , m_content(new QSplitter(Qt::Horizontal))
    , m_panel(new event::EventPanel)
    , m_exporter(new TraceExporter(jobs, this))
{
    m_state->setObjectName(QStringLiteral("trace-state"));
    m_content->setObjectName(QStringLiteral("trace-content"));
    m_content->setChildrenCollapsible(false);
    m_content->addWidget(m_view);
    m_content->addWidget(m_panel);
    m_content->setStretchFactor(0, 1);
    m_content->setSizes({530, 370});
    m_stack->setObjectName(QStringLiteral("trace-stack"));
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("traces-splitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildFlows());
    splitter->addWidget(m_stack);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({204, 908});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Margin);
    column->setSpacing(theme::Spacing);
    column->addWidget(m_bar);
    column->addWidget(splitter, 1);
    m_view->setExportMenu(m_exporter->menu());
    buildPanel();
    buildCommands();
    connectParts();
    showState();
}

TracesPage::~TracesPage() = default;

QWidget *TracesPage::buildFlows()
{
    auto *title = new QLabel(tr("Flows"));
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    auto *look = new QToolButton;
    look->setObjectName(QStringLiteral("recent-flows"));
    look->setIcon(theme::icon(QStringLiteral("refresh")));
    look->setAutoRaise(true);
    look->setToolTip(tr("Look for recent flows in the newest events"));
    look->setAccessibleName(look->toolTip());
    connect(look, &QToolButton::clicked, this, &TracesPage::lookForRecentFlows);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("flow-list"));
    m_list->setAccessibleName(tr("Flows, opened ones first, then recent ones"));
    m_list->setModel(&m_flows);
    m_list->setItemDelegate(new FlowDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    auto *widget = new QWidget;
    widget->setMinimumWidth(160);
    auto *head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(look);
    auto *column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::Unit);
    column->addLayout(head);
    column->addWidget(m_list, 1);
    return widget;
}

void TracesPage::buildPanel()
{
    m_panel->setFilterOffered(false);
    m_panel->setFindPrevious([this](const models::event::CachedEvent &, event::CompareWith with) { return findPrevious(with); });
    m_panel->clear(tr("Choose an event in the graph, in time or in the list to read it here."));
    connect(m_panel, &event::EventPanel::traceRequested, this, [this](const QString &id, const connectors::EventAddress &address) {
        TraceRequest request;
        request.text = id;
        (id.isEmpty() ? request.address : request.seenAt) = address;
        if (m_view->scene() && m_view->currentEvent() >= 0) {
            request.connection = m_view->scene()->trace().connections[static_cast<size_t>(m_view->scene()->trace().events[static_cast<size_t>(m_view->currentEvent())].connection)];
        }
        search(request, m_reach);
        Q_EMIT placeChanged();
    });
    connect(m_panel, &event::EventPanel::aggregateRequested, this, [this](const QString &aggregateId, const connectors::EventAddress &address) {
        const int shown = m_view->currentEvent();
        if (!m_view->scene() || shown < 0)
            return;
        const models::trace::Trace &trace = m_view->scene()->trace();
        const QString &connection = trace.connections[static_cast<size_t>(trace.events[static_cast<size_t>(shown)].connection)];
        Q_EMIT placeRequested({QStringLiteral("aggregates"), connection, aggregateId, address});
    });
}

void TracesPage::buildCommands()
{
    const auto add = [this](const char *name, const char *icon, const QString &words, const QKeySequence &shortcut, const std::function<void()> &act) {
        auto *action = new QAction(theme::icon(QLatin1String(icon)), words, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, act);
        m_commands.append(action);
    };
    add("action-trace-search", "search", tr("Search a trace"), QKeySequence::Find, [this] { m_bar->focusLine(); });
    add("action-trace-recent", "refresh", tr("Look for recent flows"), {}, [this] { lookForRecentFlows(); });
    add("action-trace-fit", "fit", tr("Show all of the causation graph"), {}, [this] { m_view->graph()->fit(); });
    add("action-trace-open-event", "event", tr("Open the selected event of the trace"), {}, [this] { openEvent(m_view->currentEvent()); });
    m_commands += m_exporter->menu()->actions();
    m_commands.removeIf([](const QAction *action) { return action->isSeparator(); });
}

void TracesPage::connectParts()
{
    using models::trace::TraceFinder;
    connect(m_bar, &SearchBar::searchRequested, this, [this](const QString &typed, KnownAs knownAs) {
        TraceRequest request;
        request.text = typed;
        request.knownAs = knownAs;
        search(request, Reach::InRange);
        Q_EMIT placeChanged();
    });
    connect(m_bar, &SearchBar::cancelRequested, &m_finder, &TraceFinder::cancel);
    connect(m_bar, &SearchBar::furtherRequested, this, &TracesPage::searchFurther);
    connect(m_list, &QListView::clicked, this, &TracesPage::openFlow);
    connect(m_list, &QListView::activated, this, &TracesPage::openFlow);
    connect(&m_finder, &TraceFinder::partFound, this, &TracesPage::showFound);
    connect(&m_finder, &TraceFinder::searchFinished, this, &TracesPage::showFound);
    connect(&m_finder, &TraceFinder::marksChanged, this, &TracesPage::showFound);
    connect(&m_finder, &TraceFinder::recentFlowsFound, this, &TracesPage::showRecentFlows);
    connect(m_view, &TraceView::eventActivated, this, &TracesPage::openEvent);
    auto *menu = new TraceMenu(*m_view, *m_exporter->menu(), this);
    connect(m_view, &TraceView::menuRequested, menu, &TraceMenu::popup);
    connect(menu, &TraceMenu::eventRequested, this, &TracesPage::openEvent);
    connect(menu, &TraceMenu::searchRequested, this, [this](const TraceRequest &request, bool isEverywhere) {
        search(request, isEverywhere ? Reach::Everywhere : m_reach);
        Q_EMIT placeChanged();
    });
    connect(m_view, &TraceView::currentEventChanged, this, &TracesPage::currentEventChanged);
    connect(m_state, &widgets::StateView::buttonClicked, this, &TracesPage::searchFurther);
    connect(m_exporter, &TraceExporter::messageRaised, this, &TracesPage::messageRaised);
    for (auto signal : {&models::connection::Workspace::connectionOpened, &models::connection::Workspace::connectionClosed})
        connect(&m_workspace, signal, this, [this] { QMetaObject::invokeMethod(this, [this] { markStale(); }, Qt::QueuedConnection); });
}

void TracesPage::goTo(const frame::Place &place)
{
    TraceRequest request;
    request.text = place.object;
    (place.object.isEmpty() ? request.address : request.seenAt) = place.address;
    request.connection = place.address ? place.connection : QString();
    if (request == TraceRequest())
        return;
    TraceRequest shown = m_asked;
    shown.knownAs = KnownAs::Anything; // a place says what, not how it is known
    if (!request.asksForSameAs(shown) || m_finder.error())
        return search(request, Reach::InRange);
    m_asked.seenAt = request.seenAt;
    if (request.seenAt && !m_finder.isSearching())
        chooseAsked();
}

frame::Place TracesPage::place() const
{
    return {id(), m_asked.connection, m_asked.text, m_asked.address ? m_asked.address : m_asked.seenAt};
}

void TracesPage::refresh()
{
    if (m_asked == TraceRequest())
        lookForRecentFlows();
    else
        search(m_asked, m_reach);
}

void TracesPage::setTimeRange(const frame::TimeRange &range)
{
    m_isRangeNew = m_isRangeNew || !(range == timeRange());
    Page::setTimeRange(range);
}

void TracesPage::refreshWhenShown()
{
    watchConnections();
    if (std::exchange(m_isRangeNew, false) && m_asked != TraceRequest() && m_reach == Reach::InRange)
        search(m_asked, Reach::InRange);
    else
        showState();
    lookUnasked();
}

/// Dead letters mark events; streams tell when there is something to choose from, as long as there is nothing.
void TracesPage::watchConnections()
{
    using models::connection::Subject;
    for (Connection *connection : m_workspace.connections()) {
        connection->watch(this, m_flows.rowCount() == 0 ? std::vector{Subject::DeadLetters, Subject::Streams} : std::vector{Subject::DeadLetters});
        connect(connection, &Connection::streamsReceived, this, &TracesPage::lookUnasked, Qt::UniqueConnection);
    }
}

void TracesPage::hideEvent(QHideEvent *event)
{
    for (Connection *connection : m_workspace.connections())
        connection->watch(this, {});
    Page::hideEvent(event);
}

void TracesPage::openFlow(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const models::trace::FlowSummary flow = m_flows.flow(index.row());
    if (m_asked.asksForSameAs(flow.request) && m_finder.found())
        return;
    search(flow.request, Reach::InRange);
    Q_EMIT placeChanged();
}

void TracesPage::openEvent(int event)
{
    if (event < 0 || !m_view->scene())
        return;
    const models::trace::Trace &trace = m_view->scene()->trace();
    const TraceEvent &opened = trace.events[static_cast<size_t>(event)];
    Q_EMIT placeRequested({QStringLiteral("streams"), trace.connections[static_cast<size_t>(opened.connection)], opened.address.stream, opened.address});
}

void TracesPage::currentEventChanged(int event)
{
    if (event < 0) {
        m_panel->clear(tr("Choose an event in the graph, in time or in the list to read it here."));
        return;
    }
    const models::trace::Trace &trace = m_view->scene()->trace();
    const TraceEvent &chosen = trace.events[static_cast<size_t>(event)];
    const auto source = static_cast<size_t>(chosen.connection);
    m_panel->showAt(trace.connections[source], source < m_finder.sources().size() ? m_finder.sources()[source].connector : nullptr, chosen.address);
}

/// Among the events of the trace on the same connection, in time.
std::optional<connectors::EventAddress> TracesPage::findPrevious(event::CompareWith with) const
{
    if (!m_view->scene() || m_view->currentEvent() < 0)
        return std::nullopt;
    const auto &events = m_view->scene()->trace().events;
    const TraceEvent &current = events[static_cast<size_t>(m_view->currentEvent())];
    const auto isAlike = [&current, with](const TraceEvent &each) {
        if (each.connection != current.connection)
            return false;
        return with == event::CompareWith::PreviousOfType ? each.eventType == current.eventType : each.aggregateId == current.aggregateId;
    };
    for (auto each = events.crbegin() + (std::ssize(events) - m_view->currentEvent()); each != events.crend(); ++each)
        if (isAlike(*each))
            return each->address;
    return std::nullopt;
}

} // namespace ui::traces
