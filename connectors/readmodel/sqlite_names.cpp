// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_names.h"

namespace connectors::readmodel {

QByteArray quoted(const QString &name)
{
    return '"' + name.toUtf8().replace('"', QByteArray("\"\"")) + '"';
}

QString foldedName(QString name)
{
    for (QChar &letter : name)
        letter = letter >= u'A' && letter <= u'Z' ? letter.toLower() : letter;
    return name;
}

QByteArray columnList(const TableSpec &table)
{
    QByteArrayList names;
    for (const ColumnSpec &column : table.columns)
        names += quoted(column.name);
    return names.join(", ");
}

QByteArray keyList(const TableSpec &table)
{
    QByteArrayList names;
    for (const size_t column : table.key)
        names += quoted(table.columns[column].name);
    return names.join(", ");
}

QByteArray sqliteTypeOf(const ColumnSpec &column)
{
    return column.type == ColumnType::BigInt || column.type == ColumnType::Boolean ? "INTEGER" : "TEXT";
}

QByteArray createTable(const TableSpec &table, const QString &name)
{
    QByteArrayList columns;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const bool isKey = std::find(table.key.begin(), table.key.end(), i) != table.key.end();
        columns += quoted(table.columns[i].name) + ' ' + sqliteTypeOf(table.columns[i]) + (isKey ? " NOT NULL" : "");
    }
    columns += QByteArray(PositionColumn) + " INTEGER NOT NULL";
    columns += "PRIMARY KEY (" + keyList(table) + ')';
    return "CREATE TABLE " + quoted(name) + " (" + columns.join(", ") + ") WITHOUT ROWID";
}

} // namespace connectors::readmodel
