// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgstore/safe_head.h"
#include "connectors/stream_scope.h"

#include <vector>

namespace connectors::pgstore {

/// The condition that finds a scope's events by an index, in the order of positions; its name is $1.
[[nodiscard]] QByteArray conditionOf(const StreamScope &scope);

/// Events of the scope in [from, to) that can be seen.
[[nodiscard]] qint64 countEvents(StoreConnection &store, const StreamScope &scope, qint64 from, qint64 to);
/// The first position of the scope below `to` that was recorded at or after `time`. Recorded times go back only as far as
/// transactions append at the same moment, which is what is looked at around the place that their index says.
[[nodiscard]] std::optional<qint64> positionAt(StoreConnection &store, const StreamScope &scope, EpochMs time, qint64 to);
/// The first position from which on nothing was recorded before `time`, whatever its stream.
[[nodiscard]] std::optional<qint64> positionAfter(StoreConnection &store, EpochMs time);
/// The position of the oldest of the scope's last `count` events below `to`.
[[nodiscard]] std::optional<qint64> newestPosition(StoreConnection &store, const StreamScope &scope, qint64 count, qint64 to);
/// Fails with NotFound where no event was ever in the scope; `$all` is always there.
void requireScope(StoreConnection &store, const StreamScope &scope);

} // namespace connectors::pgstore
