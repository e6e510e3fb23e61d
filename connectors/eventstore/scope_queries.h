// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"
#include "connectors/eventstore/scope.h"
#include "connectors/position.h"

#include <optional>

namespace connectors::eventstore {

/// The next position that the store will give out. All positions below it are taken.
[[nodiscard]] qint64 storeEnd(sqlite::Database &database);
/// The first position of the store; its end where it is empty.
[[nodiscard]] qint64 storeStart(sqlite::Database &database);

[[nodiscard]] std::optional<qint64> firstPosition(sqlite::Database &database, const Scope &scope);
[[nodiscard]] std::optional<qint64> lastPosition(sqlite::Database &database, const Scope &scope);
[[nodiscard]] std::optional<EpochMs> timeAt(sqlite::Database &database, qint64 position);
/// Events of the scope in [from, to).
[[nodiscard]] qint64 countEvents(sqlite::Database &database, const Scope &scope, qint64 from, qint64 to);
/// The first position of the scope recorded at or after `time`. By bisection: recorded times never go back. O(log n).
[[nodiscard]] std::optional<qint64> positionAt(sqlite::Database &database, const Scope &scope, EpochMs time);
/// The position of the oldest of the scope's last `count` events.
[[nodiscard]] std::optional<qint64> newestPosition(sqlite::Database &database, const Scope &scope, qint64 count);
/// Fails with NotFound where no event was ever in the scope; `$all` is always there.
void requireScope(sqlite::Database &database, const Scope &scope);

} // namespace connectors::eventstore
