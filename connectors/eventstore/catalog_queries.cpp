// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/catalog_queries.h"

#include "connectors/eventstore/scope_queries.h"

#include <algorithm>

namespace connectors::eventstore {

namespace {

constexpr qsizetype MaximumRememberedCounts = 20'000;

/// The distinct values of an index's first column, by one seek each instead of a walk through all events.
std::vector<QString> distinct(sqlite::Database &database, const QByteArray &column, const QByteArray &index)
{
    sqlite::Statement next(database, "SELECT " + column + " FROM events INDEXED BY " + index + " WHERE " + column + " > ?1 ORDER BY " + column + " LIMIT 1");
    std::vector<QString> values;
    next.bind(1, QStringLiteral(""));
    while (next.step()) {
        values.push_back(next.string(0));
        next.reset();
        next.bind(1, values.back());
    }
    return values;
}

StreamInfo emptyInfo(const QString &stream, const StreamListRequest &request)
{
    const Scope scope(stream);
    StreamInfo info;
    info.stream = stream;
    info.kind = scope.kind() == Scope::Kind::Stream ? QStringLiteral("eventStream") : QStringLiteral("category");
    // Listed on request only, since its events are in a category that is listed already.
    info.isInternal = scope.kind() == Scope::Kind::All || (scope.kind() == Scope::Kind::Stream && stream.contains(u'-'));
    if (request.withConfig) {
        info.retentionMs = -1;
        info.retentionBytes = -1;
    }
    info.partitions.emplace_back();
    return info;
}

} // namespace

CatalogQueries::CatalogQueries(sqlite::Database &database)
    : m_database(database)
{
}

StreamList CatalogQueries::listStreams(const StreamListRequest &request)
{
    sqlite::Transaction snapshot(m_database, sqlite::Transaction::Kind::Read);
    StreamList list;
    const qint64 end = storeEnd(m_database);
    const bool isAll = request.streams.empty();
    for (const QString &name : isAll ? categoryNames() : request.streams) {
        const auto found = guarded([&] { requireScope(m_database, Scope(name)); });
        if (found)
            list.streams.push_back(describe(name, request, end));
        else if (found.error().code == ErrorCode::NotFound)
            list.problems.push_back(found.error());
        else
            throw ThrownError{found.error()};
    }
    if (isAll && request.withInternal)
        addInternal(request, end, &list.streams);
    else if (isAll)
        forgetSingleStreams();
    const auto byName = [](const StreamInfo &a, const StreamInfo &b) { return a.stream < b.stream; };
    const auto isSame = [](const StreamInfo &a, const StreamInfo &b) { return a.stream == b.stream; };
    std::stable_sort(list.streams.begin(), list.streams.end(), byName);
    list.streams.erase(std::unique(list.streams.begin(), list.streams.end(), isSame), list.streams.end());
    return list;
}

std::vector<TimePosition> CatalogQueries::positionsAt(const QString &stream, EpochMs time)
{
    sqlite::Transaction snapshot(m_database, sqlite::Transaction::Kind::Read);
    const Scope scope(stream);
    requireScope(m_database, scope);
    return {TimePosition{0, positionAt(m_database, scope, time)}};
}

std::vector<QString> CatalogQueries::categoryNames()
{
    std::vector<QString> names = distinct(m_database, "category", "events_category");
    for (QString &category : names) {
        // A stream without '-' that is alone in its category goes by its own name.
        const Scope single(category);
        const bool isAlone = firstPosition(m_database, single)
            && m_database.prepare("SELECT 1 FROM events INDEXED BY events_stream WHERE stream > ?1 AND stream < ?2 LIMIT 1")
                   .bind(1, QString(category + u'-'))
                   .bind(2, QString(category + u'.'))
                   .step()
                == false;
        if (!isAlone)
            category = categoryStream(category);
    }
    return names;
}

/// The first time by a walk through the index alone, from then on by what came since: O(new events).
void CatalogQueries::countSingleStreams(qint64 end)
{
    const QByteArray source = m_singleStreamsUpTo == 0 ? "INDEXED BY events_stream" : "NOT INDEXED";
    sqlite::Statement count(m_database, "SELECT stream, min(position), max(position), count(*) FROM events " + source
                        + " WHERE position >= ?1 AND position < ?2 GROUP BY stream");
    count.bind(1, m_singleStreamsUpTo).bind(2, end);
    while (count.step()) {
        Extent &extent = m_singleStreams[count.string(0)];
        if (extent.events == 0)
            extent.first = count.integer(1);
        extent.last = count.integer(2);
        extent.events += count.integer(3);
    }
    m_singleStreamsUpTo = end;
}

void CatalogQueries::forgetSingleStreams()
{
    m_singleStreams.clear();
    m_singleStreamsUpTo = 0;
}

void CatalogQueries::addInternal(const StreamListRequest &request, qint64 end, std::vector<StreamInfo> *streams)
{
    countSingleStreams(end);
    streams->push_back(describe(AllStreams, request, end));
    sqlite::Statement time(m_database, "SELECT recorded_at FROM events WHERE position = ?1");
    const auto timeOf = [&time](qint64 position) -> std::optional<EpochMs> {
        const bool isThere = time.bind(1, position).step();
        const auto found = isThere ? std::optional(time.integer(0)) : std::nullopt;
        time.reset();
        return found;
    };
    for (auto stream = m_singleStreams.cbegin(); stream != m_singleStreams.cend(); ++stream) {
        StreamInfo info = emptyInfo(stream.key(), request);
        PartitionExtent &extent = info.partitions.front();
        if (request.withExtents || request.withTimes) {
            extent.start = stream->first;
            extent.end = stream->last + 1;
            extent.safeHead = extent.end;
            extent.events = stream->events;
        }
        if (request.withTimes) {
            extent.firstTime = timeOf(stream->first);
            extent.lastTime = timeOf(stream->last);
        }
        streams->push_back(std::move(info));
    }
}

StreamInfo CatalogQueries::describe(const QString &stream, const StreamListRequest &request, qint64 end)
{
    StreamInfo info = emptyInfo(stream, request);
    if (request.withExtents || request.withTimes)
        info.partitions.front() = extentOf(stream, request.withTimes, end);
    return info;
}

PartitionExtent CatalogQueries::extentOf(const QString &stream, bool withTimes, qint64 end)
{
    const Scope scope(stream);
    const std::optional<qint64> first = firstPosition(m_database, scope);
    const std::optional<qint64> last = lastPosition(m_database, scope);
    PartitionExtent extent;
    extent.start = first.value_or(end);
    extent.end = last ? *last + 1 : end;
    extent.safeHead = extent.end;
    if (scope.kind() == Scope::Kind::All) {
        extent.events = *extent.end - *extent.start;
    } else {
        if (m_counts.size() > MaximumRememberedCounts)
            m_counts.clear();
        Count &count = m_counts[stream];
        count.events += countEvents(m_database, scope, count.upTo, end);
        count.upTo = end;
        extent.events = count.events;
    }
    if (withTimes && first && last) {
        extent.firstTime = timeAt(m_database, *first);
        extent.lastTime = timeAt(m_database, *last);
    }
    return extent;
}

} // namespace connectors::eventstore
