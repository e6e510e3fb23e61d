// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/index_pairs.h"

#include <algorithm>

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::quotedName;
using postgres::Rows;

namespace {

struct DeclaredIndex {
    QString name;
    bool isPrimary = false;
    QByteArray beginning; ///< "CREATE UNIQUE INDEX"
    QByteArray end;       ///< " USING btree (a, b) WHERE …"
    QByteArray comment;   ///< quoted; empty: none
    bool isTaken = false;
};

/// Without names, so that two of different tables can be compared. `index` is quoted as the server does it.
QByteArray endOf(const QByteArray &definition, const QByteArray &beginning, const QByteArray &index, const QByteArray &table)
{
    QByteArray rest = definition.mid(beginning.size() + 1 + index.size() + 4); // " ON "
    if (rest.startsWith("ONLY "))
        rest.remove(0, 5);
    return rest.mid(table.size());
}

std::vector<DeclaredIndex> indexesOf(Session &session, qint64 table)
{
    static constexpr const char *Sql = R"(
        SELECT x.relname, i.indisprimary, CASE WHEN i.indisunique THEN 'CREATE UNIQUE INDEX' ELSE 'CREATE INDEX' END, pg_get_indexdef(i.indexrelid), quote_ident(x.relname),
               format('%I.%I', n.nspname, c.relname), quote_literal(obj_description(x.oid, 'pg_class'))
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.indrelid = $1::oid AND i.indisvalid AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('u', 'x'))
        ORDER BY x.relname)";
    std::vector<DeclaredIndex> indexes;
    const Rows rows = session.database().query(Sql, Parameters().add(table));
    indexes.reserve(static_cast<size_t>(rows.count()));
    const auto bytes = [&rows](int row, int column) { return QByteArray(rows.text(row, column).data(), static_cast<qsizetype>(rows.text(row, column).size())); };
    for (int row = 0; row < rows.count(); ++row)
        indexes.push_back({rows.string(row, 0), rows.boolean(row, 1), bytes(row, 2), endOf(bytes(row, 3), bytes(row, 2), bytes(row, 4), bytes(row, 5)), bytes(row, 6)});
    return indexes;
}

void create(Session &session, const DeclaredIndex &index, const QString &name, const QByteArray &table)
{
    try {
        session.database().execute(index.beginning + ' ' + quotedName(name) + " ON " + table + index.end);
    } catch (const postgres::SqlError &failed) {
        if (failed.error.isRetryable)
            throw;
        fail(ErrorCode::Refused, QStringLiteral("The index “%1” cannot be made on the rebuilt table: %2 Nothing was swapped.").arg(index.name, failed.error.message),
             QStringLiteral("Give the projection file the columns it needs, or drop the index first."));
    }
}

} // namespace

std::vector<IndexPair> pairIndexes(Session &session, const ExchangedTables &tables, const QByteArray &risingName, const AsideNames &names, size_t firstNumber)
{
    std::vector<IndexPair> pairs;
    std::vector<DeclaredIndex> there = indexesOf(session, tables.rising);
    for (const DeclaredIndex &index : indexesOf(session, tables.live)) {
        const auto like = std::find_if(there.begin(), there.end(), [&index](const DeclaredIndex &each) {
            return !each.isTaken && each.isPrimary == index.isPrimary && each.beginning == index.beginning && each.end == index.end;
        });
        const bool isThere = like != there.end();
        if (!isThere && index.isPrimary) // on other columns: a loss that has been told
            continue;
        const QString rising = isThere ? like->name : names(index.name, firstNumber + pairs.size()).second;
        if (isThere)
            like->isTaken = true;
        else
            create(session, index, rising, risingName);
        const QByteArray comment = index.comment.isEmpty() ? QByteArray() : QByteArray("COMMENT ON INDEX " + session.qualified(index.name) + " IS " + index.comment);
        pairs.push_back({index.name, rising, index.isPrimary, comment});
    }
    return pairs;
}

void exchangeIndexNames(Session &session, const IndexPair &pair, const QByteArray &liveName, const QByteArray &risingName, const QString &aside)
{
    if (pair.isPrimary) {
        session.database().execute("ALTER TABLE " + liveName + " RENAME CONSTRAINT " + quotedName(pair.name) + " TO " + quotedName(aside));
        session.database().execute("ALTER TABLE " + risingName + " RENAME CONSTRAINT " + quotedName(pair.rising) + " TO " + quotedName(pair.name));
        return;
    }
    session.database().execute("ALTER INDEX " + session.qualified(pair.name) + " RENAME TO " + quotedName(aside));
    session.database().execute("ALTER INDEX " + session.qualified(pair.rising) + " RENAME TO " + quotedName(pair.name));
}

} // namespace connectors::pgreadmodel
