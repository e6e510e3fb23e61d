// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/tables/row_cursor.h"

namespace connectors::tables {

struct ComparisonRequest {
    const TableSpec &table;
    qsizetype sample = 100; ///< rows of each kind
    std::vector<bool> isCompared; ///< one a column: false where the old table lacks it
    const std::stop_token &stop;
    const ComparisonObserver &observer;
    const DifferenceSink &sink;
};

/// Both tables side by side, once, in the order of their keys: nothing is kept of rows that are equal. Throws Unsupported where
/// the rows of one come in another order.
[[nodiscard]] TableComparison compareRows(RowCursor &before, RowCursor &after, const ComparisonRequest &request);

} // namespace connectors::tables
