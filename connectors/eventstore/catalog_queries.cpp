// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/catalog_queries.h"

#include "connectors/eventstore/scope_queries.h"

#include <algorithm>

namespace connectors::eventstore {

namespace {

constexpr qsizetype MaximumRememberedCounts = 20'000;

/// The distinct values of an index's first column, by one seek each instead of a walk through all events.
std::vector<QString> distinct(Database &database, const QByteArray &column, const QByteArray &index)
{
    Statement next(database, "SELECT " + column + " FROM events INDEXED BY " + index + " WHERE " + column + " > ?1 ORDER BY " + column + " LIMIT 1");
    std::vector<QString> values;
    next.bind(1, QStringLiteral(""));
    while (next.step()) {
        values.push_back(next.string(0));
        next.reset();
        next.bind(1, values.back());
    }
    return values;
}

} // namespace

CatalogQueries::CatalogQueries(Database &database)
    : m_database(database)
{
}

StreamList CatalogQueries::listStreams(const StreamListRequest &request)
{
    Transaction snapshot(m_database, Transaction::Kind::Read);
    StreamList list;
    std::vector<QString> names = request.streams;
    if (names.empty()) {
        names = categoryNames();
        if (request.withInternal) {
            names.push_back(AllStreams);
            for (QString &stream : singleStreams())
                if (std::find(names.cbegin(), names.cend(), stream) == names.cend() || stream.contains(u'-'))
                    names.push_back(std::move(stream));
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const qint64 end = storeEnd(m_database);
    for (const QString &name : names) {
        const auto found = guarded([&] { requireScope(m_database, Scope(name)); });
        if (found)
            list.streams.push_back(describe(name, request, end));
        else if (found.error().code == ErrorCode::NotFound)
            list.problems.push_back(found.error());
        else
            throw StoreFailure{found.error()};
    }
    return list;
}

std::vector<TimePosition> CatalogQueries::positionsAt(const QString &stream, EpochMs time)
{
    Transaction snapshot(m_database, Transaction::Kind::Read);
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

std::vector<QString> CatalogQueries::singleStreams()
{
    return distinct(m_database, "stream", "events_stream");
}

StreamInfo CatalogQueries::describe(const QString &stream, const StreamListRequest &request, qint64 end)
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
    if (request.withExtents || request.withTimes)
        info.partitions.push_back(extentOf(stream, request.withTimes, end));
    else
        info.partitions.push_back(PartitionExtent());
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
