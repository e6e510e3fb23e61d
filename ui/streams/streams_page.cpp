// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/streams_page.h"

#include "ui/event/event_panel.h"
#include "ui/event/value_menu.h"
#include "ui/streams/condition_edit.h"
#include "ui/streams/event_table.h"
#include "ui/streams/filter_bar.h"
#include "ui/streams/histogram_view.h"
#include "ui/streams/range_bar.h"
#include "ui/streams/stream_list.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::streams {

using models::connection::Connection;
using models::connection::Subject;
using models::connection::Workspace;
using models::event::EventColumn;
using models::event::EventFeed;
using models::event::EventTableModel;
namespace text = ui::widgets::text;

StreamsPage::StreamsPage(Workspace &workspace, models::job::JobList &jobs, QWidget *parent)
    : Page(QStringLiteral("streams"), tr("Streams"), QStringLiteral("streams"), parent)
    , m_workspace(workspace)
    , m_jobs(jobs)
    , m_feed(m_model, jobs)
{
    m_model.setJobs(&jobs);
    buildParts();
    buildLayout();
    buildCommands();
    connectParts();
    connectEvents();
    for (Connection *each : workspace.connections())
        follow(each);
    updateState();
}

StreamsPage::~StreamsPage() = default;

void StreamsPage::setConditionChecker(std::shared_ptr<const models::event::ConditionChecker> checker)
{
    m_checker = std::move(checker);
    m_filter->setChecker(m_checker.get());
}

void StreamsPage::buildParts()
{
    m_streams = new StreamList(m_workspace, this);
    m_range = new RangeBar(this);
    m_jumpNotice = new widgets::Notice(QStringLiteral("jump-notice"), this);
    m_filter = new FilterBar(this);
    m_histogram = new HistogramView(this);
    m_table = new EventTable(&m_model, this);
    m_panel = new event::EventPanel(this);
    m_state = new widgets::StateView(this);
    m_nothing = new widgets::StateView(this);
    m_nothing->setObjectName(QStringLiteral("streams-nothing"));
    m_state->setObjectName(QStringLiteral("streams-state"));
    m_status = new QLabel(this);
    m_status->setObjectName(QStringLiteral("read-status"));
    m_status->setAccessibleName(tr("What is read"));
    m_status->setTextFormat(Qt::PlainText);
    m_status->setWordWrap(true);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_cancel = new QToolButton(this);
    m_cancel->setObjectName(QStringLiteral("read-cancel"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel the read"));
    m_cancel->setIcon(theme::icon(QStringLiteral("close")));
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_goOnBehind = new QToolButton(this);
    m_goOnBehind->setObjectName(QStringLiteral("read-behind"));
    m_goOnBehind->setText(tr("Read on behind it"));
    m_goOnBehind->setAccessibleName(tr("Read on behind the batch that cannot be read"));
    m_goOnBehind->setToolTip(tr("Tries the next position, then doubling steps, until something can be read again"));
    m_goOnBehind->hide();
}

void StreamsPage::buildLayout()
{
    auto *status = new QHBoxLayout;
    status->addWidget(m_status, 1);
    status->addWidget(m_goOnBehind);
    status->addWidget(m_cancel);
    m_tableStack = new QStackedWidget(this);
    m_tableStack->addWidget(m_table);
    m_tableStack->addWidget(m_state);
    auto *tablePart = new QWidget(this);
    auto *tableLayout = new QVBoxLayout(tablePart);
    tableLayout->setContentsMargins(0, 0, 0, 0);
    tableLayout->setSpacing(theme::Unit);
    tableLayout->addWidget(m_histogram);
    tableLayout->addWidget(m_tableStack, 1);
    tableLayout->addLayout(status);
    m_inner = new QSplitter(Qt::Horizontal, this);
    m_inner->setObjectName(QStringLiteral("streams-inner"));
    m_inner->setChildrenCollapsible(false);
    m_inner->addWidget(tablePart);
    m_inner->addWidget(m_panel);
    m_inner->setStretchFactor(0, 3);
    m_inner->setStretchFactor(1, 2);
    auto *centre = new QWidget(this);
    auto *centreLayout = new QVBoxLayout(centre);
    centreLayout->setContentsMargins(0, 0, 0, 0);
    centreLayout->setSpacing(theme::Spacing);
    centreLayout->addWidget(m_range);
    centreLayout->addWidget(m_jumpNotice);
    centreLayout->addWidget(m_filter);
    centreLayout->addWidget(m_inner, 1);
    m_outer = new QSplitter(Qt::Horizontal, this);
    m_outer->setObjectName(QStringLiteral("streams-outer"));
    m_outer->setChildrenCollapsible(false);
    m_outer->addWidget(m_streams);
    m_outer->addWidget(centre);
    m_outer->setStretchFactor(0, 0);
    m_outer->setStretchFactor(1, 1);
    m_outer->setSizes({248, 834});
    m_inner->setSizes({474, 360});
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_outer);
    m_stack->addWidget(m_nothing);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Spacing);
    layout->addWidget(m_stack);
}

