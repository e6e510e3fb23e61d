// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/sqlite/database.h"

#include <QFileInfo>
#include <QUrl>

#include <sqlite3.h>

#include <exception>
#include <new>

namespace connectors::sqlite {

namespace {

constexpr int StepsBetweenChecks = 4000;

QByteArray uriOf(const QString &path, Database::Access access)
{
    // QUrl escapes '?', '#' and '%' of a file name; SQLite undoes it.
    const QByteArray file = "file:" + QUrl::toPercentEncoding(QFileInfo(path).absoluteFilePath(), "/");
    switch (access) {
    case Database::Access::Look: return file + "?mode=ro";
    case Database::Access::LookImmutable: return file + "?mode=ro&immutable=1";
    case Database::Access::Write: return file + "?mode=rw";
    case Database::Access::Create: return file + "?mode=rwc";
    }
    return file;
}

Error errorOf(int resultCode, const QString &path, const QString &detail)
{
    const auto error = [&](ErrorCode code, const QString &message, const QString &advice, bool isRetryable = false) {
        return Error{code, message, advice, isRetryable};
    };
    switch (resultCode & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error(ErrorCode::StorageFailed, QStringLiteral("%1 is locked by another program.").arg(path),
                     QStringLiteral("Wait until the other program has finished writing, then try again."), true);
    case SQLITE_FULL:
        return error(ErrorCode::StorageFailed, QStringLiteral("%1 could not be written: the disk is full.").arg(path),
                     QStringLiteral("Free space on that disk, then try again; nothing of this step was stored."), true);
    case SQLITE_READONLY:
        return error(ErrorCode::StorageFailed, QStringLiteral("%1 cannot be written: the file or its folder is read-only.").arg(path),
                     QStringLiteral("Give yourself the right to write both the file and its folder, or use a copy elsewhere."));
    case SQLITE_CANTOPEN:
        return error(ErrorCode::StorageFailed, QStringLiteral("%1 could not be opened.").arg(path),
                     QStringLiteral("Check that the file and its folder can be read and written by you."));
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return error(ErrorCode::NotPermitted, QStringLiteral("%1 may not be accessed.").arg(path),
                     QStringLiteral("Check the file's permissions."));
    case SQLITE_CORRUPT:
        return error(ErrorCode::Unreadable, QStringLiteral("%1 is corrupt: %2.").arg(path, detail),
                     QStringLiteral("Stop everything that writes it, keep a copy, and restore a backup or use sqlite3's “.recover”."));
    case SQLITE_NOTADB:
        return error(ErrorCode::Unreadable, QStringLiteral("%1 is not an SQLite file.").arg(path),
                     QStringLiteral("Check the path; an event store is made by “streamgaugectl append sqlite:PATH”."));
    case SQLITE_INTERRUPT: return error(ErrorCode::Cancelled, QStringLiteral("Reading %1 was cancelled.").arg(path), {});
    case SQLITE_IOERR:
        return error(ErrorCode::StorageFailed, QStringLiteral("%1 could not be read or written: %2.").arg(path, detail),
                     QStringLiteral("Check the disk, and that the file is not on a network drive."));
    case SQLITE_TOOBIG:
        return error(ErrorCode::InvalidInput, QStringLiteral("A value is too big for %1.").arg(path),
                     QStringLiteral("SQLite stores at most 1 GB in one event; keep large state behind a link."));
    case SQLITE_CONSTRAINT:
        return error(ErrorCode::Refused, QStringLiteral("%1 refused it: %2.").arg(path, detail), {});
    default: return error(ErrorCode::Internal, QStringLiteral("%1: %2 (SQLite %3).").arg(path, detail).arg(resultCode), {});
    }
}

} // namespace

Database::Database(const QString &path, Access access)
    : m_path(path)
{
    const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        | (access == Access::Create      ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
               : access == Access::Write ? SQLITE_OPEN_READWRITE
                                         : SQLITE_OPEN_READONLY);
    const int result = sqlite3_open_v2(uriOf(path, access).constData(), &m_handle, flags, nullptr);
    if (result != SQLITE_OK) {
        const Error error = errorOf(result, path, QString::fromUtf8(sqlite3_errstr(result)));
        sqlite3_close(m_handle);
        throw ThrownError{error};
    }
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // Writing needs json_valid() in the schema's own checks, which SQLite 3.40 counts as unsafe there.
    const int isTrusted = access == Access::Write || access == Access::Create ? 1 : 0;
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, isTrusted, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr); // an index on a column that is not there is no index on its name
    setBusyTimeout(5000);
}

