// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/catalog_queries.h"

#include "connectors/pgstore/scope_queries.h"
#include "connectors/postgres/transaction.h"

#include <algorithm>

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr qsizetype MaximumRememberedCounts = 20'000;

StreamInfo emptyInfo(const QString &stream, const StreamListRequest &request)
{
    const StreamScope scope(stream);
    StreamInfo info;
    info.stream = stream;
    info.kind = scope.kind() == StreamScope::Kind::Stream ? QStringLiteral("eventStream") : QStringLiteral("category");
    // Listed on request only, since its events are in a category that is listed already.
    info.isInternal = scope.kind() == StreamScope::Kind::All || (scope.kind() == StreamScope::Kind::Stream && stream.contains(u'-'));
    if (request.withConfig) {
        info.retentionMs = -1;
        info.retentionBytes = -1;
    }
    info.partitions.emplace_back();
    return info;
}

} // namespace

CatalogQueries::CatalogQueries(StoreConnection &store)
    : m_store(store)
{
}

StreamList CatalogQueries::listStreams(const StreamListRequest &request)
{
    const StoreHead head = readHead(m_store);
    const postgres::Transaction snapshot(m_store.database, postgres::Transaction::Kind::Read);
    const bool isAll = request.streams.empty();
    std::vector<QString> names = isAll ? categoryNames() : request.streams;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());

    Extents extents;
    for (const auto kind : {StreamScope::Kind::All, StreamScope::Kind::Category, StreamScope::Kind::Stream})
        addExtents(kind, names, head, &extents);
    StreamList list;
    for (const QString &name : names) {
        if (extents.contains(name) || StreamScope(name).kind() == StreamScope::Kind::All)
            continue;
        const auto missing = guarded([&] { requireScope(m_store, StreamScope(name)); });
        list.problems.push_back(missing ? Error{ErrorCode::Conflict, QStringLiteral("Stream %1 has just appeared.").arg(name), {}, true} : missing.error());
    }
    std::erase_if(names, [&](const QString &name) { return !extents.contains(name) && StreamScope(name).kind() != StreamScope::Kind::All; });
    if (isAll && request.withInternal) {
        const Extents singles = singleStreams(head);
        addExtents(StreamScope::Kind::All, {AllStreams}, head, &extents);
        names.push_back(AllStreams);
        for (auto single = singles.cbegin(); single != singles.cend(); ++single) {
            if (!extents.contains(single.key()))
                names.push_back(single.key());
            extents.insert(single.key(), *single);
        }
        std::sort(names.begin(), names.end());
    } else if (isAll) {
        m_singleStreams.clear();
        m_singleStreamsUpTo = 0;
    }
    if (request.withTimes)
        addTimes(&extents);
    for (const QString &name : names)
        list.streams.push_back(info(name, request, head, extents));
    return list;
}

std::vector<TimePosition> CatalogQueries::positionsAt(const QString &stream, EpochMs time)
{
    const StreamScope scope(stream);
    requireScope(m_store, scope);
    const StoreHead head = readHead(m_store);
    return {TimePosition{0, positionAt(m_store, scope, time, head.safeHead)}};
}

/// The distinct values of the index's first column, by one seek each instead of a walk through all events. A stream without '-'
/// that is alone in its category goes by its own name.
std::vector<QString> CatalogQueries::categoryNames()
{
    const Rows rows = m_store.database.query(
        "WITH RECURSIVE found AS ((SELECT category FROM events ORDER BY category LIMIT 1) UNION ALL"
        " SELECT (SELECT e.category FROM events e WHERE e.category > found.category ORDER BY e.category LIMIT 1) FROM found WHERE found.category IS NOT NULL)"
        " SELECT category, EXISTS (SELECT 1 FROM events e WHERE e.stream = found.category)"
        " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.stream > found.category || '-' AND e.stream < found.category || '.') FROM found WHERE category IS NOT NULL");
    std::vector<QString> names;
    names.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        names.push_back(rows.boolean(row, 1) ? rows.string(row, 0) : categoryStream(rows.string(row, 0)));
    return names;
}

