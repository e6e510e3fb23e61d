// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_read.h"

#include "connectors/eventstore/event_rows.h"
#include "connectors/eventstore/scope_queries.h"
#include "connectors/eventstore/store_file.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace connectors::eventstore {

namespace {

constexpr std::chrono::milliseconds PollInterval(100);

struct IndexedField {
    const char *column;
    const char *index;
};

std::optional<IndexedField> indexedField(SearchField field)
{
    switch (field) {
    case SearchField::EventId: return IndexedField{"event_id", "events_id"};
    case SearchField::CorrelationId: return IndexedField{"correlation_id", "events_correlation"};
    case SearchField::CausationId: return IndexedField{"causation_id", "events_causation"};
    case SearchField::AggregateId: return IndexedField{"aggregate_id", "events_aggregate"};
    case SearchField::Key:
    case SearchField::Anywhere: break;
    }
    return std::nullopt;
}

} // namespace

EventRead::EventRead(sqlite::Database &database, ReadRequest request, EventChannelPtr channel, TrafficCounter &traffic)
    : m_database(database)
    , m_request(std::move(request))
    , m_channel(std::move(channel))
    , m_traffic(traffic)
{
    m_database.setCancelledCheck([stop = m_channel->stopToken()] { return stop.stop_requested(); });
}

EventRead::~EventRead() = default;

void EventRead::run()
{
    auto result = guarded([this] { return readAll(); });
    if (const auto why = result ? whyIncomplete(*result) : std::nullopt)
        result = tl::unexpected<Error>(*why);
    if (!result && result.error().code == ErrorCode::Cancelled) {
        reportProgress();
        m_report.stopReason = StopReason::Cancelled;
        result = m_report;
    }
    m_channel->finish(std::move(result));
}

ReadReport EventRead::readAll()
{
    m_delivery.emplace(m_request, m_channel, m_report, [this] { reportProgress(); });
    prepareParts();
    for (Part &part : m_parts)
        part.stop = part.read.to;
    pushDown();
    for (Part &part : m_parts) {
        if (!(isIndexed() ? readBySearch(part) : readPart(part, part.stop)))
            break;
        if (!part.isGivenUp)
            part.read.next = std::max(part.read.next, part.read.to);
    }
    if (m_request.isFollowing && !m_delivery->isOver())
        follow();
    m_delivery->finish(m_notes);
    return m_report;
}

/// Leaves out what the condition rules out by time (which never goes back in a store) or by id. The report's range stays what
/// was asked for: its index covers it.
void EventRead::pushDown()
{
    const query::Pushdown pushdown = m_delivery->pushdown();
    if (!m_request.search && pushdown.search && indexedField(pushdown.search->field))
        m_request.search = pushdown.search;
    for (Part &part : m_parts) {
        const auto positionOf = [&](EpochMs time) { return std::clamp(positionAt(m_database, part.scope, time).value_or(part.read.to), part.read.next, part.read.to); };
        if (pushdown.before)
            part.stop = positionOf(*pushdown.before);
        if (pushdown.from)
            part.read.next = positionOf(*pushdown.from);
    }
}

void EventRead::prepareParts()
{
    if (!m_request.partitions.empty() && std::find(m_request.partitions.cbegin(), m_request.partitions.cend(), 0) == m_request.partitions.cend())
        fail(ErrorCode::NotFound, QStringLiteral("Streams of an event store have partition 0 only."), QStringLiteral("Ask without a partition."));
    const qint64 end = storeEnd(m_database);
    if (!m_request.ranges.empty()) {
        for (const PartitionRead &range : m_request.ranges) {
            Part part{Scope(range.stream), range};
            requireScope(m_database, part.scope);
            part.read.from = std::max<qint64>(range.from, 0);
            part.read.to = std::max(range.to, part.read.from);
            part.read.next = part.read.from;
            part.read.events = 0;
            m_parts.push_back(std::move(part));
        }
        return;
    }
    const std::vector<QString> streams = m_request.streams.empty() ? std::vector<QString>{AllStreams} : m_request.streams;
    for (const QString &stream : streams) {
        Part part{Scope(stream), PartitionRead{stream, 0, 0, 0, 0, 0}};
        // A tail may wait for a stream that is yet to come.
        if (!m_request.isFollowing)
            requireScope(m_database, part.scope);
        resolveRange(part, end);
        m_parts.push_back(std::move(part));
    }
}

