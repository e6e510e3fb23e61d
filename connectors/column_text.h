// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/table_spec.h"

#include <string>
#include <string_view>

namespace connectors {

/// A column's value as text, so that equal values are equal texts in every database: a text itself, a bigint or numeric in its
/// canonical decimal form, "true" or "false". Never rounded, never cut: null where the text does not fit the type.
[[nodiscard]] std::optional<std::string> columnTextOf(const ColumnSpec &column, std::string_view text);

/// The same of a JSON value. In a text column everything that is no string stands as its JSON. `isNull` where it is null.
struct ColumnValue {
    bool fits = true;
    std::optional<std::string> text; ///< null: the value is null
};
[[nodiscard]] ColumnValue columnValueOf(const ColumnSpec &column, std::string_view jsonValue);

} // namespace connectors
