// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/table_spec.h"

#include <algorithm>

namespace connectors {

std::optional<size_t> TableSpec::indexOf(const QString &column) const
{
    const auto found = std::find_if(columns.cbegin(), columns.cend(), [&column](const ColumnSpec &spec) { return spec.name == column; });
    return found == columns.cend() ? std::nullopt : std::optional(static_cast<size_t>(found - columns.cbegin()));
}

} // namespace connectors
