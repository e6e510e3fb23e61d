// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_rebuilds.h"

#include "connectors/tables/checkpoint_json.h"

namespace connectors::readmodel {

namespace {

constexpr const char *Columns = "job, projection, version, definition, tables, state, epoch, heartbeat, created, swapped, checkpoint";

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

Rebuild rebuildOf(const sqlite::Statement &row)
{
    const auto bytes = [&row](int column) { return QByteArray(row.text(column).data(), static_cast<qsizetype>(row.text(column).size())); };
    Rebuild rebuild;
    rebuild.job = row.string(0);
    rebuild.projection = row.string(1);
    rebuild.version = static_cast<int>(row.integer(2));
    rebuild.definition = row.string(3);
    rebuild.tables = tables::tablesFromJson(bytes(4));
    const std::optional<RebuildState> state = tables::stateFrom(row.string(5));
    const Result<RebuildCheckpoint> checkpoint = tables::checkpointFromJson(bytes(10));
    if (!state || rebuild.tables.empty())
        fail(ErrorCode::Unreadable, QStringLiteral("The record of the rebuild %1 is not as this program writes it.").arg(rebuild.job.left(40)), QStringLiteral("Drop the rebuild and begin anew."));
    if (!checkpoint)
        throw ThrownError{checkpoint.error()};
    rebuild.state = *state;
    rebuild.epoch = row.integer(6);
    rebuild.heartbeat = row.integer(7);
    rebuild.created = row.integer(8);
    rebuild.swapped = row.isNull(9) ? std::nullopt : std::optional(row.integer(9));
    rebuild.checkpoint = *checkpoint;
    return rebuild;
}

bool isThere(sqlite::Database &database)
{
    return database.queryInteger("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'streamgauge_rebuilds'") > 0;
}

[[noreturn]] void failAsTaken(const Rebuild &known)
{
    fail(ErrorCode::Conflict, QStringLiteral("The rebuild %1 belongs to another process by now, or was dropped; nothing more was written here.").arg(known.job),
         QStringLiteral("See how it stands with: streamgaugectl projection list CONNECTION"));
}

} // namespace

void createRebuildsTable(sqlite::Database &database)
{
    database.execute("CREATE TABLE IF NOT EXISTS streamgauge_rebuilds ("
                     "job TEXT NOT NULL PRIMARY KEY, projection TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL, tables TEXT NOT NULL, "
                     "state TEXT NOT NULL, epoch INTEGER NOT NULL, heartbeat INTEGER NOT NULL, created INTEGER NOT NULL, swapped INTEGER, checkpoint TEXT NOT NULL"
                     ") WITHOUT ROWID");
}

std::vector<Rebuild> rebuildsIn(sqlite::Database &database)
{
    std::vector<Rebuild> rebuilds;
    if (!isThere(database))
        return rebuilds;
    sqlite::Statement rows = database.prepare(QByteArray("SELECT ") + Columns + " FROM streamgauge_rebuilds ORDER BY created, job");
    while (rows.step())
        rebuilds.push_back(rebuildOf(rows));
    return rebuilds;
}

Rebuild rebuildIn(sqlite::Database &database, const QString &job)
{
    for (Rebuild &each : rebuildsIn(database)) {
        if (each.job == job)
            return std::move(each);
    }
    fail(ErrorCode::NotFound, QStringLiteral("%1 has no rebuild %2.").arg(database.path(), job.left(40)), QStringLiteral("See which there are with: streamgaugectl projection list CONNECTION"));
}

void requireOwner(sqlite::Database &database, const Rebuild &known)
{
    const bool isOwner = isThere(database)
        && database.prepare("SELECT 1 FROM streamgauge_rebuilds WHERE job = ?1 AND epoch = ?2").bind(1, known.job).bind(2, known.epoch).step();
    if (!isOwner)
        failAsTaken(known);
}

void insertRebuild(sqlite::Database &database, const Rebuild &rebuild)
{
    const QByteArray tables = tables::toJson(rebuild.tables);
    const QByteArray checkpoint = tables::toJson(rebuild.checkpoint);
    sqlite::Statement insert = database.prepare(QByteArray("INSERT INTO streamgauge_rebuilds (") + Columns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    insert.bind(1, rebuild.job).bind(2, rebuild.projection).bind(3, qint64{rebuild.version}).bind(4, rebuild.definition).bind(5, viewOf(tables)).bind(6, tables::wordOf(rebuild.state));
    insert.bind(7, rebuild.epoch).bind(8, rebuild.heartbeat).bind(9, rebuild.created).bindNull(10).bind(11, viewOf(checkpoint)).run();
}

void updateRebuild(sqlite::Database &database, const Rebuild &known, const Rebuild &next)
{
    requireOwner(database, known); // the table itself may be gone
    const QByteArray checkpoint = tables::toJson(next.checkpoint);
    sqlite::Statement update = database.prepare("UPDATE streamgauge_rebuilds SET state = ?1, epoch = ?2, heartbeat = ?3, swapped = ?4, checkpoint = ?5 WHERE job = ?6 AND epoch = ?7 AND state = ?8");
    update.bind(1, tables::wordOf(next.state)).bind(2, next.epoch).bind(3, next.heartbeat);
    if (next.swapped)
        update.bind(4, *next.swapped);
    else
        update.bindNull(4);
    update.bind(5, viewOf(checkpoint)).bind(6, known.job).bind(7, known.epoch).bind(8, tables::wordOf(known.state)).run();
    if (database.changes() != 1)
        failAsTaken(known);
}

void deleteRebuild(sqlite::Database &database, const QString &job)
{
    database.prepare("DELETE FROM streamgauge_rebuilds WHERE job = ?1").bind(1, job).run();
}

} // namespace connectors::readmodel
