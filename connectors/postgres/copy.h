// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/database.h"

#include <optional>
#include <string_view>

namespace connectors::postgres {

/// One row of COPY's text format, field by field.
class CopyLine final
{
public:
    CopyLine &add(std::string_view utf8);
    CopyLine &add(const QString &text);
    CopyLine &add(qint64 value);
    CopyLine &addNull();
    /// The line with its end; empty again then.
    [[nodiscard]] QByteArray take();

private:
    void separate();
    QByteArray m_line;
    bool m_isFirst = true;
};

/// `COPY … FROM STDIN` while it runs: the fastest way in. Without finish() nothing of it is stored.
class CopyIn final
{
public:
    CopyIn(Database &database, const QByteArray &sql);
    ~CopyIn();
    CopyIn(const CopyIn &) = delete;
    CopyIn &operator=(const CopyIn &) = delete;
    /// Any number of lines. What is wrong with them may be told only by finish().
    void write(const QByteArray &lines);
    /// How many rows were stored.
    qint64 finish();

private:
    Database &m_database;
    bool m_isOpen = true;
};

/// `COPY … TO STDOUT` while it runs: rows come as they are read, whatever their number.
class CopyOut final
{
public:
    CopyOut(Database &database, const QByteArray &sql);
    ~CopyOut();
    CopyOut(const CopyOut &) = delete;
    CopyOut &operator=(const CopyOut &) = delete;
    /// The next line, with its end; null after the last one.
    [[nodiscard]] std::optional<QByteArray> next();
    /// The fields of a line as they are; null where it has none.
    [[nodiscard]] static std::vector<std::optional<QByteArray>> fieldsOf(const QByteArray &line);

private:
    Database &m_database;
    bool m_isOpen = true;
};

} // namespace connectors::postgres
