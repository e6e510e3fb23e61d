// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/query/condition.h"

namespace connectors::query {

/// SQLite's message about the statement of `condition`, in words about the condition, and its place there.
/// `statementOffset` is what sqlite3_error_offset() says: −1 where SQLite does not know.
[[nodiscard]] ConditionError wordsOf(const Condition &condition, const QString &sqliteMessage, int statementOffset);

} // namespace connectors::query
