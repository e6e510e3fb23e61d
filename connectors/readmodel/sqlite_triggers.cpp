// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_triggers.h"

#include "connectors/readmodel/sqlite_names.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace connectors::readmodel {

namespace {

/// Those that can be written.
std::vector<QString> columnsOf(sqlite::Database &database, const QString &table)
{
    std::vector<QString> names;
    sqlite::Statement columns = database.prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0");
    columns.bind(1, table);
    while (columns.step())
        names.push_back(columns.string(0));
    return names;
}

QByteArray statementOf(sqlite::Database &database, const TriggeredWrite &write)
{
    if (write.kind == "INSERT")
        return "INSERT INTO " + quoted(write.table) + " DEFAULT VALUES";
    if (write.kind == "DELETE")
        return "DELETE FROM " + quoted(write.table);
    QByteArrayList columns;
    for (const QString &name : columnsOf(database, write.table))
        columns += quoted(name) + " = " + quoted(name);
    return "UPDATE " + quoted(write.table) + " SET " + columns.join(", ");
}

/// Null where it can be compiled.
std::optional<QString> problemOf(sqlite::Database &database, const TriggeredWrite &write)
{
    try {
        std::ignore = database.prepare(statementOf(database, write));
        return std::nullopt;
    } catch (const ThrownError &failed) {
        if (failed.error.isRetryable)
            throw;
        return failed.error.message;
    }
}

/// Without its quotes, of any of SQLite's kinds.
QString nameIn(QString word)
{
    word = word.trimmed();
    const bool isQuoted = word.size() > 1 && QStringLiteral("\"'`[").contains(word.front());
    return isQuoted ? word.mid(1, word.size() - 2) : word;
}

} // namespace

std::vector<TriggeredWrite> workingWrites(sqlite::Database &database)
{
    std::vector<TriggeredWrite> writes;
    sqlite::Statement tables = database.prepare("SELECT DISTINCT tbl_name COLLATE NOCASE FROM sqlite_master WHERE type = 'trigger'");
    while (tables.step()) {
        for (const char *kind : {"INSERT", "UPDATE", "DELETE"})
            writes.push_back({tables.string(0), kind});
    }
    std::erase_if(writes, [&database](const TriggeredWrite &write) { return problemOf(database, write).has_value(); });
    return writes;
}

std::optional<QString> whyNotWritten(sqlite::Database &database, const std::vector<TriggeredWrite> &writes, const QString &table)
{
    for (const TriggeredWrite &write : writes) {
        const bool isWanted = table.isEmpty() || foldedName(write.table) == foldedName(table);
        if (std::optional<QString> problem = isWanted ? problemOf(database, write) : std::nullopt)
            return problem;
    }
    return std::nullopt;
}

void requireWrites(sqlite::Database &database, const std::vector<TriggeredWrite> &writes)
{
    for (const TriggeredWrite &write : writes) {
        const std::optional<QString> problem = problemOf(database, write);
        if (!problem)
            continue;
        QStringList triggers;
        sqlite::Statement names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE ORDER BY name");
        names.bind(1, write.table);
        while (names.step())
            triggers += QStringLiteral("trigger “%1”").arg(names.string(0));
        fail(ErrorCode::Refused, QStringLiteral("The %1 of “%2” would not work with the rebuilt table: %3 Nothing was swapped.").arg(triggers.join(QStringLiteral(" or ")), write.table, *problem),
             QStringLiteral("Give the projection file the columns it needs, or drop it first."));
    }
}

std::optional<QString> missingColumnOf(sqlite::Database &database, const QString &triggerSql, const QString &table)
{
    static const QRegularExpression waits(QStringLiteral("\\A\\s*CREATE\\s+TRIGGER\\s.*?\\sUPDATE\\s+OF\\s+(.+?)\\s+ON\\s"), QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression body(QStringLiteral("\\bBEGIN\\b"), QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = waits.match(triggerSql.left(triggerSql.indexOf(body)));
    const std::vector<QString> columns = columnsOf(database, table);
    for (const QString &word : match.captured(1).split(u',', Qt::SkipEmptyParts)) {
        const QString name = nameIn(word);
        if (std::none_of(columns.begin(), columns.end(), [&name](const QString &column) { return foldedName(column) == foldedName(name); }))
            return name;
    }
    return std::nullopt;
}

} // namespace connectors::readmodel
