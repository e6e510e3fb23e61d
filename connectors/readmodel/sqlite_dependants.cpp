// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_dependants.h"

#include "connectors/readmodel/sqlite_names.h"

#include <QRegularExpression>

#include <algorithm>

namespace connectors::readmodel {

namespace {

/// Columns that hold more than a projection file says of them.
std::vector<QString> columnLosses(sqlite::Database &database, const TableSpec &table)
{
    std::vector<QString> losses;
    sqlite::Statement columns = database.prepare("SELECT name, \"notnull\", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?1)");
    columns.bind(1, table.name);
    while (columns.step()) {
        const QString name = columns.string(0);
        const auto declared = std::find_if(table.columns.begin(), table.columns.end(), [&name](const ColumnSpec &column) { return foldedName(column.name) == foldedName(name); });
        const std::optional<size_t> known = declared == table.columns.end() ? std::nullopt : std::optional(static_cast<size_t>(declared - table.columns.begin()));
        if (!known && name != QLatin1String(PositionColumn))
            losses.push_back(QStringLiteral("column “%1”").arg(name));
        if (!known)
            continue;
        const bool isKey = std::find(table.key.begin(), table.key.end(), *known) != table.key.end();
        if (columns.integer(1) != 0 && !isKey)
            losses.push_back(QStringLiteral("NOT NULL of column “%1”").arg(name));
        if (columns.integer(2) != 0)
            losses.push_back(QStringLiteral("default of column “%1”").arg(name));
        if (columns.integer(4) > 1)
            losses.push_back(QStringLiteral("generated column “%1”").arg(name));
    }
    return losses;
}

std::vector<QString> constraintLosses(sqlite::Database &database, const TableSpec &table)
{
    std::vector<QString> losses;
    sqlite::Statement keys = database.prepare("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1)");
    keys.bind(1, table.name);
    while (keys.step())
        losses.push_back(QStringLiteral("foreign key to “%1”").arg(keys.string(0)));
    sqlite::Statement unique = database.prepare("SELECT name FROM pragma_index_list(?1) WHERE origin = 'u'");
    unique.bind(1, table.name);
    while (unique.step())
        losses.push_back(QStringLiteral("UNIQUE constraint %1").arg(unique.string(0)));
    static const QRegularExpression check(QStringLiteral("\\bCHECK\\s*\\("), QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression collation(QStringLiteral("\\bCOLLATE\\s+(?!BINARY\\b)"), QRegularExpression::CaseInsensitiveOption);
    sqlite::Statement sql = database.prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE");
    sql.bind(1, table.name);
    const QString declared = sql.step() ? sql.string(0) : QString();
    if (declared.contains(check))
        losses.push_back(QStringLiteral("CHECK constraint"));
    if (declared.contains(collation))
        losses.push_back(QStringLiteral("collation of a column"));
    return losses;
}

bool canBeRead(sqlite::Database &database, const QString &view)
{
    try {
        std::ignore = database.prepare("SELECT * FROM " + quoted(view) + " LIMIT 0");
        return true;
    } catch (const ThrownError &) {
        return false;
    }
}

} // namespace

std::vector<Dependant> dependantsOf(sqlite::Database &database, const QString &table)
{
    std::vector<Dependant> dependants;
    sqlite::Statement rows = database.prepare("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid");
    rows.bind(1, table);
    while (rows.step())
        dependants.push_back({rows.string(0), rows.string(1), rows.string(2).toUtf8()});
    return dependants;
}

void dropDependant(sqlite::Database &database, const Dependant &dependant)
{
    database.execute((dependant.kind == u"index" ? "DROP INDEX " : "DROP TRIGGER ") + quoted(dependant.name));
}

void recreateDependant(sqlite::Database &database, const Dependant &dependant, const QString &table, const std::vector<TriggeredWrite> &writes)
{
    std::optional<QString> problem;
    try {
        database.execute(dependant.sql);
    } catch (const ThrownError &failed) {
        if (failed.error.isRetryable)
            throw;
        problem = failed.error.message;
    }
    const bool isTrigger = dependant.kind == u"trigger" && !problem;
    if (const auto column = isTrigger ? missingColumnOf(database, QString::fromUtf8(dependant.sql), table) : std::nullopt)
        problem = QStringLiteral("there is no column “%1”.").arg(*column);
    else if (isTrigger)
        problem = whyNotWritten(database, writes, table);
    if (problem) {
        fail(ErrorCode::Refused, QStringLiteral("The %1 “%2” of “%3” cannot be made on the rebuilt table: %4 Nothing was swapped.").arg(dependant.kind, dependant.name, table, *problem),
             QStringLiteral("Give the projection file the columns it needs, or drop the %1 first.").arg(dependant.kind));
    }
}

void requireNoView(sqlite::Database &database, const QString &name)
{
    if (database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?1 COLLATE NOCASE").bind(1, name).step())
        fail(ErrorCode::Refused, QStringLiteral("“%1” is a view, which cannot be rebuilt.").arg(name), QStringLiteral("Name the table behind it in the projection file."));
}

std::vector<QString> workingViews(sqlite::Database &database)
{
    std::vector<QString> views;
    sqlite::Statement names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name");
    while (names.step())
        views.push_back(names.string(0));
    std::erase_if(views, [&database](const QString &view) { return !canBeRead(database, view); });
    return views;
}

void requireViews(sqlite::Database &database, const std::vector<QString> &views)
{
    for (const QString &view : views) {
        if (!canBeRead(database, view))
            fail(ErrorCode::Refused, QStringLiteral("The view “%1” cannot be read on the rebuilt table. Nothing was swapped.").arg(view),
                 QStringLiteral("Give the projection file the columns it needs, or change the view first."));
    }
}

std::optional<qint64> danglingReferences(sqlite::Database &database)
{
    try {
        return database.queryInteger("SELECT count(*) FROM pragma_foreign_key_check");
    } catch (const ThrownError &failed) {
        if (failed.error.isRetryable)
            throw;
        return std::nullopt;
    }
}

std::vector<QString> lossesOf(sqlite::Database &database, const TableSpec &table)
{
    std::vector<QString> losses = columnLosses(database, table);
    const std::vector<QString> constraints = constraintLosses(database, table);
    losses.insert(losses.end(), constraints.begin(), constraints.end());
    return losses;
}

} // namespace connectors::readmodel