void EventRead::resolveRange(Part &part, qint64 end)
{
    if (const auto *at = std::get_if<AtPosition>(&m_request.from); at && at->position > end)
        fail(ErrorCode::Refused,
             QStringLiteral("Position %1 cannot be read: %2 holds positions %3 to %4.").arg(at->position).arg(m_database.path()).arg(storeStart(m_database)).arg(end - 1),
             QStringLiteral("Choose a position in this range."));
    if (const auto *at = std::get_if<AtTime>(&m_request.from); at && !positionAt(m_database, part.scope, at->time))
        m_notes += QStringLiteral("No event at or after %1 in %2.").arg(QDateTime::fromMSecsSinceEpoch(at->time, Qt::UTC).toString(Qt::ISODateWithMs), part.read.stream);
    part.read.from = resolve(m_request.from, part.scope, end);
    part.read.to = m_request.isFollowing ? end : std::min(resolve(m_request.to, part.scope, end), end);
    part.read.to = std::max(part.read.to, part.read.from);
    part.read.next = part.read.from;
}

qint64 EventRead::resolve(const PositionSpec &spec, const Scope &scope, qint64 end)
{
    if (std::holds_alternative<Earliest>(spec))
        return storeStart(m_database);
    if (const auto *at = std::get_if<AtPosition>(&spec))
        return std::max<qint64>(at->position, 0);
    if (const auto *at = std::get_if<AtTime>(&spec))
        return positionAt(m_database, scope, at->time).value_or(end);
    if (const auto *newest = std::get_if<Newest>(&spec))
        return newestPosition(m_database, scope, newest->count).value_or(end);
    return end;
}

bool EventRead::isIndexed() const
{
    return m_request.search && indexedField(m_request.search->field);
}

EventBatchPtr EventRead::readChunk(Part &part, sqlite::Statement &statement, qint64 *lastPosition)
{
    EventBatchBuilder builder;
    try {
        while (statement.step()) {
            addRow(builder, statement);
            *lastPosition = statement.integer(0);
            if (builder.arenaBytes() > query::LargeBatchBytes)
                break;
        }
    } catch (const std::bad_alloc &) {
        leaveOut(part, std::max(*lastPosition + 1, part.read.next));
    }
    statement.reset();
    m_traffic.add(1, builder.arenaBytes());
    return builder.take();
}

/// The first event from there on. Nothing is read behind it, before the user says so.
void EventRead::leaveOut(Part &part, qint64 position)
{
    sqlite::Statement next(m_database, QByteArray("SELECT position ") + part.scope.from() + " AND position >= ?2" + part.scope.order() + " LIMIT 1");
    next.bind(1, part.scope.name()).bind(2, position);
    const qint64 from = next.step() ? next.integer(0) : position;
    part.isGivenUp = true;
    m_report.leftOut.push_back({part.read.stream, 0, from, std::nullopt, QStringLiteral("exceeds the limit (takes more memory than a process may take)")});
}

