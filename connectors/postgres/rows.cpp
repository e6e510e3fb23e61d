// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/rows.h"

#include <libpq-fe.h>

#include <charconv>

namespace connectors::postgres {

void Rows::Clear::operator()(pg_result *result) const
{
    PQclear(result);
}

Rows::Rows(pg_result *owned)
    : m_result(owned)
{
}

int Rows::count() const
{
    return PQntuples(m_result.get());
}

int Rows::columns() const
{
    return PQnfields(m_result.get());
}

bool Rows::isNull(int row, int column) const
{
    return PQgetisnull(m_result.get(), row, column) != 0;
}

qint64 Rows::integer(int row, int column) const
{
    const std::string_view digits = text(row, column);
    qint64 value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool Rows::boolean(int row, int column) const
{
    return text(row, column) == "t";
}

std::string_view Rows::text(int row, int column) const
{
    return {PQgetvalue(m_result.get(), row, column), static_cast<size_t>(PQgetlength(m_result.get(), row, column))};
}

QString Rows::string(int row, int column) const
{
    const std::string_view utf8 = text(row, column);
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QByteArray Rows::command() const
{
    return PQcmdStatus(m_result.get());
}

qint64 Rows::affected() const
{
    return QByteArray(PQcmdTuples(m_result.get())).toLongLong();
}

qint64 Rows::bytes() const
{
    qint64 sum = 0;
    for (int row = 0; row < count(); ++row)
        for (int column = 0; column < columns(); ++column)
            sum += PQgetlength(m_result.get(), row, column);
    return sum;
}

} // namespace connectors::postgres
