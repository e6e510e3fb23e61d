// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"

#include <QByteArrayList>

#include <vector>

namespace connectors::pgreadmodel {

/// PostgreSQL leads what hangs on a table to the table itself, not to its name: after a rename it would all be at the old one. So
/// it is written down as statements before, and carried out on the table that has the name then.
struct Dependant {
    QString kind; ///< "view", "grant", "trigger" …
    QString name;
    bool isTold = true; ///< false: every table has it, such as its owner's own rights
    QByteArray before;  ///< SQL while the live table has its name; empty: nothing is to be done
    QByteArray after;   ///< SQL when the other one has it
    bool operator==(const Dependant &) const = default;
};

/// The two tables that change places, by pg_class.oid, and all live tables of the rebuild.
struct ExchangedTables {
    qint64 live = 0;
    qint64 rising = 0;
    QByteArray lives; ///< as oid[]: `{1,2}`
};

/// What is to be put in place with the rising table, in the order in which it can be: owner, grants, comments, row security,
/// triggers, owned sequences, foreign keys of other tables, views, publications. Indexes are not among them: see IndexPairs.
[[nodiscard]] std::vector<Dependant> dependantsOf(Session &session, const ExchangedTables &tables);

/// What hangs on the live table and cannot be put in place: "function f()", "materialized view m", "rule r on table t".
[[nodiscard]] std::vector<QString> obstaclesOf(Session &session, const ExchangedTables &tables);

/// Statements that take from the rising table what it has of its own of this kind, from a swap before.
[[nodiscard]] QByteArrayList clearingOf(Session &session, qint64 rising);

/// Statements that lock the views that read the live table, against readers, and change nothing: a reader locks a view before its
/// table. LOCK TABLE would lock every other table that the view reads, too.
[[nodiscard]] QByteArrayList viewLocksOf(Session &session, const ExchangedTables &tables);

/// Other tables whose foreign keys refer to the live one, quoted and with their schemas.
[[nodiscard]] QByteArrayList referringTablesOf(Session &session, const ExchangedTables &tables);

/// What hangs on a table and on none of the others that go with it, of any kind, by name: for one that is to be dropped.
[[nodiscard]] std::vector<QString> outsidersOf(Session &session, qint64 table, const std::vector<qint64> &goingToo);

/// `{1,2}`
[[nodiscard]] QByteArray arrayOf(const std::vector<qint64> &ids);

} // namespace connectors::pgreadmodel
