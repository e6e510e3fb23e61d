// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history_file.h"

#include "models/history/poll_gap.h"
#include "models/history/statement.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSet>

#include <sqlite3.h>

#include <algorithm>
#include <cmath>

namespace models::history {

namespace {

using connectors::EpochMs;
using connectors::ErrorCode;
using connectors::failure;

constexpr int SchemaVersion = 2;

QString tr(const char *text)
{
    return QCoreApplication::translate("HistoryFile", text);
}

constexpr const char *Schema = R"sql(
    CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, stream TEXT NOT NULL,
        partition INTEGER NOT NULL, UNIQUE(kind, name, stream, partition));
    CREATE TABLE IF NOT EXISTS sample(series INTEGER NOT NULL, time INTEGER NOT NULL, checkpoint INTEGER, start INTEGER,
        "end" INTEGER, scope_lag INTEGER, beside_sums INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(series, time)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS poll(kind INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(kind, time)) WITHOUT ROWID;
    PRAGMA user_version = 2;
)sql";

constexpr const char *FromVersion1 = "ALTER TABLE sample ADD COLUMN beside_sums INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 2";

/// Lag or depth of one sample; null where the number would be a lie, or has no part in what is asked for.
std::optional<qint64> valueOf(const SeriesQuery &query, const Statement &row, int firstColumn)
{
    const bool isSumOfAll = query.name.isEmpty() && !query.isByName;
    if (isSumOfAll && row.number(firstColumn + 4) != 0)
        return std::nullopt;
    const auto checkpoint = row.optional(firstColumn);
    const auto end = row.optional(firstColumn + 2);
    if (query.kind == SampleKind::DeadLetters)
        return end;
    if (const auto scopeLag = row.optional(firstColumn + 3))
        return scopeLag;
    return checkpoint && end && *end >= *checkpoint ? std::optional(*end - *checkpoint) : std::nullopt;
}

/// The lines of a query: each is a sum over its partitions, kept up to date by the difference that a changed one makes.
class SumLines final
{
public:
    explicit SumLines(const SeriesQuery &query) : m_query(query) { }

    void addPartition(qint64 id, const QString &name)
    {
        m_partitions[id] = {&m_lines.try_emplace(m_query.isByName ? name : QString(), m_query).first->second, std::nullopt};
    }
    void setValue(qint64 id, std::optional<qint64> value)
    {
        const auto found = m_partitions.find(id);
        if (found == m_partitions.end())
            return;
        Partition &partition = found->second;
        partition.line->sum += value.value_or(0) - partition.value.value_or(0);
        partition.line->known += (value ? 1 : 0) - (partition.value ? 1 : 0);
        partition.value = value;
    }
    void addGap(EpochMs time)
    {
        for (auto &[name, line] : m_lines)
            line.points.add({time, std::nan("")});
    }
    void addPoints(EpochMs time)
    {
        for (auto &[name, line] : m_lines)
            line.points.add({time, line.known > 0 ? static_cast<double>(line.sum) : std::nan("")});
    }
    [[nodiscard]] SeriesByName take()
    {
        SeriesByName result;
        for (auto &[name, line] : m_lines)
            result.emplace(name, line.points.take());
        return result;
    }

private:
    struct Line {
        explicit Line(const SeriesQuery &query) : points(query.from, query.to, query.pixels) { }
        Decimator points;
        qint64 sum = 0;
        int known = 0;
    };
    struct Partition {
        Line *line = nullptr;
        std::optional<qint64> value;
    };

    const SeriesQuery &m_query;
    std::map<QString, Line> m_lines;
    std::map<qint64, Partition> m_partitions;
};

} // namespace

HistoryFile::HistoryFile(QString path)
    : m_path(std::move(path))
{
}

HistoryFile::~HistoryFile()
{
    sqlite3_close(m_database);
}

