// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/tables/stored_cell.h"

#include "connectors/exact_number.h"

#include <algorithm>
#include <charconv>

namespace connectors::tables {

namespace {

/// Most numbers are.
bool isPlainWhole(std::string_view text)
{
    const bool isShort = !text.empty() && text.size() <= 18;
    return isShort && (text.front() != '0' || text.size() == 1) && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int64_t> numberOf(const Cell &cell)
{
    int64_t number = 0;
    const auto [end, error] = std::from_chars(cell->data(), cell->data() + cell->size(), number);
    return error == std::errc() && end == cell->data() + cell->size() ? std::optional(number) : std::nullopt;
}

} // namespace

std::string canonicalCell(const ColumnSpec &column, std::string_view stored)
{
    if (column.type == ColumnType::Text)
        return std::string(stored);
    if (column.type == ColumnType::Boolean) {
        const bool isTrue = stored == "1" || stored == "t" || stored == "true";
        const bool isFalse = stored == "0" || stored == "f" || stored == "false";
        return isTrue ? "true" : isFalse ? "false" : std::string(stored);
    }
    if (isPlainWhole(stored))
        return std::string(stored);
    return canonicalNumber(stored).value_or(std::string(stored));
}

int compareKeyCells(const ColumnSpec &column, const Cell &left, const Cell &right)
{
    if (!left || !right)
        return static_cast<int>(left.has_value()) - static_cast<int>(right.has_value());
    if (column.type == ColumnType::BigInt) {
        const std::optional<int64_t> a = numberOf(left);
        const std::optional<int64_t> b = numberOf(right);
        if (a && b)
            return *a < *b ? -1 : *a > *b ? 1 : 0;
    }
    return left->compare(*right);
}

} // namespace connectors::tables
