// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/store_file.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QFileInfo>
#include <QThread>
#include <QUuid>

namespace connectors::eventstore {

namespace {

constexpr qint64 ApplicationId = 0x53474553; // "SGES": tells our stores from other SQLite files
constexpr int LockTimeoutMs = 5000;

// Positions are rowids: 1, 2, 3 … without gaps, because nothing can be deleted. Every index ends with the rowid.
constexpr const char *Schema = R"(
CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    category TEXT NOT NULL,
    stream_version INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    aggregate_id TEXT,
    timestamp TEXT NOT NULL,
    version INTEGER NOT NULL,
    correlation_id TEXT,
    causation_id TEXT,
    recorded_at INTEGER NOT NULL,
    schema_version INTEGER NOT NULL DEFAULT 1,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata))
);
CREATE UNIQUE INDEX events_id ON events (event_id);
CREATE UNIQUE INDEX events_stream ON events (stream, stream_version);
CREATE INDEX events_category ON events (category, position);
CREATE INDEX events_correlation ON events (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX events_causation ON events (causation_id) WHERE causation_id IS NOT NULL;
CREATE INDEX events_aggregate ON events (aggregate_id) WHERE aggregate_id IS NOT NULL;
CREATE INDEX events_type ON events (event_type);
CREATE TRIGGER events_stay_unchanged BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only: they cannot be changed'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only: they cannot be deleted'); END;
CREATE TABLE checkpoints (
    consumer TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0), -- the next position to read
    metadata TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (consumer, stream)
) WITHOUT ROWID;
CREATE TABLE members (
    consumer TEXT NOT NULL,
    member TEXT NOT NULL,
    client_id TEXT NOT NULL DEFAULT '',
    host TEXT NOT NULL DEFAULT '',
    heartbeat_at INTEGER NOT NULL, -- 0: has left
    PRIMARY KEY (consumer, member)
) WITHOUT ROWID;
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    consumer TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES events (position),
    reason TEXT NOT NULL,
    exception_class TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL DEFAULT '',
    stack_trace TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 1,
    died_at INTEGER NOT NULL,
    UNIQUE (consumer, position)
);
CREATE INDEX dead_letters_consumer ON dead_letters (consumer, died_at);
)";

// What version 2 adds. Nothing here is lost with the table: a state follows from the events.
constexpr const char *Snapshots = R"(
CREATE TABLE snapshots (
    stream TEXT NOT NULL,
    stream_version INTEGER NOT NULL, -- of the last event in it
    position INTEGER NOT NULL,       -- of the same event
    fold TEXT NOT NULL,              -- names the rule that made the state
    state TEXT NOT NULL CHECK (json_valid(state)),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (stream, stream_version, fold)
) WITHOUT ROWID;
)";

[[noreturn]] void failNotThere(const QString &path)
{
    fail(ErrorCode::NotFound, QStringLiteral("%1 does not exist.").arg(path),
         QStringLiteral("Check the path; an event store is made by “streamgaugectl append sqlite:PATH”."));
}

/// Opening a pipe would wait for its other end for ever.
void requireFile(const QFileInfo &there, const QString &path)
{
    if (there.isDir())
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 is a folder, not an event store.").arg(path), QStringLiteral("Name the file in it."));
    if (!there.isFile())
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 is a device or a pipe, not an event store.").arg(path), QStringLiteral("Check the path."));
}

/// A file that SQLite has not written anything into yet.
bool isBlank(sqlite::Database &database)
{
    return database.queryInteger("SELECT count(*) FROM sqlite_master") == 0 && database.queryInteger("PRAGMA user_version") == 0;
}

void requireOurStore(sqlite::Database &database)
{
    if (database.queryInteger("PRAGMA application_id") != ApplicationId)
        fail(ErrorCode::Unsupported, QStringLiteral("%1 is an SQLite file, but not an event store of Streamgauge.").arg(database.path()),
             QStringLiteral("Check the path; an event store is made by “streamgaugectl append sqlite:PATH”."));
    const qint64 version = database.queryInteger("PRAGMA user_version");
    if (version > SchemaVersion)
        fail(ErrorCode::Unsupported,
             QStringLiteral("%1 is of a newer version of Streamgauge (its format is %2, this program knows up to %3).")
                 .arg(database.path())
                 .arg(version)
                 .arg(SchemaVersion),
             QStringLiteral("Install the newer Streamgauge to open it."));
}

void writeVersion(sqlite::Database &database)
{
    database.execute(QByteArray("PRAGMA user_version = " + QByteArray::number(SchemaVersion)).constData());
}