connectors::Result<std::unique_ptr<HistoryFile>> HistoryFile::open(const QString &path)
{
    std::unique_ptr<HistoryFile> file(new HistoryFile(path));
    if (!path.isEmpty())
        QDir().mkpath(QFileInfo(path).absolutePath());
    const QByteArray name = path.isEmpty() ? QByteArray(":memory:") : path.toUtf8();
    int code = sqlite3_open_v2(name.constData(), &file->m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
        sqlite3_close(file->m_database);
        code = sqlite3_open_v2(name.constData(), &file->m_database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    }
    if (code != SQLITE_OK)
        return file->sqlError(tr("opened"));
    if (const auto prepared = file->prepare(); !prepared)
        return tl::unexpected(prepared.error());
    return file;
}

connectors::Result<qint64> HistoryFile::version() const
{
    Statement read(m_database, "PRAGMA user_version");
    if (!read.isValid() || !read.step())
        return sqlError(tr("read"));
    return read.number(0);
}

connectors::Result<void> HistoryFile::prepare()
{
    sqlite3_busy_timeout(m_database, 5000);
    const auto found = version();
    if (!found)
        return tl::unexpected(found.error());
    if (*found > SchemaVersion)
        return failure(ErrorCode::Unsupported, tr("The history file “%1” was written by a newer version of Streamgauge.").arg(m_path),
                       tr("Nothing was changed in it. Use the newer version, or move the file away to start a new history."));
    if (sqlite3_db_readonly(m_database, "main") == 1)
        return *found == SchemaVersion ? connectors::Result<void>() : sqlError(tr("prepared"));
    if (!m_path.isEmpty()) {
        if (const auto wal = execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"); !wal)
            return wal;
    }
    if (*found == SchemaVersion)
        return {};
    if (const auto begun = execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    const auto now = version(); // another program may have prepared it meanwhile
    const auto made = now ? execute(*now >= SchemaVersion ? "" : *now == 1 ? FromVersion1 : Schema) : tl::unexpected(now.error());
    if (!made) {
        sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
        return made;
    }
    return execute("COMMIT");
}

connectors::Result<void> HistoryFile::execute(const char *sql) const
{
    if (sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqlError(tr("written"));
    return {};
}

tl::unexpected<connectors::Error> HistoryFile::sqlError(const QString &doing) const
{
    const int code = sqlite3_errcode(m_database) & 0xFF;
    const bool isCorrupt = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    const QString reason = QString::fromUtf8(sqlite3_errmsg(m_database));
    return failure(isCorrupt ? ErrorCode::Unreadable : ErrorCode::StorageFailed,
                   tr("The history file “%1” could not be %2: %3.").arg(m_path, doing, reason),
                   isCorrupt ? tr("Move the file away; a new history is begun at the next start.")
                             : tr("Watching goes on without memory. Check the free space and the permissions of its folder."));
}

connectors::Result<qint64> HistoryFile::seriesId(SampleKind kind, const Sample &sample)
{
    const QString key = QString::number(static_cast<int>(kind)) + QChar(0) + sample.name + QChar(0) + sample.stream + QChar(0)
        + QString::number(sample.partition);
    if (const auto known = m_ids.constFind(key); known != m_ids.constEnd())
        return *known;
    Statement insert(m_database, "INSERT OR IGNORE INTO series(kind, name, stream, partition) VALUES(?1, ?2, ?3, ?4)");
    Statement select(m_database, "SELECT id FROM series WHERE kind = ?1 AND name = ?2 AND stream = ?3 AND partition = ?4");
    for (Statement *each : {&insert, &select}) {
        if (!each->isValid())
            return sqlError(tr("written"));
        each->bind(1, static_cast<qint64>(kind));
        each->bind(2, sample.name);
        each->bind(3, sample.stream);
        each->bind(4, static_cast<qint64>(sample.partition));
        each->step();
        if (each == &insert && !each->isDone())
            return sqlError(tr("written"));
    }
    const qint64 id = select.number(0);
    m_ids.insert(key, id);
    m_kinds.insert(id, kind);
    return id;
}

connectors::Result<void> HistoryFile::record(const PollSamples &poll)
{
    if (const auto begun = execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto written = write(poll);
    if (written)
        written = execute("COMMIT");
    if (!written) {
        sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
        m_loaded.clear();
        m_last.clear(); // what it holds may not have been stored
        m_ids.clear();
        m_kinds.clear();
    }
    return written;
}

connectors::Result<void> HistoryFile::loadLast(SampleKind kind)
{
    if (m_loaded.contains(static_cast<int>(kind)))
        return {};
    // What an earlier run watched and this one never sees would else go on with its last value for ever.
    Statement rows(m_database, "SELECT id, checkpoint, start, \"end\", scope_lag, beside_sums FROM series JOIN sample ON series = id WHERE kind = ?1 "
                               "AND time = (SELECT max(time) FROM sample WHERE series = id)");
    if (!rows.isValid())
        return sqlError(tr("read"));
    rows.bind(1, static_cast<qint64>(kind));
    while (rows.step()) {
        m_last.insert(rows.number(0), {rows.optional(1), rows.optional(2), rows.optional(3), rows.optional(4), rows.number(5) != 0});
        m_kinds.insert(rows.number(0), kind);
    }
    if (!rows.isDone())
        return sqlError(tr("read"));
    m_loaded.insert(static_cast<int>(kind));
    return {};
}

connectors::Result<void> HistoryFile::write(const PollSamples &poll)
{
    Statement insert(m_database, "INSERT OR REPLACE INTO sample(series, time, checkpoint, start, \"end\", scope_lag, beside_sums) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    Statement heartbeat(m_database, "INSERT OR IGNORE INTO poll(kind, time) VALUES(?1, ?2)");
    if (!insert.isValid() || !heartbeat.isValid())
        return sqlError(tr("written"));
    const auto put = [&](qint64 id, const Values &values) {
        insert.reset();
        insert.bind(1, id);
        insert.bind(2, poll.time);
        insert.bind(3, values.checkpoint);
        insert.bind(4, values.start);
        insert.bind(5, values.end);
        insert.bind(6, values.scopeLag);
        insert.bind(7, qint64{values.isBesideSums});
        insert.step();
        m_last.insert(id, values);
        return insert.isDone();
    };
    if (const auto loaded = loadLast(poll.kind); !loaded)
        return loaded;
    QSet<qint64> seen;
    for (const Sample &sample : poll.samples) {
        const auto id = seriesId(poll.kind, sample);
        if (!id)
            return tl::unexpected(id.error());
        seen.insert(*id);
        if (sample.isUnknown)
            continue;
        const Values values{sample.checkpoint, sample.start, sample.end, sample.scopeLag, sample.isBesideSums};
        const auto last = m_last.constFind(*id);
        if ((last == m_last.constEnd() || *last != values) && !put(*id, values))
            return sqlError(tr("written"));
    }
    if (poll.isComplete) {
        // What is no longer there ends here, or its last value would be drawn for ever.
        const QList<qint64> known = m_last.keys();
        for (const qint64 id : known)
            if (m_kinds.value(id) == poll.kind && !seen.contains(id) && m_last.value(id) != Values{} && !put(id, Values{}))
                return sqlError(tr("written"));
    }
    heartbeat.bind(1, static_cast<qint64>(poll.kind));
    heartbeat.bind(2, poll.time);
    heartbeat.step();
    return heartbeat.isDone() ? connectors::Result<void>() : sqlError(tr("written"));
}

connectors::Result<SeriesByName> HistoryFile::query(const SeriesQuery &query) const
{
    // A sweep over time: at every heartbeat the newest value of each partition is known. Cost: rows and heartbeats in the
    // range, sorted by SQLite.
    Statement names(m_database, "SELECT id, name FROM series WHERE kind = ?1 AND (?2 = '' OR name = ?2)");
    Statement before(m_database, "SELECT checkpoint, start, \"end\", scope_lag, beside_sums FROM sample WHERE series = ?1 AND time < ?2 ORDER BY time DESC LIMIT 1");
    Statement rows(m_database, "SELECT series, time, checkpoint, start, \"end\", scope_lag, beside_sums FROM sample WHERE time BETWEEN ?1 AND ?2 "
                               "AND series IN (SELECT id FROM series WHERE kind = ?3 AND (?4 = '' OR name = ?4)) ORDER BY time");
    Statement polls(m_database, "SELECT time FROM poll WHERE kind = ?1 AND time BETWEEN ?2 AND ?3 ORDER BY time");
    if (!names.isValid() || !before.isValid() || !rows.isValid() || !polls.isValid())
        return sqlError(tr("read"));
    SumLines lines(query);
    names.bind(1, static_cast<qint64>(query.kind));
    names.bind(2, query.name);
    while (names.step()) {
        const qint64 id = names.number(0);
        lines.addPartition(id, names.text(1));
        before.reset();
        before.bind(1, id);
        before.bind(2, query.from);
        if (before.step())
            lines.setValue(id, valueOf(query, before, 0));
        else if (!before.isDone())
            return sqlError(tr("read"));
    }
    if (!names.isDone())
        return sqlError(tr("read"));
    rows.bind(1, query.from);
    rows.bind(2, query.to);
    rows.bind(3, static_cast<qint64>(query.kind));
    rows.bind(4, query.name);
    polls.bind(1, static_cast<qint64>(query.kind));
    polls.bind(2, query.from);
    polls.bind(3, query.to);
    bool hasRow = rows.step();
    EpochMs previous = 0;
    while (polls.step()) {
        const EpochMs time = polls.number(0);
        for (; hasRow && rows.number(1) <= time; hasRow = rows.step())
            lines.setValue(rows.number(0), valueOf(query, rows, 2));
        if (previous != 0 && time - previous > allowedGap(query.to - time))
            lines.addGap(previous + 1);
        lines.addPoints(time);
        previous = time;
    }
    if (!polls.isDone() || (!hasRow && !rows.isDone()))
        return sqlError(tr("read"));
    return lines.take();
}

connectors::Result<void> HistoryFile::thin(EpochMs now)
{
    if (const auto begun = execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    const auto thinTo = [this](EpochMs olderThan, EpochMs slice) {
        // Only the last row of a slice stays: it is where the partition stood at the slice's end.
        for (const char *sql : {"DELETE FROM sample WHERE time < ?1 AND EXISTS (SELECT 1 FROM sample AS later WHERE later.series = sample.series "
                                "AND later.time > sample.time AND later.time < ?1 AND later.time / ?2 = sample.time / ?2)",
                                "DELETE FROM poll WHERE time < ?1 AND EXISTS (SELECT 1 FROM poll AS later WHERE later.kind = poll.kind "
                                "AND later.time > poll.time AND later.time < ?1 AND later.time / ?2 = poll.time / ?2)"}) {
            Statement statement(m_database, sql);
            statement.bind(1, olderThan);
            statement.bind(2, slice);
            statement.step();
            if (!statement.isDone())
                return false;
        }
        return true;
    };
    Statement forget(m_database, "DELETE FROM poll WHERE time < ?1");
    forget.bind(1, now - 365 * Day);
    forget.step();
    Statement forgetSamples(m_database, "DELETE FROM sample WHERE time < ?1 AND EXISTS (SELECT 1 FROM sample AS later WHERE "
                                        "later.series = sample.series AND later.time > sample.time AND later.time < ?1)");
    forgetSamples.bind(1, now - 365 * Day);
    forgetSamples.step();
    if (!thinTo(now - Day, Minute) || !thinTo(now - 30 * Day, Hour) || !forget.isDone() || !forgetSamples.isDone()) {
        const auto error = sqlError(tr("thinned"));
        sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
        return error;
    }
    return execute("COMMIT");
}

} // namespace models::history
