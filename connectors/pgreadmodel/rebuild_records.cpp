// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/rebuild_records.h"

#include "connectors/tables/checkpoint_json.h"

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr const char *RecordColumns = "job, projection, version, definition, tables, state, epoch, heartbeat, created, swapped, checkpoint";
constexpr const char *ServerNow = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
constexpr qint64 LockNumber = 0x73677262; ///< any that others will hardly use

QByteArray recordsTable(const Session &session)
{
    return session.qualified(QStringLiteral("streamgauge_rebuilds"));
}

QByteArray bytesOf(const Rows &rows, int row, int column)
{
    const std::string_view text = rows.text(row, column);
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Rebuild rebuildOf(const Rows &rows, int row)
{
    Rebuild rebuild;
    rebuild.job = rows.string(row, 0);
    rebuild.projection = rows.string(row, 1);
    rebuild.version = static_cast<int>(rows.integer(row, 2));
    rebuild.definition = rows.string(row, 3);
    rebuild.tables = tables::tablesFromJson(bytesOf(rows, row, 4));
    const std::optional<RebuildState> state = tables::stateFrom(rows.string(row, 5));
    const Result<RebuildCheckpoint> checkpoint = tables::checkpointFromJson(bytesOf(rows, row, 10));
    if (!state || rebuild.tables.empty())
        fail(ErrorCode::Unreadable, QStringLiteral("The record of the rebuild %1 is not as this program writes it.").arg(rebuild.job.left(40)), QStringLiteral("Drop the rebuild and begin anew."));
    if (!checkpoint)
        throw ThrownError{checkpoint.error()};
    rebuild.state = *state;
    rebuild.epoch = rows.integer(row, 6);
    rebuild.heartbeat = rows.integer(row, 7);
    rebuild.created = rows.integer(row, 8);
    rebuild.swapped = rows.isNull(row, 9) ? std::nullopt : std::optional(rows.integer(row, 9));
    rebuild.checkpoint = *checkpoint;
    return rebuild;
}

void addSwapped(Parameters *parameters, const Rebuild &rebuild)
{
    if (rebuild.swapped)
        parameters->add(*rebuild.swapped);
    else
        parameters->addNull();
}

} // namespace

void lockRebuilds(Session &session)
{
    session.database().query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", Parameters().add(*session.schema()).add(LockNumber));
}

void createRebuildsTable(Session &session)
{
    session.database().execute("CREATE TABLE IF NOT EXISTS " + recordsTable(session)
                               + " (job text NOT NULL PRIMARY KEY, projection text NOT NULL, version integer NOT NULL, definition text NOT NULL, tables text NOT NULL, "
                                 "state text NOT NULL, epoch bigint NOT NULL, heartbeat bigint NOT NULL, created bigint NOT NULL, swapped bigint, checkpoint text NOT NULL)");
}

void dropRebuildsTable(Session &session)
{
    session.database().execute("DROP TABLE " + recordsTable(session));
}

std::vector<Rebuild> rebuildsIn(Session &session)
{
    std::vector<Rebuild> rebuilds;
    if (session.idOf(QStringLiteral("streamgauge_rebuilds")) == 0)
        return rebuilds;
    const Rows rows = session.database().query(QByteArray("SELECT ") + RecordColumns + " FROM " + recordsTable(session) + " ORDER BY created, job");
    for (int row = 0; row < rows.count(); ++row)
        rebuilds.push_back(rebuildOf(rows, row));
    return rebuilds;
}

Rebuild lockedRebuild(Session &session, const QString &job)
{
    if (session.idOf(QStringLiteral("streamgauge_rebuilds")) != 0) {
        const Rows rows = session.database().query(QByteArray("SELECT ") + RecordColumns + " FROM " + recordsTable(session) + " WHERE job = $1 FOR UPDATE", Parameters().add(job));
        if (rows.count() == 1)
            return rebuildOf(rows, 0);
    }
    fail(ErrorCode::NotFound, QStringLiteral("%1 has no rebuild %2.").arg(session.database().place(), job.left(40)),
         QStringLiteral("See which there are with: streamgaugectl projection list CONNECTION"));
}

Rebuild insertRebuild(Session &session, const Rebuild &rebuild)
{
    Parameters values;
    values.add(rebuild.job).add(rebuild.projection).add(qint64{rebuild.version}).add(rebuild.definition).add(tables::toJson(rebuild.tables)).add(tables::wordOf(rebuild.state));
    values.add(rebuild.epoch).add(rebuild.created).add(tables::toJson(rebuild.checkpoint));
    const Rows inserted = session.database().query("INSERT INTO " + recordsTable(session) + " (" + RecordColumns + ") VALUES ($1, $2, $3, $4, $5, $6, $7, " + ServerNow
                                                       + ", $8, NULL, $9) RETURNING " + RecordColumns, values);
    return rebuildOf(inserted, 0);
}

Rebuild updateRebuild(Session &session, const Rebuild &known, const Rebuild &next)
{
    Parameters values;
    values.add(tables::wordOf(next.state)).add(next.epoch).add(next.heartbeat);
    addSwapped(&values, next);
    values.add(tables::toJson(next.checkpoint)).add(known.job).add(known.epoch).add(tables::wordOf(known.state));
    const Rows updated = session.database().query("UPDATE " + recordsTable(session) + " SET state = $1, epoch = $2, heartbeat = CASE WHEN $3::bigint = 0 THEN 0 ELSE " + ServerNow
                                                      + " END, swapped = $4, checkpoint = $5 WHERE job = $6 AND epoch = $7 AND state = $8 RETURNING " + RecordColumns, values);
    if (updated.count() != 1) {
        fail(ErrorCode::Conflict, QStringLiteral("The rebuild %1 belongs to another process by now; nothing more was written here.").arg(known.job),
             QStringLiteral("See how it stands with: streamgaugectl projection list CONNECTION"));
    }
    return rebuildOf(updated, 0);
}

void deleteRebuild(Session &session, const QString &job)
{
    session.database().query("DELETE FROM " + recordsTable(session) + " WHERE job = $1", Parameters().add(job));
}

} // namespace connectors::pgreadmodel
