// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/safe_head.h"

#include <algorithm>

namespace connectors::pgstore {

namespace {

constexpr const char *LocksOfThisStore = " FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = $1::bigint::oid AND l.objsubid = 2 AND l.granted"
                                         " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

// A lock has the low 32 bits of a position that was not beyond the next one then.
constexpr const char *LowestPosition = "next - ((next - l.objid::bigint) & 4294967295)";

} // namespace

StoreHead readHead(StoreConnection &store)
{
    // The locks are looked at after the sequence: what is made of them needs its value.
    const QByteArray open = QByteArray("SELECT next, (SELECT min(") + LowestPosition + ')' + LocksOfThisStore
        + ") FROM (SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END AS next FROM events_position OFFSET 0) AS sequence";
    const postgres::Rows bounds = store.database.query(open, postgres::Parameters().add(store.lockNumber));
    const qint64 next = bounds.integer(0, 0);
    const qint64 safe = bounds.isNull(0, 1) ? next : std::min(next, bounds.integer(0, 1));
    const postgres::Rows ends = store.database.query("SELECT min(position), max(position), (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
                                                     " FROM events WHERE position < $1",
                                                     postgres::Parameters().add(next));
    StoreHead head;
    head.end = ends.isNull(0, 1) ? safe : ends.integer(0, 1) + 1;
    head.safeHead = std::min(safe, head.end);
    head.start = ends.isNull(0, 0) ? head.end : ends.integer(0, 0);
    head.now = ends.integer(0, 2);
    return head;
}

QString holderOf(StoreConnection &store)
{
    const QByteArray sql = QByteArray("SELECT l.pid, a.usename, a.application_name, to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                                      " FROM (SELECT l.pid, ")
        + LowestPosition + " AS lowest" + QByteArray(LocksOfThisStore).replace(" WHERE", ", (SELECT last_value + 1 AS next FROM events_position) AS sequence WHERE")
        + ") AS l LEFT JOIN pg_stat_activity a USING (pid) ORDER BY l.lowest, a.xact_start LIMIT 1";
    const postgres::Rows rows = store.database.query(sql, postgres::Parameters().add(store.lockNumber));
    if (rows.count() == 0)
        return {};
    if (rows.isNull(0, 0))
        return QStringLiteral("a prepared transaction");
    QString holder = QStringLiteral("process %1").arg(rows.integer(0, 0));
    if (const QString user = rows.string(0, 1); !user.isEmpty())
        holder += QStringLiteral(", user %1").arg(user.left(100));
    if (const QString application = rows.string(0, 2); !application.isEmpty())
        holder += QStringLiteral(", application %1").arg(application.left(100));
    if (const QString since = rows.string(0, 3); !since.isEmpty())
        holder += QStringLiteral(", since %1").arg(since);
    return holder;
}

QString heldBackNote(StoreConnection &store, const StoreHead &head)
{
    if (head.safeHead >= head.end)
        return {};
    const QString holder = holderOf(store);
    const QString who = holder.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(holder);
    return QStringLiteral("Positions %1 to %2 wait behind an open transaction%3; they are read when it has ended.")
        .arg(QString::number(head.safeHead), QString::number(head.end - 1), who);
}

} // namespace connectors::pgstore
