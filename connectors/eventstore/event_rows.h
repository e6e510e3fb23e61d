// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"
#include "connectors/event_batch.h"

namespace connectors::eventstore {

/// The columns that addRow() expects, in this order.
inline constexpr const char *EventColumns = "position, stream, recorded_at, payload, event_id, event_type, aggregate_id, timestamp,"
                                            " correlation_id, causation_id, version, schema_version, metadata";

/// Adds the row that `statement` stands on. The envelope comes from the columns; metadata becomes one header "metadata".
void addRow(EventBatchBuilder &builder, const sqlite::Statement &statement);

} // namespace connectors::eventstore
