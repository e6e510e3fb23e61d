// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_columns.h"

#include "connectors/json_text.h"
#include "connectors/query/event_functions.h"
#include "connectors/query/event_in_hand.h"
#include "connectors/query/time_text.h"

#include <sqlite3.h>

namespace connectors::query {

namespace {

Slice EventRecord::*sliceOf(Column column)
{
    switch (column) {
    case Column::Key: return &EventRecord::key;
    case Column::EventId: return &EventRecord::eventId;
    case Column::EventType: return &EventRecord::eventType;
    case Column::AggregateId: return &EventRecord::aggregateId;
    case Column::CorrelationId: return &EventRecord::correlationId;
    case Column::CausationId: return &EventRecord::causationId;
    case Column::Payload: return &EventRecord::payload;
    default: return nullptr;
    }
}

void resultTime(sqlite3_context *context, EpochMs time)
{
    const FixedTime text = fixedTime(time);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void resultNumber(sqlite3_context *context, qint64 number, qint64 nothing)
{
    if (number == nothing)
        sqlite3_result_null(context);
    else
        sqlite3_result_int64(context, number);
}

/// The envelope's own time, in the form that compares; what is no RFC 3339 stays as it is.
void resultTimestamp(sqlite3_context *context, const EventInHand &event)
{
    const std::string_view text = event.text(event.record().timestamp);
    if (const auto time = parseTime(text))
        resultTime(context, *time);
    else
        resultStableText(context, text);
}

} // namespace

const char *eventTableDeclaration()
{
    return "CREATE TABLE event (stream TEXT, partition INTEGER, position INTEGER, time TEXT COLLATE eventtime, key TEXT, eventId TEXT,"
           " eventType TEXT, aggregateId TEXT, timestamp TEXT COLLATE eventtime, correlationId TEXT, causationId TEXT, version INTEGER,"
           " size INTEGER, headers TEXT, payload TEXT, body_ HIDDEN)";
}

void resultColumn(sqlite3_context *context, EventInHand &event, Column column)
{
    const EventRecord &record = event.record();
    switch (column) {
    case Column::Stream: {
        const QByteArray stream = event.batch().streamOf(event.row()).toUtf8();
        sqlite3_result_text(context, stream.constData(), static_cast<int>(stream.size()), SQLITE_TRANSIENT);
        return;
    }
    case Column::Partition: sqlite3_result_int(context, record.partition); return;
    case Column::Position: sqlite3_result_int64(context, record.position); return;
    case Column::Time:
        if (record.time == NoNumber)
            sqlite3_result_null(context);
        else
            resultTime(context, record.time);
        return;
    case Column::Timestamp:
        if (record.timestamp.isNull())
            sqlite3_result_null(context);
        else
            resultTimestamp(context, event);
        return;
    case Column::Version: resultNumber(context, record.version, NoNumber); return;
    case Column::Size: resultNumber(context, record.size, -1); return;
    case Column::Headers: resultHeaders(context, event); return;
    case Column::Body: sqlite3_result_pointer(context, &event, BodyPointer, nullptr); return;
    default: break;
    }
    const Slice slice = record.*sliceOf(column);
    if (slice.isNull())
        sqlite3_result_null(context);
    else if (column == Column::Key)
        resultBytes(context, event.text(slice));
    else
        resultStableText(context, event.text(slice));
}

bool isSliceColumn(Column column)
{
    return column != Column::Payload && column != Column::Key && sliceOf(column) != nullptr;
}

std::string_view sliceText(const EventInHand &event, Column column)
{
    return event.text(event.record().*sliceOf(column));
}

} // namespace connectors::query