void createSchema(sqlite::Database &database)
{
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::Write);
    if (!isBlank(database)) // another program was faster
        return;
    database.execute(Schema);
    database.execute(Snapshots);
    sqlite::Statement insert(database, "INSERT INTO store VALUES (1, ?1, ?2, ?3)");
    insert.bind(1, QUuid::createUuid().toString(QUuid::WithoutBraces)).bind(2, qint64{SchemaVersion});
    insert.bind(3, QDateTime::currentMSecsSinceEpoch()).run();
    database.execute(QByteArray("PRAGMA application_id = " + QByteArray::number(ApplicationId)).constData());
    writeVersion(database);
    transaction.commit();
}

void migrate(sqlite::Database &database)
{
    if (database.queryInteger("PRAGMA user_version") == SchemaVersion)
        return;
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::Write);
    if (database.queryInteger("PRAGMA user_version") >= SchemaVersion) // another program was faster
        return;
    database.execute(Snapshots);
    sqlite::Statement(database, "UPDATE store SET schema_version = ?1").bind(1, qint64{SchemaVersion}).run();
    writeVersion(database);
    transaction.commit();
}

/// SQLite does not wait for its lock when it changes the journal mode, so we do.
void switchToWal(sqlite::Database &database)
{
    const QDeadlineTimer deadline(LockTimeoutMs);
    while (true) {
        try {
            database.execute("PRAGMA journal_mode = WAL");
            return;
        } catch (const ThrownError &failed) {
            if (!failed.error.isRetryable || deadline.hasExpired())
                throw;
        }
        QThread::msleep(10);
    }
}

std::unique_ptr<sqlite::Database> openReadOnly(const QString &path)
{
    try {
        auto database = std::make_unique<sqlite::Database>(path, sqlite::Database::Access::Look);
        requireOurStore(*database);
        return database;
    } catch (const ThrownError &failed) {
        // A log cannot be shared in a folder that we cannot write; without a log beside it the file stands still.
        const bool isWithoutLog = QFileInfo(path + u"-wal").size() == 0;
        const bool isFolderReadOnly = !QFileInfo(QFileInfo(path).absolutePath()).isWritable();
        if (failed.error.code != ErrorCode::StorageFailed || failed.error.isRetryable || !isWithoutLog || !isFolderReadOnly)
            throw;
    }
    auto database = std::make_unique<sqlite::Database>(path, sqlite::Database::Access::LookImmutable);
    requireOurStore(*database);
    return database;
}

} // namespace

std::unique_ptr<sqlite::Database> openForLooking(const QString &path)
{
    const QFileInfo file(path);
    if (!file.exists())
        failNotThere(path);
    requireFile(file, path);
    if (!file.isReadable())
        fail(ErrorCode::NotPermitted, QStringLiteral("%1 may not be read by you.").arg(path), QStringLiteral("Check the file's permissions."));
    return openReadOnly(path);
}

std::unique_ptr<sqlite::Database> openForWriting(const QString &path, bool mayCreate)
{
    const QFileInfo file(path);
    if (!file.exists() && !mayCreate)
        failNotThere(path);
    if (file.exists())
        requireFile(file, path);
    if (!file.exists() && !QFileInfo(file.absolutePath()).isDir())
        fail(ErrorCode::NotFound, QStringLiteral("The folder of %1 does not exist.").arg(path), QStringLiteral("Make the folder first."));
    auto database = std::make_unique<sqlite::Database>(path, mayCreate ? sqlite::Database::Access::Create : sqlite::Database::Access::Write);
    database->setBusyTimeout(LockTimeoutMs);
    if (mayCreate && isBlank(*database)) {
        switchToWal(*database);
        createSchema(*database);
    }
    requireOurStore(*database);
    migrate(*database);
    requireOurStore(*database); // a yet newer program may have been faster
    database->execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return database;
}

void removeIdleSideFiles(const QString &path)
{
    try {
        sqlite::Database last(path, sqlite::Database::Access::Write);
        last.setBusyTimeout(0);
        std::ignore = last.queryInteger("PRAGMA user_version");
    } catch (const ThrownError &) {
        // Tidying only: a file that may not be written, or is locked, stays as it is.
    }
}

void requireUnmoved(const sqlite::Database &database)
{
    if (database.hasMoved())
        fail(ErrorCode::NotFound, QStringLiteral("%1 was deleted or replaced while it was open.").arg(database.path()),
             QStringLiteral("Bring the file back, or open what is there now."));
}

QString storeId(sqlite::Database &database)
{
    sqlite::Statement statement(database, "SELECT uuid FROM store");
    if (!statement.step())
        fail(ErrorCode::Unreadable, QStringLiteral("%1 has lost its own id.").arg(database.path()),
             QStringLiteral("Restore a backup of the file."));
    return statement.string(0);
}

} // namespace connectors::eventstore