void StreamsPage::connectParts()
{
    m_gate.setSingleShot(true);
    m_gate.setInterval(100);
    connect(&m_gate, &QTimer::timeout, this, &StreamsPage::markStale);
    connect(&m_workspace, &Workspace::connectionOpened, this, &StreamsPage::follow);
    connect(&m_workspace, &Workspace::connectionClosed, this, &StreamsPage::forget);
    connect(m_nothing, &widgets::StateView::buttonClicked, &m_workspace, &Workspace::refresh);
    connect(m_state, &widgets::StateView::buttonClicked, this, &StreamsPage::read);
    connect(m_streams, &StreamList::streamChosen, this, &StreamsPage::choose);
    connect(m_streams, &StreamList::internalToggled, this, [this] { watch(isVisible()); });
    connect(m_range, &RangeBar::changed, this, &StreamsPage::updatePlan);
    connect(m_range, &RangeBar::jumpEdited, m_jumpNotice, &widgets::Notice::clear);
    connect(m_range, &RangeBar::readRequested, this, &StreamsPage::read);
    connect(m_range, &RangeBar::tailToggled, this, &StreamsPage::tail);
    connect(m_range, &RangeBar::pauseToggled, this, &StreamsPage::togglePause);
    connect(m_range, &RangeBar::jumpRequested, this, &StreamsPage::jump);
    connect(m_filter, &FilterBar::applied, this, [this] {
        if (m_feed.isFollowing())
            tail(true);
        else
            read();
    });
    connect(m_filter, &FilterBar::searchChanged, this, &StreamsPage::applySearch);
    connect(m_filter, &FilterBar::wholeStreamRequested, this, &StreamsPage::readWholeStream);
    m_filter->condition()->setSeenValues([this](const QString &filterName) { return seenValues(filterName); });
    connect(m_histogram, &HistogramView::rangeChosen, this, [this](connectors::EpochMs from, connectors::EpochMs to) {
        m_range->setRange(text::utcTime(from), text::utcTime(to));
        read();
    });
    connect(m_cancel, &QToolButton::clicked, &m_feed, &EventFeed::cancel);
    connect(m_goOnBehind, &QToolButton::clicked, &m_feed, &EventFeed::goOnBehind);
    connect(&m_feed, &EventFeed::progressed, this, &StreamsPage::updateStatus);
    connect(&m_feed, &EventFeed::finished, this, &StreamsPage::feedFinished);
    connect(&m_model, &EventTableModel::searchFinished, this, &StreamsPage::updateStatus);
}

