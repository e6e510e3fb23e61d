// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace models::journal {

/// One prepared statement; steps give an error that names the journal file.
class Statement final
{
public:
    Statement(sqlite3 *database, const char *sql);
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    void bind(int index, qint64 value);
    void bind(int index, const QByteArray &bytes); ///< as text where it is text: the caller's columns decide
    void bindBlob(int index, const QByteArray &bytes);
    [[nodiscard]] int step(); ///< SQLITE_ROW, SQLITE_DONE or an error code
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] QByteArray bytes(int column) const;

private:
    sqlite3_stmt *m_statement = nullptr;
    int m_prepared = 0;
};

/// The journal's file: opened with mode 0600, WAL, synchronous=FULL, and refused where it is corrupt, of a newer version
/// or of another program. One thread at a time.
class JournalDatabase final
{
public:
    enum class Access { Read, Write };

    [[nodiscard]] static connectors::Result<std::unique_ptr<JournalDatabase>> open(const QString &path, Access access);
    ~JournalDatabase();
    JournalDatabase(const JournalDatabase &) = delete;
    JournalDatabase &operator=(const JournalDatabase &) = delete;

    [[nodiscard]] sqlite3 *handle() const { return m_database; }
    [[nodiscard]] connectors::Result<void> execute(const char *sql);
    /// `work` inside one BEGIN IMMEDIATE, committed (and on the disk) when this returns without an error.
    [[nodiscard]] connectors::Result<void> transact(const std::function<connectors::Result<void>()> &work);
    /// What the last failure means to a person.
    [[nodiscard]] connectors::Error error(int code) const;

private:
    JournalDatabase(sqlite3 *database, QString path) : m_database(database), m_path(std::move(path)) { }
    [[nodiscard]] connectors::Result<void> prepare(Access access);

    sqlite3 *m_database;
    const QString m_path;
};

} // namespace models::journal
