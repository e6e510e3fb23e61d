// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/scope_queries.h"

namespace connectors::eventstore {

namespace {

constexpr qint64 ShortRange = 1000; ///< events of the whole store

std::optional<qint64> one(sqlite::Statement statement)
{
    if (!statement.step() || statement.isNull(0))
        return std::nullopt;
    return statement.integer(0);
}

sqlite::Statement positionQuery(sqlite::Database &database, const Scope &scope, bool isDescending)
{
    sqlite::Statement statement(database, "SELECT position " + scope.from() + " AND position >= ?2" + scope.order(isDescending) + " LIMIT 1 OFFSET ?3");
    statement.bind(1, scope.name()).bind(2, qint64{0}).bind(3, qint64{0});
    return statement;
}

} // namespace

qint64 storeEnd(sqlite::Database &database)
{
    return database.queryInteger("SELECT coalesce(max(position), 0) + 1 FROM events");
}

qint64 storeStart(sqlite::Database &database)
{
    return database.queryInteger("SELECT coalesce(min(position), 1) FROM events");
}

std::optional<qint64> firstPosition(sqlite::Database &database, const Scope &scope)
{
    return one(positionQuery(database, scope, false));
}

std::optional<qint64> lastPosition(sqlite::Database &database, const Scope &scope)
{
    return one(positionQuery(database, scope, true));
}

std::optional<EpochMs> timeAt(sqlite::Database &database, qint64 position)
{
    sqlite::Statement statement(database, "SELECT recorded_at FROM events WHERE position = ?1");
    statement.bind(1, position);
    return one(std::move(statement));
}

qint64 countEvents(sqlite::Database &database, const Scope &scope, qint64 from, qint64 to)
{
    if (from >= to)
        return 0;
    // The index of one stream knows no positions and is walked as a whole: a short range is cheaper without it.
    const bool isShort = scope.kind() == Scope::Kind::Stream && to - from <= ShortRange;
    const QByteArray source = isShort ? "FROM events NOT INDEXED WHERE " + scope.condition() : scope.from();
    sqlite::Statement statement(database, "SELECT count(*) " + source + " AND position >= ?2 AND position < ?3");
    statement.bind(1, scope.name()).bind(2, from).bind(3, to);
    return one(std::move(statement)).value_or(0);
}

std::optional<qint64> positionAt(sqlite::Database &database, const Scope &scope, EpochMs time)
{
    sqlite::Statement probe(database, "SELECT recorded_at FROM events WHERE position = ?1");
    qint64 low = storeStart(database);
    qint64 high = storeEnd(database);
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        probe.bind(1, middle);
        const bool isEarlier = probe.step() && probe.integer(0) < time;
        probe.reset();
        if (isEarlier)
            low = middle + 1;
        else
            high = middle;
    }
    sqlite::Statement next = positionQuery(database, scope, false);
    next.bind(2, low);
    return one(std::move(next));
}

std::optional<qint64> newestPosition(sqlite::Database &database, const Scope &scope, qint64 count)
{
    if (count <= 0)
        return std::nullopt;
    sqlite::Statement statement = positionQuery(database, scope, true);
    statement.bind(3, count - 1);
    const std::optional<qint64> position = one(std::move(statement));
    return position ? position : firstPosition(database, scope);
}

void requireScope(sqlite::Database &database, const Scope &scope)
{
    if (scope.kind() != Scope::Kind::All && !firstPosition(database, scope))
        fail(ErrorCode::NotFound, QStringLiteral("There is no stream %1 in %2.").arg(scope.stream().left(200), database.path()),
             QStringLiteral("List the streams; a category is written with “-*”, for example order-*, and $all is every stream."));
}

} // namespace connectors::eventstore
