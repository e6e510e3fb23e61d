// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/deadletters/dead_letters_page.h"

#include "models/connection/workspace.h"
#include "ui/deadletters/letter_details.h"
#include "ui/deadletters/letter_tables.h"
#include "ui/event/event_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::deadletters {

using models::deadletter::GroupTableModel;
using models::deadletter::LetterFeed;
using models::deadletter::LetterTableModel;
using models::deadletter::QueueTableModel;
namespace text = ui::widgets::text;

DeadLettersPage::DeadLettersPage(models::connection::Workspace &workspace, QWidget *parent)
    : Page(QStringLiteral("dead-letters"), tr("Dead letters"), QStringLiteral("dead-letters"), parent)
    , m_workspace(workspace)
    , m_queues(workspace)
    , m_stack(new QStackedWidget(this))
    , m_state(new ui::widgets::StateView(this))
{
    auto *lists = new QSplitter(Qt::Vertical);
    lists->setChildrenCollapsible(false);
    lists->addWidget(buildQueues());
    lists->addWidget(buildLetters());
    lists->setStretchFactor(0, 2);
    lists->setStretchFactor(1, 3);
    auto *content = new QSplitter(Qt::Horizontal);
    content->setObjectName(QStringLiteral("deadLettersSplitter"));
    content->setChildrenCollapsible(false);
    content->addWidget(lists);
    content->addWidget(buildLetter());
    content->setStretchFactor(0, 1);
    content->setSizes({710, 380});
    m_stack->addWidget(m_state);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(ui::theme::Margin, ui::theme::Margin, ui::theme::Margin, ui::theme::Margin);
    layout->addWidget(m_stack);
    connectParts();
    buildCommands();
    queuesReplaced();
}

QWidget *DeadLettersPage::buildQueues()
{
    m_queueTable = makeQueueTable(&m_queues);
    m_chart = new ui::widgets::Chart(tr("Depth and arrivals"), ui::widgets::Chart::Unit::Events);
    m_chart->setObjectName(QStringLiteral("deadLetterChart"));
    m_chart->setEmptyText(tr("No letter in this time."));
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_queueTable);
    splitter->addWidget(m_chart);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({420, 284});
    return splitter;
}

QWidget *DeadLettersPage::buildLetters()
{
    m_groupTable = makeGroupTable(&m_groups);
    m_letterTable = makeLetterTable(&m_letters);
    m_grouping = new QComboBox;
    m_grouping->setObjectName(QStringLiteral("letterGrouping"));
    m_grouping->setAccessibleName(tr("How letters are grouped"));
    m_grouping->addItems({tr("Grouped by cause"), tr("Split by exact text")});
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("letterSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_summary, 1);
    bar->addWidget(m_grouping);

    auto *tables = new QSplitter(Qt::Vertical);
    tables->setChildrenCollapsible(false);
    tables->addWidget(m_groupTable);
    tables->addWidget(m_letterTable);
    tables->setStretchFactor(0, 1);
    tables->setStretchFactor(1, 2);

    auto *widget = new QWidget;
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, ui::theme::Unit, 0, 0);
    layout->setSpacing(ui::theme::Unit);
    layout->addLayout(bar);
    layout->addWidget(tables, 1);
    return widget;
}

/// The error on top, the whole event under it.
QWidget *DeadLettersPage::buildLetter()
{
    m_details = new LetterDetails;
    m_panel = new ui::event::EventPanel;
    m_panel->setFilterOffered(false);
    m_panel->clear(tr("Choose a letter to read it here."));
    m_panel->setFindPrevious([this](const models::event::CachedEvent &, event::CompareWith with) { return findPrevious(with); });
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("letterSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_details);
    splitter->addWidget(m_panel);
    splitter->setStretchFactor(1, 1);
    return splitter;
}

void DeadLettersPage::connectParts()
{
    connect(&m_queues, &QueueTableModel::rowsReplaced, this, &DeadLettersPage::queuesReplaced);
    connect(&m_feed, &LetterFeed::loaded, this, &DeadLettersPage::showLoaded);
    connect(m_queueTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            selectQueue(current.row());
    });
    connect(m_groupTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { showGroup(current.row()); });
    connect(m_letterTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        showLetter(current.row());
    });
    connect(m_letterTable, &QTableView::doubleClicked, this, [this](const QModelIndex &index) { openAddress(m_letters.letter(index.row()).address); });
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &DeadLettersPage::showLoaded);
    connect(m_details, &LetterDetails::originalRequested, this, &DeadLettersPage::openAddress);
    connect(m_details, &LetterDetails::letterRequested, this, &DeadLettersPage::openAddress);
    connect(m_panel, &ui::event::EventPanel::traceRequested, this, &DeadLettersPage::showTrace);
    connect(m_panel, &ui::event::EventPanel::aggregateRequested, this, [this](const QString &id, const connectors::EventAddress &address) {
        const ui::frame::Place place{QStringLiteral("aggregates"), m_connection, id, address};
        Q_EMIT placeRequested(place);
    });
    connect(m_state, &ui::widgets::StateView::buttonClicked, this, &DeadLettersPage::refresh);
    connect(&m_chartTimer, &QTimer::timeout, this, &DeadLettersPage::showChart);
    m_chartTimer.setInterval(2000);
}

