// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/trace_view.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/traces/causation_graph_view.h"
#include "ui/traces/search_words.h"
#include "ui/traces/swimlane_view.h"
#include "ui/traces/type_legend.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

namespace ui::traces {

using models::trace::GraphScene;
using models::trace::GraphScenePtr;
using models::trace::TraceEvent;

namespace {

constexpr int LaidOutAtOnce = 5'000; ///< nodes that are arranged in a few milliseconds

QToolButton *makeButton(const QString &icon, const QString &words, const QString &name)
{
    auto *button = new QToolButton;
    button->setObjectName(name);
    button->setIcon(theme::icon(icon));
    button->setToolTip(words);
    button->setAccessibleName(words);
    button->setAutoRaise(true);
    return button;
}

/// The same event in another result of the same search; −1 if it is not there.
int sameEvent(const GraphScene &before, int event, const GraphScene &now)
{
    if (event < 0)
        return -1;
    const TraceEvent &wanted = before.trace().events[static_cast<size_t>(event)];
    const auto &events = now.trace().events;
    const auto found = std::find_if(events.cbegin(), events.cend(), [&wanted](const TraceEvent &each) {
        return each.address == wanted.address && each.connection == wanted.connection;
    });
    return found == events.cend() ? -1 : static_cast<int>(found - events.cbegin());
}

} // namespace

TraceView::TraceView(QWidget *parent)
    : QWidget(parent)
    , m_numbers(new widgets::ElidedLabel(QStringLiteral("trace-numbers")))
    , m_export(new QPushButton)
    , m_graph(new CausationGraphView)
    , m_lanes(new SwimlaneView)
    , m_table(new QTableView)
    , m_legend(new TypeLegend)
{
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("trace-splitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_graph);
    splitter->addWidget(buildLower());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({360, 220});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::Unit);
    column->addWidget(buildBar());
    column->addWidget(m_legend);
    column->addWidget(splitter, 1);
    connectViews();
}

TraceView::~TraceView() = default;

QWidget *TraceView::buildBar()
{
    m_export->setObjectName(QStringLiteral("trace-export"));
    m_export->setText(tr("Export"));
    m_export->setIcon(theme::icon(QStringLiteral("export")));
    m_export->setFlat(true);
    m_export->setAccessibleName(tr("Export the trace"));
    auto *collapse = makeButton(QStringLiteral("collapse"), tr("Collapse all groups"), QStringLiteral("trace-collapse"));
    auto *fit = makeButton(QStringLiteral("fit"), tr("Show all of the graph (F)"), QStringLiteral("trace-fit"));
    auto *in = makeButton(QStringLiteral("add"), tr("Zoom in (+)"), QStringLiteral("trace-zoom-in"));
    auto *out = makeButton(QStringLiteral("remove"), tr("Zoom out (−)"), QStringLiteral("trace-zoom-out"));
    connect(out, &QToolButton::clicked, m_graph, [this] { m_graph->zoomBy(0.8); });
    connect(collapse, &QToolButton::clicked, this, [this] { rebuild({}); });
    connect(fit, &QToolButton::clicked, m_graph, &CausationGraphView::fit);
    connect(in, &QToolButton::clicked, m_graph, [this] { m_graph->zoomBy(1.25); });
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::Unit);
    row->addWidget(m_numbers, 1);
    for (QToolButton *button : {out, in, fit, collapse})
        row->addWidget(button);
    row->addWidget(m_export);
    return bar;
}

QWidget *TraceView::buildLower()
{
    m_table->setObjectName(QStringLiteral("trace-events"));
    m_table->setAccessibleName(tr("Events of the trace"));
    m_table->setModel(&m_events);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 2 * theme::Unit);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    int column = 0;
    for (const int width : {176, 88, 176, 120, 136, 88, 120})
        m_table->setColumnWidth(column++, width);
    auto *tabs = new QTabWidget;
    tabs->setObjectName(QStringLiteral("trace-tabs"));
    tabs->setAccessibleName(tr("Events in time or as a list"));
    tabs->setDocumentMode(true);
    tabs->addTab(m_lanes, tr("In time"));
    tabs->addTab(m_table, tr("As a list"));
    return tabs;
}