void StreamsPage::connectEvents()
{
    connect(m_table, &EventTable::currentSequenceChanged, this, &StreamsPage::showCurrentEvent);
    connect(m_table, &EventTable::pauseToggled, this, &StreamsPage::togglePause);
    connect(m_table, &EventTable::copyRequested, this, &StreamsPage::copySelected);
    connect(m_table, &EventTable::menuRequested, this, &StreamsPage::openMenu);
    connect(m_table, &EventTable::sortRequested, &m_model, &EventTableModel::sortBy);
    connect(&m_model.cache(), &models::event::EventCache::received, this, [this](const QList<qint64> &sequences) {
        if (sequences.contains(m_table->currentSequence()))
            showCurrentEvent();
        if (m_wantedMenu && sequences.contains(m_wantedMenu->sequence)) {
            const WantedMenu wanted = *std::exchange(m_wantedMenu, std::nullopt);
            openMenuOf(wanted.sequence, wanted.column, wanted.at);
        }
    });
    connect(&m_model.cache(), &models::event::EventCache::failed, this, [this](const connectors::Error &error) {
        m_wantedMenu.reset();
        if (!m_panel->shownEvent())
            m_panel->showError(error);
    });
    connect(m_panel, &event::EventPanel::filterRequested, this, &StreamsPage::filterBy);
    connect(m_panel, &event::EventPanel::columnRequested, this, &StreamsPage::showColumn);
    connect(m_panel, &event::EventPanel::traceRequested, this, &StreamsPage::showTrace);
    connect(m_panel, &event::EventPanel::aggregateRequested, this, &StreamsPage::showAggregate);
    m_panel->setFindPrevious([this](const models::event::CachedEvent &event, event::CompareWith with) { return findPrevious(event, with); });
}