void DeadLettersPage::goTo(const ui::frame::Place &place)
{
    if (place.object.isEmpty())
        return;
    m_wanted = place;
    queuesReplaced();
}

ui::frame::Place DeadLettersPage::place() const
{
    return {id(), m_connection, m_queue, {}};
}

void DeadLettersPage::refresh()
{
    m_workspace.refresh();
    loadSelectedQueue();
}

void DeadLettersPage::setTimeRange(const ui::frame::TimeRange &range)
{
    Page::setTimeRange(range);
    m_chart->resetZoom(); // also where it is the same again
    showChart();
}

void DeadLettersPage::refreshWhenShown()
{
    for (models::connection::Connection *connection : m_workspace.connections())
        connection->watch(this, {models::connection::Subject::DeadLetters});
    m_chartTimer.start();
    queuesReplaced();
}

void DeadLettersPage::hideEvent(QHideEvent *event)
{
    for (models::connection::Connection *connection : m_workspace.connections())
        connection->watch(this, {});
    m_chartTimer.stop();
    markStale();
    Page::hideEvent(event);
}

void DeadLettersPage::queuesReplaced()
{
    int deepQueues = 0;
    const auto counted = m_workspace.systems(); // one system under two names has its queues once
    for (int row = 0; row < m_queues.rowCount(); ++row)
        deepQueues += m_queues.queue(row).depth.value_or(0) > 0 && counted.contains(m_queues.connection(row)) ? 1 : 0;
    setAttentionCount(deepQueues);
    showState();
    if (!isVisible())
        return;
    std::optional<int> row;
    if (!m_wanted.object.isEmpty())
        row = m_queues.rowOf(m_wanted.connection, m_wanted.object);
    if (row)
        m_wanted = {};
    else if (!m_queue.isEmpty())
        row = m_queues.rowOf(m_connection, m_queue);
    if (!row && m_queues.rowCount() > 0)
        row = 0;
    if (!row)
        return;
    m_queueTable->selectRow(*row);
    selectQueue(*row);
}

void DeadLettersPage::selectQueue(int row)
{
    models::connection::Connection *connection = m_queues.connection(row);
    if (!connection)
        return;
    const bool isSame = m_connection == connection->name() && m_queue == m_queues.queue(row).stream;
    if (isSame && m_loadedDepth == m_queues.queue(row).depth)
        return;
    m_connection = connection->name();
    m_queue = m_queues.queue(row).stream;
    m_loadedDepth = m_queues.queue(row).depth;
    loadSelectedQueue();
    if (!isSame)
        Q_EMIT placeChanged();
}

void DeadLettersPage::loadSelectedQueue()
{
    if (models::connection::Connection *connection = m_workspace.find(m_connection); connection && !m_queue.isEmpty())
        m_feed.load(connection, m_queue);
}

void DeadLettersPage::showLoaded()
{
    const auto grouping = m_grouping->currentIndex() == 0 ? models::deadletter::Grouping::ByCause : models::deadletter::Grouping::ByExactText;
    const QModelIndex current = m_groupTable->currentIndex();
    const auto selected = current.isValid() ? std::optional(m_groups.group(current.row())) : std::nullopt;
    m_groups.setGroups(models::deadletter::groupLetters(m_feed.letters(), grouping));
    m_groupTable->selectRow(selected ? std::max(0, m_groups.rowOf(*selected)) : 0);
    showGroup(m_groups.rowCount() == 0 ? -1 : m_groupTable->currentIndex().row());
    const qint64 lastHour = models::deadletter::arrivalsInLastHour(m_feed.letters(), QDateTime::currentMSecsSinceEpoch());
    if (m_feed.error())
        m_summary->setText(text::error(*m_feed.error()));
    else if (m_feed.isCutAtLimit())
        m_summary->setText(tr("The newest %1 letters of %2 · %3 in the last hour").arg(text::exact(LetterFeed::Limit), text::untrusted(m_queue), text::exact(lastHour)));
    else
        m_summary->setText(tr("%1 letters in %2 · %3 in the last hour")
                               .arg(text::exact(static_cast<qint64>(m_feed.letters().size())), text::untrusted(m_queue), text::exact(lastHour)));
    showChart();
}

