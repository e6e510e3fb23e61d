// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"
#include "connectors/pgstore/store_connection.h"

#include <functional>
#include <vector>

namespace connectors::pgstore {

/// The columns that addRow() expects, in this order.
inline constexpr const char *EventColumns = "position, stream, recorded_at, payload, event_id, event_type, aggregate_id, timestamp,"
                                            " correlation_id, causation_id, version, schema_version, metadata";
/// What an event takes of a chunk.
inline constexpr const char *EventBytes = "(octet_length(payload) + coalesce(octet_length(metadata), 0))";

/// The envelope comes from the columns; metadata becomes one header "metadata".
void addRow(EventBatchBuilder &builder, const postgres::Rows &rows, int row);

/// The events at these positions that are stored, ascending, in chunks of some 16 MiB (or one event, where it is larger); false from
/// `take` ends it.
void readPositions(StoreConnection &store, const std::vector<qint64> &positions, const std::function<bool(const postgres::Rows &rows)> &take);

} // namespace connectors::pgstore