void StreamsPage::follow(Connection *connection)
{
    connect(connection, &Connection::streamsReceived, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::stateChanged, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    if (isVisible())
        watch(true);
    m_gate.start();
}

void StreamsPage::forget(Connection *connection)
{
    if (connection->name() == m_connection) {
        m_jumpStop.request_stop();
        m_jumpNotice->clear();
        m_feed.clear();
        m_panel->clear();
        m_connection.clear();
        m_stream.clear();
    }
    m_gate.start();
}

void StreamsPage::watch(bool isWatching)
{
    std::vector<Subject> subjects;
    if (isWatching)
        subjects.push_back(Subject::Streams);
    if (isWatching && m_streams->isWithInternal())
        subjects.push_back(Subject::InternalStreams);
    for (Connection *each : m_workspace.connections())
        each->watch(this, subjects);
}

void StreamsPage::showEvent(QShowEvent *event)
{
    watch(true);
    Page::showEvent(event);
}

void StreamsPage::hideEvent(QHideEvent *event)
{
    watch(false);
    Page::hideEvent(event);
}

void StreamsPage::refreshWhenShown()
{
    m_streams->update();
    updateState();
    if (!m_wanted.page.isEmpty())
        goTo(std::exchange(m_wanted, {}));
    else if (m_connection.isEmpty())
        chooseFirst();
    if (!m_feed.wasStarted())
        updatePlan();
}

void StreamsPage::refresh()
{
    m_workspace.refresh();
    if (!m_connection.isEmpty() && !m_feed.isFollowing())
        read();
}

Connection *StreamsPage::connection() const
{
    return m_workspace.find(m_connection);
}

void StreamsPage::updateState()
{
    const bool hasStreams = m_streams->model().streamCount() > 0 || !m_connection.isEmpty();
    const auto &connections = m_workspace.connections();
    const bool isAnyKnown = std::any_of(connections.cbegin(), connections.cend(), [](const Connection *each) { return each->streams().hasValue(); });
    m_stack->setCurrentWidget(hasStreams || isAnyKnown ? static_cast<QWidget *>(m_outer) : m_nothing);
    if (m_stack->currentWidget() == m_nothing) {
        std::vector<widgets::NamedError> errors;
        for (const Connection *each : connections)
            if (const auto &error = each->error() ? each->error() : each->streams().error)
                errors.push_back({text::untrusted(each->name(), 60), *error});
        if (!errors.empty())
            return m_nothing->showErrors(errors.size() == 1 ? tr("The streams of %1 could not be read").arg(errors.front().name)
                                                            : tr("The streams of %1 connections could not be read").arg(text::exact(std::ssize(errors))),
                                         errors, tr("Try again"));
        if (connections.isEmpty())
            return m_nothing->showEmpty(tr("No connection is open"), tr("Open a connection to see its streams."), {}, QStringLiteral("streams"));
        return m_nothing->showLoading(tr("Reading the streams"));
    }
    const bool isChosen = !m_connection.isEmpty();
    arrangeColumns();
    m_range->setEnabled(isChosen);
    m_range->setPartitioned(isPartitioned(knownStreams()));
    m_filter->setEnabled(isChosen);
    m_histogram->setVisible(isChosen);
    if (!isChosen) {
        m_tableStack->setCurrentWidget(m_state);
        m_status->clear();
        m_cancel->hide();
        m_state->showEmpty(tr("No stream is chosen"), tr("Choose a stream at the left to see its newest events, or a connection to see those of all its streams."), {},
                           QStringLiteral("streams"));
    }
}

void StreamsPage::updatePlan()
{
    if (m_connection.isEmpty() || m_feed.isRunning())
        return;
    const auto request = makeRequest();
    m_status->setText(request ? planWords(*request, knownStreams()) : text::error(request.error()));
    m_cancel->hide();
}

void StreamsPage::updateStatus()
{
    m_histogram->setHistogram(m_feed.histogram());
    m_range->setReading(m_feed.isRunning(), m_feed.isFollowing(), m_feed.isPaused());
    m_table->setSortingOffered(!m_feed.isRunning());
    m_cancel->setVisible(m_feed.isRunning());
    m_goOnBehind->setVisible(m_feed.canGoOnBehind());
    const connectors::ReadReport &report = m_feed.report();
    if (m_feed.isRunning()) {
        QString words = progressWords(report, m_expected, m_feed.job() ? m_feed.job()->ratePerSecond() : 0, m_feed.job() ? m_feed.job()->remainingMs() : std::nullopt);
        if (m_feed.isPaused())
            words = tr("Paused. ") + words;
        if (!report.leftOut.empty())
            words += u' ' + leftOutWords(report) + u'.';
        m_status->setText(words);
    }
    const qint64 scanned = m_filter->searchText().isEmpty() || m_isSearchInBodies ? report.scanned : m_model.list().count();
    const qint64 shown = std::min<qint64>(m_model.rowCount(), scanned); // what is left out has a row, but was not scanned
    m_filter->setCount(m_feed.wasStarted() ? tr("%1 of %2").arg(text::exact(shown), text::exact(scanned)) : QString(),
                       m_feed.wasStarted() && !m_feed.isRunning() && !m_feed.error() && report.leftOut.empty());
    if (m_model.dropped() > 0)
        m_status->setText(m_status->text() + u' ' + tr("The oldest %1 made room for newer ones.").arg(text::exact(m_model.dropped())));
    if (m_model.rowCount() > 0)
        m_tableStack->setCurrentWidget(m_table);
    else if (m_feed.isRunning())
        m_state->showLoading(m_feed.isFollowing() ? tr("Waiting for the next event") : tr("Reading events"));
    if (m_model.rowCount() == 0 && m_feed.isRunning())
        m_tableStack->setCurrentWidget(m_state);
}

void StreamsPage::showCurrentEvent()
{
    const qint64 sequence = m_table->currentSequence();
    if (sequence < m_model.list().first() || sequence >= m_model.list().end())
        return;
    if (const auto event = m_model.cache().find(sequence))
        return m_panel->setEvent(m_connection, *event, connection() ? connection()->connector() : nullptr);
    const connectors::EventAddress address = m_model.list().address(sequence);
    if (m_model.cache().isGone(sequence))
        return m_panel->showGone(address);
    m_panel->showLoading(address);
    m_model.cache().request(sequence, address, m_model.list().entry(sequence).size);
}

void StreamsPage::applySearch()
{
    m_isSearchInBodies = false;
    m_model.setSearch(m_filter->searchText());
    updateStatus();
    if (m_model.rowCount() == 0 && !m_model.isSearching() && m_feed.wasStarted() && !m_feed.isRunning())
        feedFinished();
}

} // namespace ui::streams
