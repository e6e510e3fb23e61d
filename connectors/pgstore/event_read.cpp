// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/event_read.h"

#include "connectors/json_text.h"
#include "connectors/pgstore/event_rows.h"
#include "connectors/pgstore/scope_queries.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr std::chrono::milliseconds PollInterval(1000); ///< a transaction that is rolled back tells nobody
constexpr size_t ValuesAtOnce = 1000;

const char *indexedColumn(SearchField field)
{
    switch (field) {
    case SearchField::EventId: return "event_id";
    case SearchField::CorrelationId: return "correlation_id";
    case SearchField::CausationId: return "causation_id";
    case SearchField::AggregateId: return "aggregate_id";
    case SearchField::Key:
    case SearchField::Anywhere: break;
    }
    return nullptr;
}

/// No text of the store is equal to any other.
bool canBeStored(const QByteArray &value)
{
    return !value.contains('\0') && json::isUtf8({value.constData(), static_cast<size_t>(value.size())});
}

} // namespace

EventRead::EventRead(const postgres::Options &options, ReadRequest request, EventChannelPtr channel, TrafficCounter &traffic)
    : m_options(options)
    , m_request(std::move(request))
    , m_channel(std::move(channel))
    , m_traffic(traffic)
{
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

std::unique_ptr<StoreConnection> EventRead::open() const
{
    return openForLooking(m_options, [stop = m_channel->stopToken()] { return stop.stop_requested(); });
}

Rows EventRead::ask(const QByteArray &sql, const Parameters &parameters)
{
    Rows rows = m_store->database.query(sql, parameters);
    m_traffic.add(1, rows.bytes());
    return rows;
}

ReadReport EventRead::readAll()
{
    m_delivery.emplace(m_request, m_channel, m_report, [this] { reportProgress(); });
    m_store = open();
    m_storeId = m_store->storeId;
    if (m_request.isFollowing)
        m_store->database.listen(m_store->channel()); // before the head is read: nothing falls between
    const StoreHead head = readHead(*m_store);
    prepareParts(head);
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
    else if (const QString note = m_delivery->isOver() ? QString() : heldBackNote(*m_store, head); !note.isEmpty() && m_request.ranges.empty())
        m_notes += note;
    m_delivery->finish(m_notes);
    return m_report;
}

/// Leaves out what the condition rules out by time or by id. The report's range stays what was asked for: its index covers it.
void EventRead::pushDown()
{
    const query::Pushdown pushdown = m_delivery->pushdown();
    if (!m_request.search && pushdown.search && indexedColumn(pushdown.search->field))
        m_request.search = pushdown.search;
    for (Part &part : m_parts) {
        const auto inside = [&](std::optional<qint64> position, qint64 otherwise) { return std::clamp(position.value_or(otherwise), part.read.next, part.read.to); };
        if (pushdown.before)
            part.stop = inside(positionAfter(*m_store, *pushdown.before), part.read.next);
        if (pushdown.from)
            part.read.next = inside(positionAt(*m_store, part.scope, *pushdown.from, part.read.to), part.read.to);
    }
}

void EventRead::prepareParts(const StoreHead &head)
{
    if (!m_request.partitions.empty() && std::find(m_request.partitions.cbegin(), m_request.partitions.cend(), 0) == m_request.partitions.cend())
        fail(ErrorCode::NotFound, QStringLiteral("Streams of an event store have partition 0 only."), QStringLiteral("Ask without a partition."));
    if (!m_request.ranges.empty())
        return prepareRanges(head);
    const std::vector<QString> streams = m_request.streams.empty() ? std::vector<QString>{AllStreams} : m_request.streams;
    for (const QString &stream : streams) {
        Part part{StreamScope(stream), PartitionRead{stream, 0, 0, 0, 0, 0}};
        // A tail may wait for a stream that is yet to come.
        if (!m_request.isFollowing)
            requireScope(*m_store, part.scope);
        resolveRange(part, head);
        m_parts.push_back(std::move(part));
    }
}

void EventRead::prepareRanges(const StoreHead &head)
{
    for (const PartitionRead &range : m_request.ranges) {
        Part part{StreamScope(range.stream), range};
        requireScope(*m_store, part.scope);
        part.read.from = std::max<qint64>(range.from, 0);
        // What an open transaction may still add to is not read, and not said to be.
        const qint64 last = head.safeHead < head.end ? std::max(head.safeHead, part.read.from) : range.to;
        part.read.to = std::max(std::min(range.to, last), part.read.from);
        part.read.next = part.read.from;
        part.read.events = 0;
        m_parts.push_back(std::move(part));
    }
}

void EventRead::resolveRange(Part &part, const StoreHead &head)
{
    if (const auto *at = std::get_if<AtPosition>(&m_request.from); at && at->position > head.end)
        fail(ErrorCode::Refused,
             QStringLiteral("Position %1 cannot be read: %2 holds positions %3 to %4.").arg(at->position).arg(m_store->place()).arg(head.start).arg(head.end - 1),
             QStringLiteral("Choose a position in this range."));
    if (const auto *at = std::get_if<AtTime>(&m_request.from); at && !positionAt(*m_store, part.scope, at->time, head.safeHead))
        m_notes += QStringLiteral("No event at or after %1 in %2.").arg(QDateTime::fromMSecsSinceEpoch(at->time, Qt::UTC).toString(Qt::ISODateWithMs), part.read.stream);
    part.read.from = resolve(m_request.from, part.scope, head);
    part.read.to = m_request.isFollowing ? head.safeHead : std::min(resolve(m_request.to, part.scope, head), head.safeHead);
    part.read.to = std::max(part.read.to, part.read.from);
    part.read.next = part.read.from;
}

qint64 EventRead::resolve(const PositionSpec &spec, const StreamScope &scope, const StoreHead &head)
{
    if (std::holds_alternative<Earliest>(spec))
        return std::min(head.start, head.safeHead);
    if (const auto *at = std::get_if<AtPosition>(&spec))
        return std::max<qint64>(at->position, 0);
    if (const auto *at = std::get_if<AtTime>(&spec))
        return positionAt(*m_store, scope, at->time, head.safeHead).value_or(head.safeHead);
    if (const auto *newest = std::get_if<Newest>(&spec))
        return newestPosition(*m_store, scope, newest->count, head.safeHead).value_or(head.safeHead);
    return head.safeHead;
}

bool EventRead::isIndexed() const
{
    return m_request.search && indexedColumn(m_request.search->field);
}

EventRead::Chunk EventRead::readChunk(const QByteArray &sql, const Parameters &parameters)
{
    const Rows rows = ask(sql, parameters);
    EventBatchBuilder builder;
    for (int row = 0; row < rows.count(); ++row)
        addRow(builder, rows, row);
    return {builder.take(), rows.count() == 0 ? 0 : rows.integer(rows.count() - 1, 0), rows.bytes()};
}

/// From `next` on the part is to be read. False when the read is over.
bool EventRead::deliver(Part &part, const Chunk &chunk, qint64 next)
{
    part.read.next = next;
    part.read.events += chunk.batch->count();
    m_report.scanned += chunk.batch->count();
    return chunk.batch->count() == 0 || m_delivery->deliver(chunk.batch, false);
}

bool EventRead::readPart(Part &part, qint64 to)
{
    // A chunk ends before the event with which it would be larger than a batch, but has one.
    const QByteArray sql = QByteArray("SELECT ") + EventColumns + " FROM (SELECT *, sum(" + EventBytes + ") OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - "
        + EventBytes + " AS before FROM (SELECT * FROM events WHERE " + conditionOf(part.scope)
        + " AND position >= $2 AND position < $3 ORDER BY position LIMIT $4) AS chunk) AS summed WHERE before < " + QByteArray::number(query::LargeBatchBytes)
        + " ORDER BY position";
    while (part.read.next < to && !m_delivery->isOver() && !part.isGivenUp) {
        const qint64 wanted = m_delivery->chunkLimit();
        Chunk chunk;
        try {
            chunk = readChunk(sql, Parameters().add(part.scope.name()).add(part.read.next).add(to).add(wanted));
        } catch (const std::bad_alloc &) {
            if (!readOne(part, to))
                return false;
            continue;
        }
        // Fewer than wanted, not cut by their size: nothing is left below `to`.
        const bool isLastChunk = chunk.batch->count() == 0 || (chunk.batch->count() < wanted && chunk.bytes < query::LargeBatchBytes);
        if (!deliver(part, chunk, isLastChunk ? to : chunk.last + 1))
            return false;
        reportProgress();
    }
    return !m_delivery->isOver();
}

/// The next event alone, after a chunk with it took more memory than there is; where it does too, the part is given up at it, and
/// nothing is read behind it before the user says so.
bool EventRead::readOne(Part &part, qint64 to)
{
    reconnectIfLost();
    const Rows next = ask("SELECT position FROM events WHERE " + conditionOf(part.scope) + " AND position >= $2 AND position < $3 ORDER BY position LIMIT 1",
                          Parameters().add(part.scope.name()).add(part.read.next).add(to));
    if (next.count() == 0)
        return true;
    const qint64 position = next.integer(0, 0);
    Chunk chunk;
    try {
        chunk = readChunk(QByteArray("SELECT ") + EventColumns + " FROM events WHERE position = $1", Parameters().add(position));
    } catch (const std::bad_alloc &) {
        giveUpAt(part, position);
        return true;
    }
    return deliver(part, chunk, position + 1);
}

void EventRead::giveUpAt(Part &part, qint64 position)
{
    reconnectIfLost();
    part.isGivenUp = true;
    part.read.next = position;
    m_report.leftOut.push_back({part.read.stream, 0, position, std::nullopt, QStringLiteral("exceeds the limit (takes more memory than a process may take)")});
}

std::vector<qint64> EventRead::searchPositions(const Part &part)
{
    QByteArrayList values;
    std::copy_if(m_request.search->values.cbegin(), m_request.search->values.cend(), std::back_inserter(values), canBeStored);
    const QByteArray sql = "SELECT position FROM events WHERE " + conditionOf(part.scope) + " AND position >= $2 AND position < $3 AND "
        + indexedColumn(m_request.search->field) + " = ANY ($4::text[])";
    std::vector<qint64> positions;
    for (qsizetype begin = 0; begin < values.size(); begin += ValuesAtOnce) {
        const Rows found = ask(sql, Parameters().add(part.scope.name()).add(part.read.next).add(part.read.to).addArray(values.mid(begin, ValuesAtOnce)));
        for (int row = 0; row < found.count(); ++row)
            positions.push_back(found.integer(row, 0));
    }
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    return positions;
}

/// What the index has answered for, counted last: what was found need not wait. Counting takes longer than any statement may only
/// where there are hundreds of millions; then it is as many as there are positions.
qint64 EventRead::coveredEvents(const Part &part, qint64 from)
{
    try {
        return countEvents(*m_store, part.scope, from, part.read.to);
    } catch (const ThrownError &failed) {
        if (failed.error.code != ErrorCode::TimedOut || !m_store->database.isUsable())
            throw;
        return part.read.to - from;
    }
}

/// Looks ids up in their index; everything in the range counts as scanned, because the index covers it.
bool EventRead::readBySearch(Part &part)
{
    const qint64 from = part.read.next;
    const std::vector<qint64> positions = searchPositions(part);
    bool isWanted = true;
    const auto take = [&](const Rows &rows) {
        m_traffic.add(2, rows.bytes());
        EventBatchBuilder builder;
        for (int row = 0; row < rows.count() && isWanted; ++row) {
            addRow(builder, rows, row);
            if (builder.count() < m_request.batchEvents && row + 1 < rows.count())
                continue;
            part.read.next = rows.integer(row, 0) + 1;
            isWanted = m_delivery->deliver(builder.take(), true);
        }
        return isWanted;
    };
    readPositions(*m_store, positions, take);
    if (!isWanted)
        return false;
    const qint64 covered = coveredEvents(part, from);
    part.read.next = part.read.to;
    part.read.events += covered;
    m_report.scanned += covered;
    reportProgress();
    return !m_delivery->isOver();
}

void EventRead::follow()
{
    while (!m_delivery->isOver()) {
        try {
            if (!m_store)
                reconnect();
            if (!followOnce())
                return;
            std::ignore = m_store->database.waitForNotification(PollInterval);
        } catch (const ThrownError &failed) {
            if (failed.error.code != ErrorCode::CannotConnect || !failed.error.isRetryable)
                throw;
            m_store.reset();
            std::ignore = m_delivery->sleep(PollInterval);
        }
    }
}

/// False when the read is over.
bool EventRead::followOnce()
{
    const StoreHead head = readHead(*m_store);
    for (Part &part : m_parts) {
        if (part.isGivenUp || head.safeHead <= part.read.next)
            continue;
        part.read.to = head.safeHead;
        if (!(isIndexed() ? readBySearch(part) : readPart(part, head.safeHead)))
            return false;
    }
    return true;
}

/// Where the memory did not suffice libpq may have given the connection up.
void EventRead::reconnectIfLost()
{
    if (!m_store->database.isUsable())
        reconnect();
}

/// The same store once more; another one in its place is not what was asked for.
void EventRead::reconnect()
{
    m_store = open();
    if (m_store->storeId != m_storeId)
        fail(ErrorCode::NotFound, QStringLiteral("%1 is another event store than the one that was read.").arg(m_store->place()), QStringLiteral("Read again."));
    if (m_request.isFollowing)
        m_store->database.listen(m_store->channel());
}

void EventRead::reportProgress()
{
    m_report.partitions.clear();
    for (const Part &part : m_parts)
        m_report.partitions.push_back(part.read);
    m_channel->updateProgress(m_report);
}

} // namespace connectors::pgstore
