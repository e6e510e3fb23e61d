// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/fold.h"
#include "models/projection/projection_source.h"

namespace models::projection {

/// The rows of one table, ordered by the bytes of their keys.
struct FoldedTable {
    size_t table = 0; ///< of the file's tables
    std::vector<connectors::Row> rows;
};

struct FoldedRows {
    std::vector<FoldedTable> tables; ///< one a table of the file
    qint64 events = 0;               ///< of the projection's streams
};

/// The read model that all events of the projection's streams make now, in memory. The first event that does not fit ends it with
/// its place; Refused where the rows would take more than `mostBytes`.
[[nodiscard]] connectors::Result<FoldedRows> foldRows(connectors::Connector &connector, const ProjectionFile &file, qint64 mostBytes, qint64 maxBytesPerSecond,
                                                      const std::stop_token &stop, const SourceObserver &observer = {});

} // namespace models::projection
