// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal_database.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace models::journal {

using connectors::Error;
using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

constexpr qint64 SchemaVersion = 1;
constexpr int BusyTimeoutMs = 5000;

// Entries are only ever added; the triggers keep other tools from a slip, the hash chain tells of everything else.
constexpr const char *Schema = R"(
CREATE TABLE entries(
    id INTEGER PRIMARY KEY, job INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
    body TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL);
CREATE INDEX entries_by_job ON entries(job, id);
CREATE TRIGGER entries_are_final BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
PRAGMA user_version = 1;
)";

Result<void> createPrivately(const QString &path)
{
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder)) {
        return failure(ErrorCode::StorageFailed, QStringLiteral("The folder of the journal, %1, cannot be made.").arg(folder),
                       QStringLiteral("Make it writable or set XDG_DATA_HOME to a folder that is; nothing is changed without a journal."));
    }
    const int file = ::open(QFile::encodeName(path).constData(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return failure(ErrorCode::StorageFailed,
                       QStringLiteral("The journal %1 cannot be written: %2.").arg(path, QString::fromLocal8Bit(strerror(errno))),
                       QStringLiteral("Make the file and its folder writable for you; nothing is changed without a journal."));
    }
    ::fchmod(file, S_IRUSR | S_IWUSR);
    ::close(file);
    return {};
}

} // namespace

Statement::Statement(sqlite3 *database, const char *sql)
    : m_prepared(sqlite3_prepare_v2(database, sql, -1, &m_statement, nullptr))
{
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void Statement::bind(int index, qint64 value)
{
    sqlite3_bind_int64(m_statement, index, value);
}

void Statement::bind(int index, const QByteArray &bytes)
{
    sqlite3_bind_text64(m_statement, index, bytes.constData(), static_cast<sqlite3_uint64>(bytes.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bindBlob(int index, const QByteArray &bytes)
{
    sqlite3_bind_blob64(m_statement, index, bytes.constData(), static_cast<sqlite3_uint64>(bytes.size()), SQLITE_TRANSIENT);
}

int Statement::step()
{
    return m_prepared == SQLITE_OK ? sqlite3_step(m_statement) : m_prepared;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

QByteArray Statement::bytes(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    return {data, sqlite3_column_bytes(m_statement, column)};
}

Result<std::unique_ptr<JournalDatabase>> JournalDatabase::open(const QString &path, Access access)
{
    if (access == Access::Write) {
        if (auto made = createPrivately(path); !made)
            return tl::unexpected(made.error());
    }
    sqlite3 *handle = nullptr;
    const int flags = (access == Access::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.toUtf8().constData(), &handle, flags, nullptr);
    std::unique_ptr<JournalDatabase> database(new JournalDatabase(handle, path));
    if (code != SQLITE_OK)
        return tl::unexpected(database->error(code));
    sqlite3_busy_timeout(handle, BusyTimeoutMs);
    if (auto prepared = database->prepare(access); !prepared)
        return tl::unexpected(prepared.error());
    return database;
}

JournalDatabase::~JournalDatabase()
{
    sqlite3_close_v2(m_database);
}

Result<void> JournalDatabase::prepare(Access access)
{
    // A corrupt file tells on the first page that is read.
    qint64 version = 0;
    {
        Statement statement(m_database, "PRAGMA user_version");
        const int code = statement.step();
        if (code != SQLITE_ROW)
            return tl::unexpected(error(code));
        version = statement.integer(0);
    }
    if (version > SchemaVersion) {
        return failure(ErrorCode::StorageFailed,
                       QStringLiteral("The journal %1 was written by a newer version of Streamgauge (format %2, this one knows %3).")
                           .arg(m_path).arg(version).arg(SchemaVersion),
                       QStringLiteral("Use the newer version, or set XDG_DATA_HOME to another folder."));
    }
    if (access == Access::Read)
        return {};
    if (sqlite3_db_readonly(m_database, "main") == 1)
        return tl::unexpected(error(SQLITE_READONLY));
    if (auto set = execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"); !set)
        return set;
    if (version == SchemaVersion)
        return {};
    return transact([this]() -> Result<void> {
        Statement again(m_database, "PRAGMA user_version"); // another process may have been faster
        if (again.step() == SQLITE_ROW && again.integer(0) == SchemaVersion)
            return {};
        return execute(Schema);
    });
}

Result<void> JournalDatabase::execute(const char *sql)
{
    const int code = sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(error(code));
    return {};
}

Result<void> JournalDatabase::transact(const std::function<Result<void>()> &work)
{
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = work();
    if (done)
        done = execute("COMMIT");
    if (!done && sqlite3_get_autocommit(m_database) == 0)
        sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Error JournalDatabase::error(int code) const
{
    const QString nothing = QStringLiteral(" Nothing is changed without a journal.");
    switch (code & 0xff) {
    case SQLITE_FULL:
        return {ErrorCode::StorageFailed, QStringLiteral("The journal %1 could not be written: the disk is full.").arg(m_path),
                QStringLiteral("Free some space.") + nothing, false};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return {ErrorCode::StorageFailed, QStringLiteral("The journal %1 cannot be opened for writing.").arg(m_path),
                QStringLiteral("Make the file and its folder writable for you.") + nothing, false};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::StorageFailed, QStringLiteral("The journal %1 is held by another program.").arg(m_path),
                QStringLiteral("Close what has it open and try again.") + nothing, true};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return {ErrorCode::Unreadable, QStringLiteral("The journal %1 is damaged: %2.").arg(m_path, QString::fromUtf8(sqlite3_errmsg(m_database))),
                QStringLiteral("Move it aside and keep it; a new one is begun.") + nothing, false};
    default:
        return {ErrorCode::StorageFailed, QStringLiteral("The journal %1 failed: %2.").arg(m_path, QString::fromUtf8(sqlite3_errmsg(m_database))),
                QStringLiteral("Look at the disk it is on.") + nothing, false};
    }
}

} // namespace models::journal