bool EventRead::readPart(Part &part, qint64 to)
{
    sqlite::Statement statement(m_database, QByteArray("SELECT ") + EventColumns + ' ' + part.scope.from() + " AND position >= ?2 AND position < ?3"
                                        + part.scope.order() + " LIMIT ?4");
    while (part.read.next < to && !m_delivery->isOver()) {
        const qint64 wanted = m_delivery->chunkLimit();
        statement.bind(1, part.scope.name()).bind(2, part.read.next).bind(3, to).bind(4, wanted);
        qint64 last = -1;
        const EventBatchPtr batch = readChunk(part, statement, &last);
        // Less than a full chunk, not cut by its size: nothing is left below `to`.
        const bool isLastChunk = !part.isGivenUp && (batch->count() == 0 || (batch->count() < wanted && batch->memoryBytes() < query::LargeBatchBytes));
        part.read.next = isLastChunk ? to : part.isGivenUp ? m_report.leftOut.back().from : last + 1;
        part.read.events += batch->count();
        m_report.scanned += batch->count();
        if (batch->count() > 0 && !m_delivery->deliver(batch, isIndexed()))
            return false;
        reportProgress();
        if (part.isGivenUp)
            break;
    }
    return !m_delivery->isOver();
}

/// Looks ids up in their index; everything in the range counts as scanned, because the index covers it.
bool EventRead::readBySearch(Part &part)
{
    const IndexedField field = *indexedField(m_request.search->field);
    const std::vector<QByteArray> &values = m_request.search->values;
    constexpr qsizetype ValuesAtOnce = 500;
    std::vector<qint64> positions;
    for (qsizetype begin = 0; begin < std::ssize(values); begin += ValuesAtOnce) {
        const qsizetype count = std::min(ValuesAtOnce, std::ssize(values) - begin);
        QByteArray list = "?4";
        for (qsizetype i = 1; i < count; ++i)
            list += ", ?" + QByteArray::number(4 + i);
        sqlite::Statement find(m_database, QByteArray("SELECT position FROM events INDEXED BY ") + field.index + " WHERE " + field.column + " IN (" + list
                                       + ") AND +position >= ?2 AND +position < ?3 AND " + (part.scope.kind() == Scope::Kind::All ? "" : "+")
                                       + part.scope.condition());
        find.bind(1, part.scope.name()).bind(2, part.read.next).bind(3, part.read.to);
        for (qsizetype i = 0; i < count; ++i) {
            const QByteArray &value = values[static_cast<size_t>(begin + i)];
            find.bind(static_cast<int>(4 + i), std::string_view(value.constData(), static_cast<size_t>(value.size())));
        }
        while (find.step())
            positions.push_back(find.integer(0));
    }
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    const qint64 covered = countEvents(m_database, part.scope, part.read.next, part.read.to);

    sqlite::Statement row(m_database, QByteArray("SELECT ") + EventColumns + " FROM events WHERE position = ?1");
    EventBatchBuilder builder;
    for (size_t i = 0; i < positions.size() && !m_delivery->isOver(); ++i) {
        if (row.bind(1, positions[i]).step())
            addRow(builder, row);
        row.reset();
        const bool isFull = builder.count() >= m_request.batchEvents || builder.arenaBytes() > query::LargeBatchBytes;
        if (!isFull && i + 1 < positions.size())
            continue;
        m_traffic.add(1, builder.arenaBytes());
        part.read.next = positions[i] + 1;
        if (!m_delivery->deliver(builder.take(), true))
            return false;
    }
    part.read.next = part.read.to;
    part.read.events += covered;
    m_report.scanned += covered;
    reportProgress();
    return !m_delivery->isOver();
}

void EventRead::follow()
{
    qint64 seenVersion = -1;
    do {
        requireUnmoved(m_database);
        // Changes with every commit of any other connection; cheaper than looking for events.
        const qint64 version = m_database.queryInteger("PRAGMA data_version");
        if (version == seenVersion)
            continue;
        seenVersion = version;
        const qint64 end = storeEnd(m_database);
        for (Part &part : m_parts) {
            if (part.isGivenUp || end <= part.read.next)
                continue;
            part.read.to = end;
            if (!(isIndexed() ? readBySearch(part) : readPart(part, end)))
                return;
        }
    } while (m_delivery->sleep(PollInterval));
}

void EventRead::reportProgress()
{
    m_report.partitions.clear();
    for (const Part &part : m_parts)
        m_report.partitions.push_back(part.read);
    m_channel->updateProgress(m_report);
}

} // namespace connectors::eventstore