Database::~Database()
{
    // v2: the older one refuses, and leaks, while a statement lives that its owner has not let go yet.
    sqlite3_close_v2(m_handle);
}

void Database::execute(const char *sql)
{
    const int result = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        failWith(result);
}

Statement Database::prepare(const QByteArray &sql)
{
    return Statement(*this, sql);
}

qint64 Database::queryInteger(const QByteArray &sql)
{
    Statement statement(*this, sql);
    return statement.step() ? statement.integer(0) : 0;
}

qint64 Database::changes() const
{
    return sqlite3_changes(m_handle);
}

qint64 Database::lastInsertedRow() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

bool Database::hasMoved() const
{
    int hasMoved = 0;
    sqlite3_file_control(m_handle, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved);
    return hasMoved != 0;
}

void Database::setCancelledCheck(std::function<bool()> isCancelled)
{
    m_isCancelled = std::move(isCancelled);
    const auto check = [](void *database) { return static_cast<Database *>(database)->m_isCancelled() ? 1 : 0; };
    sqlite3_progress_handler(m_handle, m_isCancelled ? StepsBetweenChecks : 0, m_isCancelled ? +check : nullptr, this);
}

void Database::setBusyTimeout(int milliseconds)
{
    sqlite3_busy_timeout(m_handle, milliseconds);
}

void Database::failWith(int resultCode) const
{
    if ((resultCode & 0xff) == SQLITE_NOMEM)
        throw std::bad_alloc();
    throw ThrownError{errorOf(resultCode, m_path, QString::fromUtf8(sqlite3_errmsg(m_handle)))};
}

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Statement::Statement(Database &database, const QByteArray &sql)
    : m_database(&database)
{
    sqlite3_stmt *statement = nullptr;
    const int result = sqlite3_prepare_v3(database.m_handle, sql.constData(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                          &statement, nullptr);
    if (result != SQLITE_OK)
        database.failWith(result);
    m_statement.reset(statement);
}

Statement &Statement::bind(int parameter, qint64 value)
{
    sqlite3_bind_int64(m_statement.get(), parameter, value);
    return *this;
}

Statement &Statement::bind(int parameter, std::string_view utf8)
{
    const int result = sqlite3_bind_text64(m_statement.get(), parameter, utf8.empty() ? "" : utf8.data(), utf8.size(), SQLITE_TRANSIENT,
                                           SQLITE_UTF8);
    if (result != SQLITE_OK)
        m_database->failWith(result);
    return *this;
}

Statement &Statement::bind(int parameter, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    return bind(parameter, std::string_view(utf8.constData(), static_cast<size_t>(utf8.size())));
}

Statement &Statement::bindNull(int parameter)
{
    sqlite3_bind_null(m_statement.get(), parameter);
    return *this;
}

Statement &Statement::bindOptional(int parameter, const QString &text)
{
    return text.isEmpty() ? bindNull(parameter) : bind(parameter, text);
}

bool Statement::step()
{
    const int result = sqlite3_step(m_statement.get());
    if (result == SQLITE_ROW)
        return true;
    if (result == SQLITE_DONE) {
        reset();
        return false;
    }
    try {
        m_database->failWith(result);
    } catch (...) {
        reset();
        throw;
    }
}

void Statement::run()
{
    while (step()) { }
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::text(int column) const
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement.get(), column));
    if (!bytes && !isNull(column)) // it has no room for its copy
        throw std::bad_alloc();
    return bytes ? std::string_view(bytes, static_cast<size_t>(sqlite3_column_bytes(m_statement.get(), column))) : std::string_view();
}

QString Statement::string(int column) const
{
    const std::string_view utf8 = text(column);
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

Transaction::Transaction(Database &database, Kind kind)
    : m_database(database)
{
    database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction()
{
    if (!m_isOpen)
        return;
    try {
        m_database.execute("ROLLBACK");
    } catch (const ThrownError &) {
        // SQLite has rolled back by itself (disk full, I/O error): nothing is left to undo.
    }
}

void Transaction::commit()
{
    m_database.execute("COMMIT");
    m_isOpen = false;
}

} // namespace connectors::sqlite
