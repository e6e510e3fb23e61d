// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <string_view>

namespace connectors::tables {

/// What a database gives for a cell, in the form of columnTextOf(): 1.50 is 1.5, and t, 1 and true are true. A value that does
/// not fit the column stays as it is, so that it differs from every one that does.
[[nodiscard]] std::string canonicalCell(const ColumnSpec &column, std::string_view stored);

/// By the order in which tables are read: keys that are whole numbers by size, all others by their bytes.
[[nodiscard]] int compareKeyCells(const ColumnSpec &column, const Cell &left, const Cell &right);

} // namespace connectors::tables
