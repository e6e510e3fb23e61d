// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

namespace ui::projections {

/// A cell for a table: "NULL" for none, text from outside escaped and cut.
[[nodiscard]] QString cellWord(const connectors::Cell &cell);
/// The key's cells of a row, with commas.
[[nodiscard]] QString keyWords(const connectors::TableSpec &table, const std::vector<connectors::Cell> &cells);
/// `name=value` of all that is not key, with commas.
[[nodiscard]] QString rowWords(const connectors::TableSpec &table, const std::vector<connectors::Cell> &cells);

} // namespace ui::projections