void CatalogQueries::addExtents(StreamScope::Kind kind, const std::vector<QString> &names, const StoreHead &head, Extents *extents)
{
    if (m_counts.size() > MaximumRememberedCounts)
        m_counts.clear();
    QByteArrayList scopes;
    QByteArrayList counted;
    std::vector<QString> listed;
    for (const QString &name : names) {
        const StreamScope scope(name);
        if (scope.kind() != kind)
            continue;
        scopes += scope.name().toUtf8();
        counted += QByteArray::number(m_counts.value(name).upTo);
        listed.push_back(name);
    }
    if (listed.empty())
        return;
    const QByteArray condition = kind == StreamScope::Kind::All ? "name IS NOT NULL" : kind == StreamScope::Kind::Category ? "category = name" : "stream = name";
    const QByteArray within = " FROM events WHERE " + condition;
    const Rows rows = m_store.database.query("SELECT (SELECT position" + within + " AND position < $4 ORDER BY position LIMIT 1), (SELECT position" + within
                                                 + " AND position < $4 ORDER BY position DESC LIMIT 1), (SELECT count(*)" + within
                                                 + " AND position >= counted AND position < $3), (SELECT count(*)" + within
                                                 + " AND position >= $3 AND position < $4)"
                                                   " FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (name, counted, place) ORDER BY place",
                                             Parameters().addArray(scopes).addArray(counted).add(head.safeHead).add(head.end));
    for (int row = 0; row < rows.count(); ++row) {
        const QString &name = listed[static_cast<size_t>(row)];
        if (rows.isNull(row, 0))
            continue;
        Count &count = m_counts[name];
        count.events += rows.integer(row, 2);
        count.upTo = std::max(count.upTo, head.safeHead);
        extents->insert(name, Extent{rows.integer(row, 0), rows.integer(row, 1), count.events + rows.integer(row, 3), {}, {}});
    }
}

/// The first time by a walk through an index alone, from then on by what came since: O(new events).
CatalogQueries::Extents CatalogQueries::singleStreams(const StoreHead &head)
{
    addSingleStreams(m_singleStreamsUpTo, head.safeHead, &m_singleStreams);
    m_singleStreamsUpTo = std::max(m_singleStreamsUpTo, head.safeHead);
    Extents all = m_singleStreams;
    addSingleStreams(m_singleStreamsUpTo, head.end, &all);
    return all;
}

void CatalogQueries::addSingleStreams(qint64 from, qint64 to, Extents *extents)
{
    if (from >= to)
        return;
    const Rows rows = m_store.database.query("SELECT stream, min(position), max(position), count(*) FROM events WHERE position >= $1 AND position < $2 GROUP BY stream",
                                             Parameters().add(from).add(to));
    for (int row = 0; row < rows.count(); ++row) {
        Extent &extent = (*extents)[rows.string(row, 0)];
        if (extent.events == 0)
            extent.first = rows.integer(row, 1);
        extent.last = rows.integer(row, 2);
        extent.events += rows.integer(row, 3);
    }
}

void CatalogQueries::addTimes(Extents *extents)
{
    QByteArrayList positions;
    for (const Extent &extent : std::as_const(*extents))
        positions << QByteArray::number(extent.first) << QByteArray::number(extent.last);
    const Rows rows = m_store.database.query("SELECT position, recorded_at FROM events WHERE position = ANY ($1::bigint[])", Parameters().addArray(positions));
    QHash<qint64, EpochMs> times;
    for (int row = 0; row < rows.count(); ++row)
        times.insert(rows.integer(row, 0), rows.integer(row, 1));
    const auto timeOf = [&times](qint64 position) { return times.contains(position) ? std::optional(times.value(position)) : std::nullopt; };
    for (Extent &extent : *extents) {
        extent.firstTime = timeOf(extent.first);
        extent.lastTime = timeOf(extent.last);
    }
}

StreamInfo CatalogQueries::info(const QString &stream, const StreamListRequest &request, const StoreHead &head, const Extents &extents)
{
    StreamInfo info = emptyInfo(stream, request);
    if (!request.withExtents && !request.withTimes)
        return info;
    PartitionExtent &extent = info.partitions.front();
    const auto found = extents.constFind(stream);
    extent.start = found == extents.cend() ? head.end : found->first;
    extent.end = found == extents.cend() ? head.end : found->last + 1;
    extent.safeHead = std::min(*extent.end, std::max(head.safeHead, *extent.start));
    extent.events = found == extents.cend() ? 0 : found->events;
    if (found != extents.cend() && request.withTimes) {
        extent.firstTime = found->firstTime;
        extent.lastTime = found->lastTime;
    }
    return info;
}

} // namespace connectors::pgstore
