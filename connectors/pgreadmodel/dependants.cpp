// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/dependants.h"

#include "connectors/pgreadmodel/dependant_queries.h"

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::Rows;

namespace {

QByteArray textAt(const Rows &rows, int row, int column)
{
    const std::string_view text = rows.text(row, column);
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Rows asked(Session &session, const QByteArray &sql, const ExchangedTables &tables)
{
    return session.database().query(sql, Parameters().add(tables.live).add(tables.rising).add(tables.lives));
}

QByteArrayList statementsOf(Session &session, const QByteArray &sql, const ExchangedTables &tables)
{
    QByteArrayList statements;
    const Rows rows = asked(session, sql, tables);
    for (int row = 0; row < rows.count(); ++row)
        statements += textAt(rows, row, 0);
    return statements;
}

std::vector<QString> namesOf(Session &session, const QByteArray &sql, const ExchangedTables &tables)
{
    std::vector<QString> names;
    const Rows rows = asked(session, sql, tables);
    names.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        names.push_back(rows.string(row, 0));
    return names;
}

} // namespace

std::vector<Dependant> dependantsOf(Session &session, const ExchangedTables &tables)
{
    std::vector<Dependant> dependants;
    for (const QByteArray &query : dependantQueries(session.database().serverVersion())) {
        const Rows rows = asked(session, query, tables);
        for (int row = 0; row < rows.count(); ++row)
            dependants.push_back({rows.string(row, 0), rows.string(row, 1), rows.boolean(row, 2), textAt(rows, row, 3), textAt(rows, row, 4)});
    }
    return dependants;
}

std::vector<QString> obstaclesOf(Session &session, const ExchangedTables &tables)
{
    return namesOf(session, obstacleQuery(), tables);
}

QByteArrayList clearingOf(Session &session, qint64 rising)
{
    return statementsOf(session, clearingQuery(), {0, rising, "{}"});
}

QByteArrayList viewLocksOf(Session &session, const ExchangedTables &tables)
{
    return statementsOf(session, viewLockQuery(), tables);
}

QByteArrayList referringTablesOf(Session &session, const ExchangedTables &tables)
{
    return statementsOf(session, referringTableQuery(), tables);
}

std::vector<QString> outsidersOf(Session &session, qint64 table, const std::vector<qint64> &goingToo)
{
    return namesOf(session, outsiderQuery(), {table, 0, arrayOf(goingToo)});
}

QByteArray arrayOf(const std::vector<qint64> &ids)
{
    QByteArrayList texts;
    for (const qint64 id : ids)
        texts += QByteArray::number(id);
    return '{' + texts.join(',') + '}';
}

} // namespace connectors::pgreadmodel
