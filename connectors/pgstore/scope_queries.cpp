// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/scope_queries.h"

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

/// Events whose positions are taken at the same moment are not further apart.
constexpr qint64 OverlappingPositions = 10'000;

std::optional<qint64> one(const Rows &rows)
{
    return rows.count() == 0 || rows.isNull(0, 0) ? std::nullopt : std::optional(rows.integer(0, 0));
}

} // namespace

QByteArray conditionOf(const StreamScope &scope)
{
    switch (scope.kind()) {
    case StreamScope::Kind::All: return "$1::text IS NOT NULL";
    case StreamScope::Kind::Category: return "category = $1";
    case StreamScope::Kind::Stream: return "stream = $1";
    }
    return {};
}

qint64 countEvents(StoreConnection &store, const StreamScope &scope, qint64 from, qint64 to)
{
    if (from >= to)
        return 0;
    return one(store.database.query("SELECT count(*) FROM events WHERE " + conditionOf(scope) + " AND position >= $2 AND position < $3",
                                    Parameters().add(scope.name()).add(from).add(to)))
        .value_or(0);
}

std::optional<qint64> positionAt(StoreConnection &store, const StreamScope &scope, EpochMs time, qint64 to)
{
    const auto near = one(store.database.query("SELECT position FROM events WHERE recorded_at >= $1 ORDER BY recorded_at, position LIMIT 1", Parameters().add(time)));
    if (!near)
        return std::nullopt;
    return one(store.database.query("SELECT position FROM events WHERE " + conditionOf(scope)
                                        + " AND position >= $2 AND position < $3 AND recorded_at >= $4 ORDER BY position LIMIT 1",
                                    Parameters().add(scope.name()).add(*near - OverlappingPositions).add(to).add(time)));
}

std::optional<qint64> positionAfter(StoreConnection &store, EpochMs time)
{
    const auto near = one(store.database.query("SELECT position FROM events WHERE recorded_at < $1 ORDER BY recorded_at DESC, position DESC LIMIT 1", Parameters().add(time)));
    if (!near)
        return std::nullopt;
    return one(store.database.query("SELECT max(position) + 1 FROM events WHERE position >= $1 AND position < $2 AND recorded_at < $3",
                                    Parameters().add(*near).add(*near + OverlappingPositions).add(time)));
}

std::optional<qint64> newestPosition(StoreConnection &store, const StreamScope &scope, qint64 count, qint64 to)
{
    if (count <= 0)
        return std::nullopt;
    return one(store.database.query("SELECT min(position) FROM (SELECT position FROM events WHERE " + conditionOf(scope)
                                        + " AND position < $2 ORDER BY position DESC LIMIT $3) AS newest",
                                    Parameters().add(scope.name()).add(to).add(count)));
}

void requireScope(StoreConnection &store, const StreamScope &scope)
{
    if (scope.kind() == StreamScope::Kind::All)
        return;
    if (store.database.query("SELECT 1 FROM events WHERE " + conditionOf(scope) + " LIMIT 1", Parameters().add(scope.name())).count() == 0)
        fail(ErrorCode::NotFound, QStringLiteral("There is no stream %1 in %2.").arg(scope.stream().left(200), store.place()),
             QStringLiteral("List the streams; a category is written with “-*”, for example order-*, and $all is every stream."));
}

} // namespace connectors::pgstore