void DeadLettersPage::showGroup(int row)
{
    const QModelIndex current = m_letterTable->currentIndex();
    const auto selected = current.isValid() ? std::optional(m_letters.letter(current.row()).address) : std::nullopt;
    std::vector<connectors::DeadLetter> letters;
    if (row >= 0 && row < m_groups.rowCount())
        for (const qsizetype letter : m_groups.group(row).letters)
            if (static_cast<size_t>(letter) < m_feed.letters().size())
                letters.push_back(m_feed.letters()[static_cast<size_t>(letter)]);
    m_letters.setLetters(std::move(letters));
    if (m_letters.rowCount() > 0)
        m_letterTable->selectRow(selected ? std::max(0, m_letters.rowOf(*selected)) : 0);
    else
        showLetter(-1);
}

void DeadLettersPage::showLetter(int row)
{
    const models::connection::Connection *connection = m_workspace.find(m_connection);
    if (row < 0 || !connection) {
        m_details->setLetter(std::nullopt);
        m_panel->clear(tr("Choose a letter to read it here."));
        updateCommands();
        return;
    }
    m_details->setLetter(m_letters.letter(row));
    updateCommands();
    m_panel->showAt(m_connection, connection->connector(), m_letters.letter(row).address);
}

/// Among the letters of the group, which are the newest first.
std::optional<connectors::EventAddress> DeadLettersPage::findPrevious(event::CompareWith with) const
{
    const int current = m_letterTable->currentIndex().row();
    if (current < 0)
        return std::nullopt;
    const bool isByType = with == event::CompareWith::PreviousOfType;
    const connectors::DeadLetter &shown = m_letters.letter(current);
    for (int row = current + 1; row < m_letters.rowCount(); ++row)
        if (isByType ? m_letters.letter(row).eventType == shown.eventType : m_letters.letter(row).key == shown.key)
            return m_letters.letter(row).address;
    return std::nullopt;
}

void DeadLettersPage::showChart()
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    const connectors::EpochMs from = timeRange().begin(now);
    const connectors::EpochMs to = timeRange().end(now);
    const qint64 depthNow = m_loadedDepth.value_or(static_cast<qint64>(m_feed.letters().size()));
    const int steps = std::clamp(m_chart->plotPixels() / 4, 30, 400);
    ui::widgets::ChartSeries depth{tr("Depth"), 0, {}};
    ui::widgets::ChartSeries arrivals{tr("Arrivals"), 1, {}};
    for (const auto &step : models::deadletter::depthOverTime(m_feed.letters(), depthNow, from, to, steps)) {
        depth.points.push_back({step.time, static_cast<double>(step.depth)});
        arrivals.points.push_back({step.time, static_cast<double>(step.arrivals)});
    }
    m_chart->setTimeWindow(from, to);
    if (m_feed.letters().empty())
        m_chart->setSeries({});
    else
        m_chart->setSeries({std::move(depth), std::move(arrivals)});
}

void DeadLettersPage::showState()
{
    if (m_queues.rowCount() > 0) {
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    if (m_workspace.connections().isEmpty())
        m_state->showEmpty(tr("No connection is open"), tr("Open one to see its dead letters here."));
    else if (!m_queues.problems().empty())
        m_state->showError(tr("Dead letters could not be read"), m_queues.problems().front(), tr("Try again"));
    else if (!m_queues.isComplete())
        m_state->showLoading(tr("Looking for dead-letter queues"));
    else
        m_state->showEmpty(tr("No dead-letter queue was found"),
                           tr("A queue is recognised by its letters' headers or by a name that ends in .dlq, -dlq, .DLT, -dlt, dead-letter or error."),
                           tr("Look again"));
}

void DeadLettersPage::openAddress(const connectors::EventAddress &address)
{
    Q_EMIT placeRequested({QStringLiteral("streams"), m_connection, address.stream, address});
}

} // namespace ui::deadletters
