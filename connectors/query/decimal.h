// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace connectors::query {

// SQLite knows 64-bit integers and doubles only. Numbers from 2^63 up stay what they are in SQLite as their text: all text is
// greater than any number there, which is right for them, and the collation below orders them among themselves exactly.

/// True for an unsigned number as JSON or SQL writes it (`123`, `1.5`, `2e30`) of 2^63 or more.
[[nodiscard]] bool isBeyond63Bits(std::string_view text);

/// The order of two unsigned numbers, exact at any number of digits. Linear in the digits, whatever the exponents.
[[nodiscard]] int compareDecimals(std::string_view left, std::string_view right);

/// The collation `decimal`: numbers beyond 63 bits by value, everything else by its bytes.
[[nodiscard]] int compareTextsOrDecimals(std::string_view left, std::string_view right);

/// Numbers below −2^63 cannot be texts, because text is never less than a number. They are doubles, and those that stand in
/// the condition get doubles that no other number has: what is less stays less, however near. Two numbers of one event are
/// compared as doubles. All texts here are without the minus.
class NegativeNumbers final
{
public:
    explicit NegativeNumbers(std::vector<std::string> inCondition);
    /// The double for the negative of `number`, which is beyond 63 bits. O(log n).
    [[nodiscard]] double valueOf(std::string_view number) const;

private:
    struct Known {
        std::string number;
        double magnitude;
    };
    std::vector<Known> m_known; ///< ascending in magnitude
};

} // namespace connectors::query
