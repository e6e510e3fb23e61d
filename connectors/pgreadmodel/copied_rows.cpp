// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/copied_rows.h"

#include "connectors/tables/stored_cell.h"

#include <algorithm>

namespace connectors::pgreadmodel {

namespace {

bool isExactNumber(const QString &type)
{
    return type == u"numeric" || type == u"int8" || type == u"int4" || type == u"int2";
}

QString typeIn(const std::vector<StoredColumn> &columns, const QString &name)
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&name](const StoredColumn &each) { return each.name == name; });
    return found == columns.end() ? QString() : found->type;
}

/// Of a column in the select list; `type` is empty where the table lacks it.
QByteArray valueOf(const ColumnSpec &column, const QString &type)
{
    if (type.isEmpty())
        return "NULL";
    const bool isPadded = column.type == ColumnType::Text && type != u"text"; // char(10) ends with spaces that are no part of it
    return postgres::quotedName(column.name) + (isPadded ? "::text" : "");
}

QByteArray orderOf(const ColumnSpec &column, const QString &type)
{
    const QByteArray name = postgres::quotedName(column.name);
    if (column.type == ColumnType::BigInt && isExactNumber(type))
        return name + " NULLS FIRST";
    if (column.type == ColumnType::Numeric && isExactNumber(type))
        return "trim_scale(" + name + "::numeric)::text COLLATE \"C\" NULLS FIRST";
    return name + "::text COLLATE \"C\" NULLS FIRST"; // booleans too: false before true
}

QByteArray copyOf(const Session &session, const TableSpec &table, const QString &name, const std::vector<StoredColumn> &stored, const RowRange &range)
{
    QByteArrayList values;
    for (const ColumnSpec &column : table.columns)
        values += valueOf(column, typeIn(stored, column.name));
    values += typeIn(stored, QLatin1String(PositionColumn)).isEmpty() ? "0" : PositionColumn;
    QByteArrayList order;
    for (const size_t column : table.key)
        order += orderOf(table.columns[column], typeIn(stored, table.columns[column].name));
    const QByteArray part = range.count < 0 ? QByteArray() : QByteArray(" LIMIT " + QByteArray::number(range.count) + " OFFSET " + QByteArray::number(range.first));
    return "COPY (SELECT " + values.join(", ") + " FROM " + session.qualified(name) + " ORDER BY " + order.join(", ") + part + ") TO STDOUT";
}

char unescaped(char c)
{
    switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;
    }
}

} // namespace

std::vector<StoredColumn> storedColumns(Session &session, const QString &table)
{
    static constexpr const char *Sql = "SELECT a.attname, b.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid) "
                                       "WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped";
    std::vector<StoredColumn> columns;
    const postgres::Rows rows = session.database().query(Sql, postgres::Parameters().add(session.idOf(table)));
    columns.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        columns.push_back({rows.string(row, 0), rows.string(row, 1)});
    return columns;
}

CopiedRows::CopiedRows(Session &session, const TableSpec &table, const QString &name, const std::vector<StoredColumn> &columns, const RowRange &range)
    : m_table(table)
    , m_copy(session.database(), copyOf(session, table, name, columns, range))
    , m_row(table.columns.size())
{
}

qint64 CopiedRows::position() const
{
    return QByteArray::fromRawData(m_field.data(), static_cast<qsizetype>(m_field.size())).toLongLong();
}

bool CopiedRows::next()
{
    const std::optional<QByteArray> line = m_copy.next();
    if (line)
        take(*line);
    return line.has_value();
}

/// As CopyOut::fieldsOf() does, but into cells that keep their memory from row to row.
void CopiedRows::take(const QByteArray &line)
{
    const char *place = line.constData();
    const char *const end = place + line.size() - (line.endsWith('\n') ? 1 : 0);
    for (size_t i = 0; i < m_row.size(); ++i) {
        const ColumnSpec &column = m_table.columns[i];
        bool isNull = false;
        m_field.clear();
        for (; place != end && *place != '\t'; ++place) {
            if (*place != '\\' || place + 1 == end)
                m_field += *place;
            else if (*++place == 'N')
                isNull = true;
            else
                m_field += unescaped(*place);
        }
        if (place != end)
            ++place;
        if (isNull)
            m_row[i].reset();
        else if (column.type != ColumnType::Text)
            m_row[i] = tables::canonicalCell(column, m_field);
        else if (m_row[i])
            m_row[i]->swap(m_field);
        else
            m_row[i] = m_field;
    }
    m_field.assign(place, end);
}

} // namespace connectors::pgreadmodel
