// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Decimal numbers as texts, exact at any size: 9007199254740993 and 0.1 stay what they are.
///
/// The canonical form of a number has no exponent, no plus, no zero that could be left away and no minus before zero, so that
/// equal numbers are equal texts: "-12.5", "1000", "0".
namespace connectors {

/// Of a number as JSON writes it. Null: it is none, or it has more than 1,000 digits before or after the point.
[[nodiscard]] std::optional<std::string> canonicalNumber(std::string_view text);

/// Of a number as JSON writes it, where it is whole ("12", "1.0", "2e3"). Null: it is none, not whole, or beyond 64 bits.
[[nodiscard]] std::optional<int64_t> wholeNumber(std::string_view text);

/// Canonical, of two canonical numbers. On a 128-bit integer. Null: the sum, or one of the two at the scale of the other, has more
/// than 38 digits.
[[nodiscard]] std::optional<std::string> exactSum(std::string_view left, std::string_view right);

/// Of a canonical number: digits before the point (0 for "0.5") and after it.
struct DigitCounts {
    int whole = 0;
    int fraction = 0;
};
[[nodiscard]] DigitCounts digitCounts(std::string_view number);

} // namespace connectors
