// SPDX-License-Identifier: GPL-3.0-or-later
// What the Streams page reads: from the choice of a stream to the end of a read.
#include "ui/streams/streams_page.h"

#include "ui/event/event_panel.h"
#include "ui/event/value_text.h"
#include "ui/streams/condition_edit.h"
#include "ui/streams/event_table.h"
#include "ui/streams/filter_bar.h"
#include "ui/streams/range_bar.h"
#include "ui/streams/stream_list.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace ui::streams {

using connectors::EventAddress;
using connectors::ReadRequest;
using models::connection::Connection;
namespace text = ui::widgets::text;

namespace {

constexpr qint64 ProductionBytesPerSecond = 20'000'000;
constexpr qint64 TailStartEvents = 100; ///< what a tail shows before anything new comes
constexpr qint64 EventsAround = 500;    ///< on each side of an event that is gone to

} // namespace

/// An empty page helps nobody, and the newest events of one stream burden no system: the deepest one is chosen.
void StreamsPage::chooseFirst()
{
    for (const Connection *each : m_workspace.connections()) {
        const connectors::StreamInfo *deepest = nullptr;
        for (const connectors::StreamInfo &stream : each->streams().value.streams)
            if (!stream.isInternal && (!deepest || depthOf(stream).value_or(0) > depthOf(*deepest).value_or(0)))
                deepest = &stream;
        if (!deepest)
            continue;
        const QString stream = deepest->stream; // choosing may make a poll replace the list
        m_streams->setCurrent(each->name(), stream);
        return choose(each->name(), stream);
    }
}

void StreamsPage::choose(const QString &connectionName, const QString &stream)
{
    if (connectionName == m_connection && stream == m_stream && m_feed.wasStarted())
        return;
    m_connection = connectionName;
    m_stream = stream;
    m_panel->clear();
    m_table->forgetCurrent();
    m_range->setRange(QStringLiteral("last:1000"), QStringLiteral("latest"));
    updateState();
    read();
    Q_EMIT placeChanged();
}

KnownStreams StreamsPage::knownStreams() const
{
    KnownStreams known;
    const Connection *open = connection();
    if (!open)
        return known;
    for (const connectors::StreamInfo &stream : open->streams().value.streams)
        if (m_stream.isEmpty() ? !stream.isInternal : stream.stream == m_stream)
            known.push_back(stream);
    return known;
}

connectors::Result<ReadRequest> StreamsPage::makeRequest() const
{
    ReadRequest request;
    if (!m_stream.isEmpty())
        request.streams = {m_stream};
    const auto from = m_range->from();
    if (!from)
        return tl::unexpected(from.error());
    const auto to = m_range->to();
    if (!to)
        return tl::unexpected(to.error());
    request.from = *from;
    request.to = *to;
    request.where = m_filter->where();
    request.limit = m_model.list().capacity();
    const Connection *open = connection();
    if (open && connectors::countsAsProduction(open->environment()) && !m_isLimitLifted)
        request.maxBytesPerSecond = ProductionBytesPerSecond;
    return request;
}

void StreamsPage::read()
{
    auto request = makeRequest();
    if (!request)
        return showRefusal(request.error());
    m_isSearchInBodies = false;
    start(*request);
}

void StreamsPage::readWholeStream()
{
    m_range->setRange(QStringLiteral("earliest"), QStringLiteral("latest"));
    auto request = makeRequest();
    if (!request)
        return showRefusal(request.error());
    m_isSearchInBodies = !m_filter->searchText().isEmpty();
    if (m_isSearchInBodies)
        request->search = connectors::ExactSearch{connectors::SearchField::Anywhere, {m_filter->searchText().toUtf8()}};
    start(*request);
}

void StreamsPage::tail(bool isWanted)
{
    if (!isWanted)
        return m_feed.cancel();
    auto request = makeRequest();
    if (!request)
        return showRefusal(request.error());
    m_isSearchInBodies = false;
    request->from = connectors::Newest{TailStartEvents};
    request->to = connectors::Latest{};
    request->isFollowing = true;
    request->isDroppingWhenFull = true;
    request->limit.reset(); // the oldest make room
    start(*request);
}

/// Without the filter, which may leave out the very event that is wanted. A bound that a partition does not have is refused;
/// ranges are cut at its ends.
ReadRequest StreamsPage::requestAround(qint64 position, std::optional<int> partition)
{
    m_isSearchInBodies = false;
    m_filter->setWhere({});
    m_filter->setSearchText({});
    const qint64 from = std::max<qint64>(0, position - EventsAround);
    const qint64 to = position + EventsAround;
    std::vector<connectors::PartitionRead> ranges;
    const KnownStreams known = knownStreams();
    bool isBeyond = !known.empty();
    for (const connectors::StreamInfo &stream : known) {
        for (const connectors::PartitionExtent &extent : stream.partitions) {
            if (extent.partition != partition.value_or(extent.partition) || extent.end.value_or(from) < from)
                continue;
            ranges.push_back({stream.stream, extent.partition, std::max(from, extent.start.value_or(0)), to, 0, 0});
            isBeyond = isBeyond && extent.end && *extent.end <= to;
        }
    }
    m_range->setRange(QString::number(from), isBeyond ? QStringLiteral("latest") : QString::number(to));
    ReadRequest request = makeRequest().value(); // of what was just written
    if (partition)
        request.partitions = {*partition};
    if (!m_stream.isEmpty()) // else an event may be in several of the streams
        request.ranges = std::move(ranges);
    return request;
}

