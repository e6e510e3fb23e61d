// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/table_losses.h"

#include "connectors/pgreadmodel/table_names.h"

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr const char *ColumnFacts = R"(
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef AND a.attgenerated = '', a.attgenerated <> '', a.attidentity <> '',
           a.attcollation <> t.typcollation, a.attstorage <> t.typstorage
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)";

constexpr const char *ConstraintFacts = R"(
    SELECT CASE c.contype WHEN 'c' THEN 'CHECK constraint ' || c.conname WHEN 'u' THEN 'UNIQUE constraint ' || c.conname WHEN 'x' THEN 'exclusion constraint ' || c.conname
                          ELSE 'foreign key to “' || f.relname || '”' END
    FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid
    WHERE c.conrelid = $1::oid AND c.conparentid = 0 AND c.contype IN ('c', 'u', 'x', 'f') ORDER BY c.contype, c.conname)";

constexpr const char *TableFacts = R"(
    SELECT 'partitioning by ' || pg_get_partkeydef(oid) FROM pg_class WHERE oid = $1::oid AND relkind = 'p'
    UNION ALL SELECT 'UNLOGGED' FROM pg_class WHERE oid = $1::oid AND relpersistence = 'u'
    UNION ALL SELECT 'storage parameter ' || o FROM pg_class, unnest(reloptions) o WHERE oid = $1::oid
    UNION ALL SELECT 'tablespace ' || s.spcname FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace WHERE c.oid = $1::oid
    UNION ALL SELECT 'access method ' || m.amname FROM pg_class c JOIN pg_am m ON m.oid = c.relam WHERE c.oid = $1::oid AND m.amname <> 'heap'
    UNION ALL SELECT 'type ' || format_type(reloftype, NULL) FROM pg_class WHERE oid = $1::oid AND reloftype <> 0
    UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxrelid = $1::oid
    UNION ALL SELECT 'security label of ' || provider FROM pg_seclabel WHERE classoid = 'pg_class'::regclass AND objoid = $1::oid)";

constexpr const char *PrimaryKey = R"(
    SELECT a.attname FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY k(number, place), pg_attribute a
    WHERE c.conrelid = $1::oid AND c.contype = 'p' AND a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.place)";

std::vector<QString> textsOf(Session &session, const char *sql, qint64 id)
{
    std::vector<QString> texts;
    const Rows rows = session.database().query(sql, Parameters().add(id));
    texts.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        texts.push_back(rows.string(row, 0));
    return texts;
}

void addColumnLosses(std::vector<QString> *losses, const Rows &facts, int row, const TableSpec &table)
{
    const QString name = facts.string(row, 0);
    const std::optional<size_t> known = table.indexOf(name);
    if (!known) {
        if (name != QLatin1String(PositionColumn))
            losses->push_back(QStringLiteral("column “%1”").arg(name));
        return;
    }
    const QString type = QString::fromLatin1(typeOf(table.columns[*known]));
    if (facts.string(row, 1) != type)
        losses->push_back(QStringLiteral("type %1 of column “%2”, which becomes %3").arg(facts.string(row, 1), name, type));
    const bool isKey = std::find(table.key.begin(), table.key.end(), *known) != table.key.end();
    if (facts.boolean(row, 2) && !isKey)
        losses->push_back(QStringLiteral("NOT NULL of column “%1”").arg(name));
    static const std::array<std::pair<int, QString>, 4> more{{{3, QStringLiteral("default of column “%1”")}, {4, QStringLiteral("generated column “%1”")},
                                                             {5, QStringLiteral("identity of column “%1”")}, {6, QStringLiteral("collation of column “%1”")}}};
    for (const auto &[column, text] : more) {
        if (facts.boolean(row, column))
            losses->push_back(text.arg(name));
    }
    if (facts.boolean(row, 7) && facts.string(row, 1) == type)
        losses->push_back(QStringLiteral("storage of column “%1”").arg(name));
}

/// Null: the same, or none at all.
std::optional<QString> keyLoss(Session &session, const TableSpec &table, qint64 id)
{
    const std::vector<QString> columns = textsOf(session, PrimaryKey, id);
    std::vector<QString> wanted;
    for (const size_t column : table.key)
        wanted.push_back(table.columns[column].name);
    if (columns.empty() || columns == wanted)
        return std::nullopt;
    return QStringLiteral("primary key (%1)").arg(QStringList(columns.begin(), columns.end()).join(QStringLiteral(", ")));
}

} // namespace

std::vector<QString> lossesOf(Session &session, const TableSpec &table, qint64 id)
{
    std::vector<QString> losses;
    const Rows facts = session.database().query(ColumnFacts, Parameters().add(id));
    for (int row = 0; row < facts.count(); ++row)
        addColumnLosses(&losses, facts, row, table);
    if (std::optional<QString> key = keyLoss(session, table, id))
        losses.push_back(*std::move(key));
    for (const char *const sql : {ConstraintFacts, TableFacts}) {
        const std::vector<QString> more = textsOf(session, sql, id);
        losses.insert(losses.end(), more.begin(), more.end());
    }
    return losses;
}

void requireOrdinaryTable(Session &session, const QString &name, qint64 id)
{
    static constexpr const char *Obstacle = R"(
        SELECT CASE relkind WHEN 'v' THEN 'is a view' WHEN 'm' THEN 'is a materialised view' WHEN 'f' THEN 'is a foreign table' ELSE 'is no table' END
        FROM pg_class WHERE oid = $1::oid AND relkind NOT IN ('r', 'p')
        UNION ALL SELECT 'is a part of ' || i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = $1::oid
        UNION ALL SELECT 'is inherited from by ' || i.inhrelid::regclass FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE i.inhparent = $1::oid AND c.relkind = 'r')";
    const std::vector<QString> found = textsOf(session, Obstacle, id);
    if (!found.empty())
        fail(ErrorCode::Refused, QStringLiteral("“%1” %2, so it cannot be rebuilt.").arg(name, found.front()), QStringLiteral("Name an ordinary table in the projection file."));
}

} // namespace connectors::pgreadmodel
