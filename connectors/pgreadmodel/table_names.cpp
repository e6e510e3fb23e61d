// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/table_names.h"

#include "connectors/postgres/options.h"
#include "connectors/thrown_error.h"

namespace connectors::pgreadmodel {

namespace {

void requireName(const QString &name, const QString &kind)
{
    const qsizetype bytes = name.toUtf8().size();
    const QString advice = QStringLiteral("A name in PostgreSQL has 1 to %1 bytes, and no NUL character.").arg(LongestTableName);
    if (name.isEmpty() || name.contains(QChar::Null))
        fail(ErrorCode::InvalidInput, QStringLiteral("The projection file has a %1 whose name is empty or has a NUL character in it.").arg(kind), advice);
    if (bytes > LongestTableName)
        fail(ErrorCode::InvalidInput, QStringLiteral("The name of the %1 “%2” has %3 bytes, and PostgreSQL would cut it.").arg(kind, name.left(120)).arg(bytes), advice);
}

} // namespace

void requireNames(const std::vector<TableSpec> &tables)
{
    for (const TableSpec &table : tables) {
        requireName(table.name, QStringLiteral("table"));
        for (const ColumnSpec &column : table.columns)
            requireName(column.name, QStringLiteral("column"));
    }
}

QByteArray columnList(const TableSpec &table)
{
    QByteArrayList names;
    for (const ColumnSpec &column : table.columns)
        names += postgres::quotedName(column.name);
    return names.join(", ");
}

QByteArray keyList(const TableSpec &table)
{
    QByteArrayList names;
    for (const size_t column : table.key)
        names += postgres::quotedName(table.columns[column].name);
    return names.join(", ");
}

QByteArray typeOf(const ColumnSpec &column)
{
    switch (column.type) {
    case ColumnType::Text: return "text";
    case ColumnType::BigInt: return "bigint";
    case ColumnType::Boolean: return "boolean";
    case ColumnType::Numeric: break;
    }
    if (!column.precision)
        return "numeric";
    return "numeric(" + QByteArray::number(column.precision->digits) + ',' + QByteArray::number(column.precision->fraction) + ')';
}

QByteArray columnDefinitions(const TableSpec &table)
{
    QByteArrayList columns;
    for (const ColumnSpec &column : table.columns)
        columns += postgres::quotedName(column.name) + ' ' + typeOf(column);
    // With a default: the team's own program, which knows nothing of this column, goes on inserting rows after a swap.
    columns += QByteArray(PositionColumn) + " bigint NOT NULL DEFAULT " + QByteArray::number(NoEvent);
    return columns.join(", ");
}

QByteArray createTable(const TableSpec &table, const QByteArray &name)
{
    return "CREATE TABLE " + name + " (" + columnDefinitions(table) + ", PRIMARY KEY (" + keyList(table) + "))";
}

} // namespace connectors::pgreadmodel
