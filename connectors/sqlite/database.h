// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/thrown_error.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace connectors::sqlite {

class Statement;

/// One SQLite connection, used by one thread. Whatever goes wrong is thrown as ThrownError that names the file.
class Database final
{
public:
    enum class Access {
        Look,          ///< mode=ro; the file must exist
        LookImmutable, ///< in a folder we cannot write and without a log beside it
        Write,         ///< the file must exist
        Create         ///< created when it is not there
    };
    Database(const QString &path, Access access);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    void execute(const char *sql);
    void execute(const QByteArray &sql) { execute(sql.constData()); }
    [[nodiscard]] Statement prepare(const QByteArray &sql);
    [[nodiscard]] qint64 queryInteger(const QByteArray &sql);
    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] qint64 changes() const;
    [[nodiscard]] qint64 lastInsertedRow() const;
    /// Whether the path leads to the file no more that is open here: what is read is of the past, and what is written is lost.
    [[nodiscard]] bool hasMoved() const;

    /// Asked every few thousand steps; a statement that runs then ends with Cancelled. Null: never.
    void setCancelledCheck(std::function<bool()> isCancelled);
    /// How long to wait for another program's lock.
    void setBusyTimeout(int milliseconds);

    [[noreturn]] void failWith(int resultCode) const;

private:
    friend class Statement;
    QString m_path;
    sqlite3 *m_handle = nullptr;
    std::function<bool()> m_isCancelled;
};

/// A prepared statement; columns count from 0, parameters from 1. Bound texts are copied.
class Statement final
{
public:
    Statement(Database &database, const QByteArray &sql);
    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&) noexcept = default;

    Statement &bind(int parameter, qint64 value);
    Statement &bind(int parameter, std::string_view utf8);
    Statement &bind(int parameter, const QString &text);
    Statement &bindNull(int parameter);
    /// Null where the text is empty: for fields that an event may not have.
    Statement &bindOptional(int parameter, const QString &text);

    [[nodiscard]] bool step(); ///< true: a row is there; false: done, and reset for the next use
    void run();                ///< steps to the end and resets
    void reset();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const; ///< valid until the next step
    [[nodiscard]] QString string(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };
    Database *m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// BEGIN … COMMIT, rolled back unless committed.
class Transaction final
{
public:
    enum class Kind { Read, Write };
    Transaction(Database &database, Kind kind);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    void commit();

private:
    Database &m_database;
    bool m_isOpen = true;
};

} // namespace connectors::sqlite