void StreamsPage::readAround(const EventAddress &address)
{
    ReadRequest request = requestAround(address.position, address.partition);
    request.streams = {address.stream};
    const qint64 from = std::max<qint64>(0, address.position - EventsAround);
    const auto known = std::find_if(request.ranges.cbegin(), request.ranges.cend(), [&address](const auto &range) { return range.stream == address.stream; });
    request.ranges = {{address.stream, address.partition, known == request.ranges.cend() ? from : known->from, address.position + EventsAround, 0, 0}};
    start(request);
    m_wantedEvent = address;
}

void StreamsPage::start(const ReadRequest &request)
{
    Connection *open = connection();
    if (!open || !m_filter->check())
        return updateStatus(); // what is shown stays
    m_jumpStop.request_stop();
    m_jumpNotice->clear();
    m_wantedJump.reset();
    m_wantedEvent.reset();
    m_wantedMenu.reset();
    m_panel->clear();
    m_table->forgetCurrent();
    m_model.setSearch(m_isSearchInBodies ? QString() : m_filter->searchText());
    m_table->setSortingOffered(false);
    m_expected = expectedEvents(request, knownStreams());
    const QString name = text::untrusted(m_stream.isEmpty() ? m_connection : m_stream, 60);
    const QString title = request.isFollowing ? tr("Tail %1").arg(name) : request.where.isEmpty() && !request.search ? tr("Read %1").arg(name) : tr("Search %1").arg(name);
    m_feed.start(open->connector(), request, title, m_expected.value_or(-1));
}

QString StreamsPage::sourceWords() const
{
    return m_stream.isEmpty() ? tr("all streams of %1").arg(text::untrusted(m_connection, 60)) : text::untrusted(m_stream, 60);
}

void StreamsPage::togglePause()
{
    if (m_feed.isRunning())
        m_feed.setPaused(!m_feed.isPaused());
    updateStatus();
}

void StreamsPage::feedFinished()
{
    if (m_feed.error())
        return showReadError(*m_feed.error());
    const connectors::ReadReport &report = m_feed.report();
    m_status->setText(reportWords(report, sourceWords()));
    updateStatus();
    if (m_model.rowCount() == 0 && !m_model.isSearching()) {
        m_tableStack->setCurrentWidget(m_state);
        if (m_model.list().count() > 0 || report.scanned > 0)
            m_state->showEmpty(tr("No event matches"), tr("%1 events were looked at. Change the filter, or read the whole stream.").arg(text::exact(report.scanned)), {},
                               QStringLiteral("filter"));
        else
            m_state->showEmpty(tr("There is no event in this range"), tr("The range from %1 holds nothing. Choose an earlier beginning.").arg(sourceWords()), {},
                               QStringLiteral("info"));
    }
    // Partitions come one after another or mixed; people read by time.
    if (report.partitions.size() > 1 && !m_feed.request().isFollowing)
        m_model.sortBy(models::event::EventColumn::Kind::Time, Qt::AscendingOrder);
    if (const auto jump = std::exchange(m_wantedJump, std::nullopt)) {
        selectNearest(*jump);
    } else if (const auto wanted = std::exchange(m_wantedEvent, std::nullopt)) {
        const qint64 found = m_model.find(*wanted);
        if (found >= 0)
            m_table->setCurrentSequence(found);
        else
            m_panel->showGone(*wanted);
    } else if (m_table->currentSequence() < 0 && std::holds_alternative<connectors::Newest>(m_feed.request().from)) {
        if (m_model.rowCount() > 0)
            m_table->setCurrentSequence(m_model.sequenceOf(m_model.rowCount() - 1));
    }
}

/// What was typed cannot be read; what is shown stays.
void StreamsPage::showRefusal(const connectors::Error &error)
{
    updateStatus();
    m_status->setText(text::error(error));
}

/// The condition's own problem is told at the bar, anything else in place of the table.
void StreamsPage::showReadError(const connectors::Error &error)
{
    updateStatus();
    const bool isAboutFilter = error.code == connectors::ErrorCode::InvalidInput && !m_filter->where().isEmpty();
    if (isAboutFilter)
        m_filter->setProblem(models::event::ConditionProblem{error.message, error.advice, 0, m_filter->where().size()});
    m_status->setText(isAboutFilter ? QString() : text::error(error));
    if (m_model.rowCount() > 0)
        return;
    m_tableStack->setCurrentWidget(m_state);
    m_state->showError(isAboutFilter ? tr("The filter cannot be used") : tr("The events could not be read"), error, tr("Read again"));
}

void StreamsPage::goTo(const frame::Place &place)
{
    if (place.object.isEmpty() && !place.address && place.connection.isEmpty())
        return;
    QString name = place.connection;
    if (name.isEmpty() && !m_workspace.connections().isEmpty())
        name = m_workspace.connections().front()->name();
    const Connection *open = m_workspace.find(name);
    if (!open || open->state() != models::connection::ConnectionState::Open) {
        m_wanted = place;
        m_wanted.page = id();
        return;
    }
    const QString stream = place.object.isEmpty() && place.address ? place.address->stream : place.object;
    m_streams->setCurrent(name, stream);
    if (!place.address)
        return choose(name, stream);
    const bool isSame = name == m_connection && stream == m_stream;
    m_connection = name;
    m_stream = stream;
    updateState();
    const qint64 known = isSame ? m_model.find(*place.address) : -1;
    if (known < 0 || !m_table->setCurrentSequence(known))
        readAround(*place.address);
    m_table->setFocus(Qt::OtherFocusReason); // from the event on by the keyboard
    if (!isSame)
        Q_EMIT placeChanged();
}

frame::Place StreamsPage::place() const
{
    const qint64 current = m_table->currentSequence();
    const bool isHere = current >= m_model.list().first() && current < m_model.list().end();
    return {id(), m_connection, m_stream, isHere ? std::optional(m_model.list().address(current)) : std::nullopt};
}

} // namespace ui::streams
