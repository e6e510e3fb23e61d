// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/column_text.h"

#include "connectors/exact_number.h"
#include "connectors/json_text.h"

namespace connectors {

namespace {

std::optional<std::string> numericText(const std::optional<Precision> &precision, std::string_view text)
{
    std::optional<std::string> number = canonicalNumber(text);
    if (!number || !precision)
        return number;
    const DigitCounts counts = digitCounts(*number);
    const bool fits = counts.fraction <= precision->fraction && counts.whole <= precision->digits - precision->fraction;
    return fits ? number : std::nullopt;
}

} // namespace

std::optional<std::string> columnTextOf(const ColumnSpec &column, std::string_view text)
{
    switch (column.type) {
    case ColumnType::Text: return std::string(text);
    case ColumnType::BigInt: {
        const std::optional<int64_t> number = wholeNumber(text);
        return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    case ColumnType::Numeric: return numericText(column.precision, text);
    case ColumnType::Boolean: return text == "true" || text == "false" ? std::optional(std::string(text)) : std::nullopt;
    }
    return std::nullopt;
}

ColumnValue columnValueOf(const ColumnSpec &column, std::string_view jsonValue)
{
    std::optional<std::string> text;
    switch (json::kindOf(jsonValue)) {
    case json::Kind::Null: return {};
    case json::Kind::String: text = columnTextOf(column, json::unquoted(jsonValue)); break;
    case json::Kind::Object:
    case json::Kind::Array: text = column.type == ColumnType::Text ? std::optional(json::minified(jsonValue)) : std::nullopt; break;
    case json::Kind::Number:
    case json::Kind::Boolean: text = columnTextOf(column, jsonValue); break;
    }
    return {text.has_value(), std::move(text)};
}

} // namespace connectors