void TraceView::connectViews()
{
    connect(m_graph, &CausationGraphView::currentNodeChanged, this, [this](int node) {
        choose(node < 0 ? -1 : m_scene->graph().eventOf(node), m_graph);
    });
    connect(m_lanes, &SwimlaneView::currentEventChanged, this, [this](int event) { choose(event, m_lanes); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            choose(current.row(), m_table);
    });
    connect(m_graph, &CausationGraphView::groupToggled, this, &TraceView::toggleGroup);
    connect(m_graph, &CausationGraphView::eventActivated, this, &TraceView::eventActivated);
    connect(m_lanes, &SwimlaneView::eventActivated, this, &TraceView::eventActivated);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { Q_EMIT eventActivated(index.row()); });
    connect(m_graph, &CausationGraphView::menuRequested, this, &TraceView::menuRequested);
    connect(m_lanes, &SwimlaneView::menuRequested, this, &TraceView::menuRequested);
    connect(m_table, &QTableView::customContextMenuRequested, this, [this](QPoint point) {
        Q_EMIT menuRequested(m_table->viewport()->mapToGlobal(point));
    });
}

void TraceView::setExportMenu(QMenu *menu)
{
    m_export->setMenu(menu);
}

void TraceView::setScene(GraphScenePtr scene, bool isSame)
{
    ++m_generation;
    const int current = m_scene && scene ? sameEvent(*m_scene, m_currentEvent, *scene) : -1;
    m_isChoosing = true; // what the views lose now was not deselected by anybody
    m_scene = std::move(scene);
    m_currentEvent = -1;
    const auto joined = m_scene ? m_scene->joined() : nullptr;
    m_events.setTrace(joined);
    m_lanes->setTrace(joined);
    m_legend->setTrace(joined ? &joined->trace : nullptr);
    m_numbers->setText(joined ? numbersText(joined->numbers) : QString());
    m_graph->setCurrentNode(-1); // nodes of another result have other numbers
    if (isSame && m_graph->scene() && m_scene)
        m_graph->replaceScene(m_scene);
    else
        m_graph->setScene(m_scene);
    m_isChoosing = false;
    setCurrentEvent(current);
}

void TraceView::setCurrentEvent(int event)
{
    choose(event, this);
}

void TraceView::choose(int event, const QObject *sender)
{
    if (m_isChoosing || !m_scene)
        return;
    m_isChoosing = true;
    m_currentEvent = event;
    if (sender != m_graph)
        m_graph->setCurrentNode(event < 0 ? -1 : m_scene->graph().nodeOf(event));
    if (sender != m_lanes)
        m_lanes->setCurrentEvent(event);
    if (sender != m_table) {
        if (event >= 0)
            m_table->selectRow(event);
        else
            m_table->clearSelection();
    }
    m_isChoosing = false;
    Q_EMIT currentEventChanged(event);
}

void TraceView::toggleGroup(qint32 firstMember, bool isExpanded)
{
    QSet<qint32> expanded = m_scene->expanded();
    if (isExpanded)
        expanded.insert(firstMember);
    else
        expanded.remove(firstMember);
    rebuild(expanded);
}

void TraceView::rebuild(const QSet<qint32> &expanded)
{
    if (!m_scene || m_scene->expanded() == expanded)
        return;
    const auto take = [this](const GraphScenePtr &scene) {
        m_scene = scene;
        m_graph->replaceScene(scene);
    };
    const quint64 generation = ++m_generation;
    const auto joined = m_scene->joined();
    if (joined->graph.nodeCount() <= LaidOutAtOnce) {
        take(GraphScene::build(joined, expanded));
        return;
    }
    const auto made = QtConcurrent::run([joined, expanded] { return GraphScene::build(joined, expanded); });
    connectors::deliver(made, this, [this, generation, take](const GraphScenePtr &scene) {
        if (generation == m_generation)
            take(scene);
    });
}

} // namespace ui::traces
