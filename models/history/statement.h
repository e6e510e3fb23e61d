// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <sqlite3.h>

#include <optional>

namespace models::history {

/// One prepared statement; binds and reads by number.
class Statement final
{
public:
    Statement(sqlite3 *database, const char *sql) { m_code = sqlite3_prepare_v2(database, sql, -1, &m_statement, nullptr); }
    ~Statement() { sqlite3_finalize(m_statement); }
    Q_DISABLE_COPY_MOVE(Statement)

    [[nodiscard]] bool isValid() const { return m_code == SQLITE_OK; }
    void bind(int at, qint64 value) { sqlite3_bind_int64(m_statement, at, value); }
    void bind(int at, const std::optional<qint64> &value) { value ? bind(at, *value) : void(sqlite3_bind_null(m_statement, at)); }
    void bind(int at, const QString &value)
    {
        const QByteArray bytes = value.toUtf8();
        sqlite3_bind_text(m_statement, at, bytes.constData(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
    }
    bool step() { return (m_code = sqlite3_step(m_statement)) == SQLITE_ROW; }
    [[nodiscard]] bool isDone() const { return m_code == SQLITE_DONE; }
    void reset() { sqlite3_reset(m_statement); }
    [[nodiscard]] qint64 number(int at) const { return sqlite3_column_int64(m_statement, at); }
    [[nodiscard]] std::optional<qint64> optional(int at) const
    {
        return sqlite3_column_type(m_statement, at) == SQLITE_NULL ? std::nullopt : std::optional(number(at));
    }
    [[nodiscard]] QString text(int at) const
    {
        return QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(m_statement, at)));
    }

private:
    sqlite3_stmt *m_statement = nullptr;
    int m_code = SQLITE_ERROR;
};

} // namespace models::history
