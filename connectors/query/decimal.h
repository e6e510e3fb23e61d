// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace connectors::query {

// SQLite knows 64-bit integers and doubles only. Numbers from 2^63 up stay what they are in SQLite as their text: all text is
// greater than any number there, which is right for them, and the collation below orders them among themselves exactly.

/// True for an unsigned number as JSON or SQL writes it (`123`, `1.5`, `2e30`) of 2^63 or more.
[[nodiscard]] bool isBeyond63Bits(std::string_view text);

/// The order of two unsigned numbers, exact at any number of digits. Linear in the digits, whatever the exponents.
[[nodiscard]] int compareDecimals(std::string_view left, std::string_view right);

/// The collation `decimal`: numbers beyond 63 bits by value, everything else by its bytes.
[[nodiscard]] int compareTextsOrDecimals(std::string_view left, std::string_view right);

} // namespace connectors::query
