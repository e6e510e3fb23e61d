// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

namespace models::event {

/// `earliest`, `latest`, a position (`1204`), a time, a duration back (`-30m`) or `last:N`. A duration back is counted
/// from `now`. Errors are InvalidInput and quote the text.
[[nodiscard]] connectors::Result<connectors::PositionSpec> parsePosition(const QString &text, connectors::EpochMs now);

struct PositionRange {
    connectors::PositionSpec from;
    connectors::PositionSpec to;
};

/// Half-open. InvalidInput also where both are positions, or times, and the end is before the beginning: it names both. Of
/// other kinds only a partition can tell.
[[nodiscard]] connectors::Result<PositionRange> parseRange(const QString &from, const QString &to, connectors::EpochMs now);

/// RFC 3339 (`2026-01-02T03:04:05.678Z`, `+01:00`; a space for the T, missing seconds, or only a date will do). Without a
/// zone it is UTC.
[[nodiscard]] connectors::Result<connectors::EpochMs> parseTime(const QString &text);

/// `90s`, `1h30m`, `250ms`, `2d`, `1w`; milliseconds, never negative.
[[nodiscard]] connectors::Result<qint64> parseDuration(const QString &text);

/// RFC 3339 in UTC with milliseconds.
[[nodiscard]] QString timeText(connectors::EpochMs time);

} // namespace models::event
