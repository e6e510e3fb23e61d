// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/row_store.h"

#include "connectors/pgreadmodel/table_names.h"
#include "connectors/tables/stored_cell.h"

#include <QUtf8StringView>

namespace connectors::pgreadmodel {

namespace {

constexpr qsizetype CopyBytes = 256 * 1024; ///< sent at once

QByteArray keyTypeOf(const ColumnSpec &column)
{
    return column.type == ColumnType::Numeric ? QByteArray("numeric") : typeOf(column);
}

/// `unnest($1::text[], $2::bigint[])`
QByteArray unnestedKeys(const TableSpec &table)
{
    QByteArrayList arrays;
    for (const size_t column : table.key)
        arrays += '$' + QByteArray::number(static_cast<qint64>(arrays.size() + 1)) + "::" + keyTypeOf(table.columns[column]) + "[]";
    return "unnest(" + arrays.join(", ") + ')';
}

/// `k1, k2 …`: the keys' names in an alias, which cannot be mistaken for columns of the table.
QByteArray keyAliases(const TableSpec &table)
{
    QByteArrayList names;
    for (size_t i = 0; i < table.key.size(); ++i)
        names += 'k' + QByteArray::number(static_cast<qint64>(i));
    return names.join(", ");
}

QByteArray assignments(const TableSpec &table)
{
    QByteArrayList list;
    for (const ColumnSpec &column : table.columns)
        list += postgres::quotedName(column.name) + " = EXCLUDED." + postgres::quotedName(column.name);
    list += QByteArray(PositionColumn) + " = EXCLUDED." + PositionColumn;
    return list.join(", ");
}

QString shownKey(const TableSpec &table, const RowKey &key)
{
    QStringList parts;
    for (size_t i = 0; i < key.parts.size(); ++i) {
        const QString value = QString::fromUtf8(key.parts[i].data(), static_cast<qsizetype>(key.parts[i].size())).left(80).replace(QChar::Null, QStringLiteral("\\0"));
        parts += table.columns[table.key[i]].name + QStringLiteral(" = “") + value + u'”';
    }
    return parts.join(QStringLiteral(", "));
}

std::vector<const RowKey *> keysOf(const std::vector<const ChangedRow *> &rows)
{
    std::vector<const RowKey *> keys;
    keys.reserve(rows.size());
    for (const ChangedRow *const row : rows)
        keys.push_back(&row->key);
    return keys;
}

} // namespace

RowStore::RowStore(Session &session, const TableSpec &table, const QString &name, size_t number)
    : m_database(session.database())
    , m_table(table)
    , m_name(session.qualified(name))
    , m_staging("pg_temp.streamgauge_rows_" + QByteArray::number(static_cast<qint64>(number)))
{
    m_database.execute("CREATE TEMPORARY TABLE IF NOT EXISTS " + m_staging.mid(8) + " (" + columnDefinitions(table) + ") ON COMMIT DELETE ROWS");
}

void RowStore::put(const std::vector<const ChangedRow *> &rows, bool isTableEmpty)
{
    if (rows.empty())
        return;
    if (isTableEmpty)
        return copy(m_name, rows);
    copy(m_staging, rows);
    const QByteArray columns = columnList(m_table) + ", " + PositionColumn;
    m_database.execute("INSERT INTO " + m_name + " (" + columns + ") SELECT " + columns + " FROM " + m_staging + " ON CONFLICT (" + keyList(m_table) + ") DO UPDATE SET " + assignments(m_table));
}

void RowStore::remove(const std::vector<const ChangedRow *> &rows)
{
    if (rows.empty())
        return;
    m_database.query("DELETE FROM " + m_name + " AS t USING " + unnestedKeys(m_table) + " AS k(" + keyAliases(m_table) + ") WHERE " + isSameKey(), keyArrays(keysOf(rows)));
}

std::vector<std::optional<Row>> RowStore::find(const std::vector<const RowKey *> &keys)
{
    QByteArrayList columns;
    for (const ColumnSpec &column : m_table.columns)
        columns += "t." + postgres::quotedName(column.name);
    const postgres::Rows found = m_database.query("SELECT " + columns.join(", ") + ", t." + PositionColumn + " FROM " + unnestedKeys(m_table) + " WITH ORDINALITY AS k(" + keyAliases(m_table)
                                                      + ", place) LEFT JOIN " + m_name + " AS t ON " + isSameKey() + " ORDER BY k.place", keyArrays(keys));
    const int position = static_cast<int>(m_table.columns.size());
    std::vector<std::optional<Row>> rows(keys.size());
    for (int i = 0; i < found.count(); ++i) {
        if (found.isNull(i, position))
            continue;
        Row row;
        row.cells.reserve(m_table.columns.size());
        for (int column = 0; column < position; ++column)
            row.cells.push_back(found.isNull(i, column) ? Cell() : Cell(tables::canonicalCell(m_table.columns[static_cast<size_t>(column)], found.text(i, column))));
        row.position = found.integer(i, position);
        rows[static_cast<size_t>(i)] = std::move(row);
    }
    return rows;
}

void RowStore::copy(const QByteArray &target, const std::vector<const ChangedRow *> &rows)
{
    postgres::CopyIn copy(m_database, "COPY " + target + " (" + columnList(m_table) + ", " + PositionColumn + ") FROM STDIN");
    postgres::CopyLine line;
    QByteArray lines;
    for (const ChangedRow *const row : rows) {
        for (size_t i = 0; i < m_table.columns.size(); ++i)
            add(&line, m_table.columns[i], row->row->cells[i], row->key);
        lines += line.add(row->row->position).take();
        if (lines.size() < CopyBytes)
            continue;
        copy.write(lines);
        lines.clear();
    }
    copy.write(lines);
    copy.finish();
}

void RowStore::add(postgres::CopyLine *line, const ColumnSpec &column, const Cell &cell, const RowKey &key) const
{
    if (!cell) {
        line->addNull();
        return;
    }
    if (column.type == ColumnType::Text)
        requireText(column, *cell, key);
    line->add(std::string_view(*cell));
}

/// The server would say only that some byte of some line is wrong.
void RowStore::requireText(const ColumnSpec &column, const std::string &text, const RowKey &key) const
{
    const bool hasNul = text.find('\0') != std::string::npos;
    if (!hasNul && QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8())
        return;
    const QString what = hasNul ? QStringLiteral("a NUL character") : QStringLiteral("bytes that are no UTF-8");
    fail(ErrorCode::InvalidInput, QStringLiteral("The row %1 of “%2” has %3 in column “%4”, which PostgreSQL cannot store.").arg(shownKey(m_table, key), m_table.name, what, column.name),
         QStringLiteral("Take another field for this column in the projection file."));
}

postgres::Parameters RowStore::keyArrays(const std::vector<const RowKey *> &keys) const
{
    postgres::Parameters parameters;
    for (size_t i = 0; i < m_table.key.size(); ++i) {
        const ColumnSpec &column = m_table.columns[m_table.key[i]];
        QByteArrayList parts;
        parts.reserve(static_cast<qsizetype>(keys.size()));
        for (const RowKey *const key : keys) {
            if (column.type == ColumnType::Text)
                requireText(column, key->parts[i], *key);
            parts += QByteArray(key->parts[i].data(), static_cast<qsizetype>(key->parts[i].size()));
        }
        parameters.addArray(parts);
    }
    return parameters;
}

QByteArray RowStore::isSameKey() const
{
    QByteArrayList conditions;
    for (size_t i = 0; i < m_table.key.size(); ++i)
        conditions += "t." + postgres::quotedName(m_table.columns[m_table.key[i]].name) + " = k.k" + QByteArray::number(static_cast<qint64>(i));
    return conditions.join(" AND ");
}

} // namespace connectors::pgreadmodel
