// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <string_view>
#include <vector>

namespace connectors::kafka {

/// Whether any of some byte strings stands in a text, however many they are.
///
/// One string: sixteen places of the text at a time are compared with its first and its last byte; only where both fit is
/// the rest compared. Cost: text ÷ 16 steps; at worst text × string, for a text of hardly more than these two bytes.
///
/// Several, or a processor without SSE2: Wu and Manber's search ("A fast algorithm for multi-pattern searching", 1994), which for one string is Horspool's: a
/// window as long as the shortest string moves over the text. The last block of three bytes in the window says how far it
/// can move without passing a match (the smallest distance of such a block to the end of any string's first window);
/// where that is 0, the strings that end their window in this block are compared. Blocks share a table by hash, which can
/// only make moves shorter. Cost: about text ÷ shortest length look-ups; at worst text × strings that share a block.
class ByteSearch final
{
public:
    explicit ByteSearch(const std::vector<QByteArray> &values);

    [[nodiscard]] bool isIn(std::string_view text) const;
    [[nodiscard]] bool isOneOf(std::string_view text) const;

private:
    [[nodiscard]] bool hasShortValueIn(std::string_view text) const;
    [[nodiscard]] bool hasLongValueIn(std::string_view text) const;

    std::vector<QByteArray> m_values; ///< sorted; holds the bytes of the views below
    std::vector<std::string_view> m_short; ///< too short for a block; looked for one by one
    std::vector<std::string_view> m_long;  ///< ordered by the block that ends their window
    size_t m_window = 0;                   ///< the shortest of m_long
    std::vector<uint8_t> m_shift;  ///< by the hash of a block
    std::vector<uint32_t> m_first; ///< into m_long, where the shift is 0
};

} // namespace connectors::kafka
