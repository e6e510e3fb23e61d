// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"
#include "connectors/readmodel/sqlite_triggers.h"
#include "connectors/sqlite/database.h"

namespace connectors::readmodel {

/// An index or a trigger of a table, as it was declared.
struct Dependant {
    QString kind; ///< "index", "trigger"
    QString name;
    QByteArray sql;
};

/// Those of that table which SQLite does not make by itself.
[[nodiscard]] std::vector<Dependant> dependantsOf(sqlite::Database &database, const QString &table);
void dropDependant(sqlite::Database &database, const Dependant &dependant);
/// Refused with its name where it cannot be made on the table that is called so now, or where one of the writes that worked before
/// does not any more.
void recreateDependant(sqlite::Database &database, const Dependant &dependant, const QString &table, const std::vector<TriggeredWrite> &writes);
/// Refused where a view is called so.
void requireNoView(sqlite::Database &database, const QString &name);

/// Views that can be read now.
[[nodiscard]] std::vector<QString> workingViews(sqlite::Database &database);
/// Refused with the name of the first that cannot be read any more.
void requireViews(sqlite::Database &database, const std::vector<QString> &views);

/// Rows of any table whose foreign key leads nowhere; null: SQLite cannot check, as a key refers to what is not unique.
[[nodiscard]] std::optional<qint64> danglingReferences(sqlite::Database &database);

/// What a table that is made from its projection file would lack.
[[nodiscard]] std::vector<QString> lossesOf(sqlite::Database &database, const TableSpec &table);

} // namespace connectors::readmodel
