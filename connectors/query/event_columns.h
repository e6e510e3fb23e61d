// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <array>
#include <string_view>

struct sqlite3_context;

namespace connectors::query {

class EventInHand;

/// In the order of their declaration in the virtual table.
enum class Column {
    Stream, Partition, Position, Time, Key, EventId, EventType, AggregateId, Timestamp, CorrelationId, CausationId, Version, Size,
    Headers, Payload,
    Body ///< hidden: a handle for our own functions, so that no body is passed through SQLite; NULL to everybody else
};

/// What the hidden column is called in the statement, and the type of its pointer.
inline constexpr const char *BodyColumn = "body_";
inline constexpr const char *BodyPointer = "streamgauge event";

/// The table's declaration for sqlite3_declare_vtab().
[[nodiscard]] const char *eventTableDeclaration();

/// Gives SQLite the value of a column of the event in hand. Bytes are not copied: they stay in the batch.
void resultColumn(sqlite3_context *context, EventInHand &event, Column column);

/// The bytes of a column that is a slice of the event: null where the column is computed or is no text.
[[nodiscard]] bool isSliceColumn(Column column);
[[nodiscard]] std::string_view sliceText(const EventInHand &event, Column column);

} // namespace connectors::query
