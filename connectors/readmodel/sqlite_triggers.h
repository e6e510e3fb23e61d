// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"

#include <optional>
#include <vector>

namespace connectors::readmodel {

/// A kind of write to a table (or view) that has triggers. SQLite looks into a trigger only when a write that sets it off is compiled,
/// so that one whose columns are gone is made without a word, and fails each write from then on.
struct TriggeredWrite {
    QString table;
    QByteArray kind; ///< INSERT, UPDATE, DELETE
};

/// Those that can be compiled now.
[[nodiscard]] std::vector<TriggeredWrite> workingWrites(sqlite::Database &database);
/// Why the first of those to this table (empty: to any) cannot be compiled any more; null: all can.
[[nodiscard]] std::optional<QString> whyNotWritten(sqlite::Database &database, const std::vector<TriggeredWrite> &writes, const QString &table);
/// Refused with the names of a table's triggers where one of these cannot be compiled any more.
void requireWrites(sqlite::Database &database, const std::vector<TriggeredWrite> &writes);

/// The first column that the trigger waits for (UPDATE OF …) and that the table does not have; null: it waits for none such.
[[nodiscard]] std::optional<QString> missingColumnOf(sqlite::Database &database, const QString &triggerSql, const QString &table);

} // namespace connectors::readmodel
