// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <array>
#include <string>
#include <string_view>

namespace connectors::query {

/// `2026-11-25T16:29:12.000Z`: RFC 3339 in UTC with milliseconds, always 24 characters, so that text order is time order.
using FixedTime = std::array<char, 24>;

/// Times outside the years 0 to 9999, which RFC 3339 cannot write, become the nearest that it can.
[[nodiscard]] FixedTime fixedTime(EpochMs time);

/// An RFC 3339 time with any offset and any fraction (cut to milliseconds); a blank may stand for the T.
[[nodiscard]] std::optional<EpochMs> parseTime(std::string_view text);

/// The start of what `text` names, for a lower bound: a full time, or one that ends after the day, the minute or the second
/// and then means UTC.
[[nodiscard]] std::optional<EpochMs> parseTimePrefix(std::string_view text);

/// Compares as times where both are RFC 3339, so that `12Z`, `12.000Z` and `13:…+01:00` are the same; else as text.
[[nodiscard]] int compareTimes(std::string_view left, std::string_view right);

/// `15m`, `2h`, `1.5d` is not one: whole numbers of ms, s, m, h, d or w. Milliseconds.
[[nodiscard]] std::optional<qint64> parseDuration(std::string_view text);

} // namespace connectors::query
