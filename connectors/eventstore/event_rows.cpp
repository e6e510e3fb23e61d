// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_rows.h"

namespace connectors::eventstore {

void addRow(EventBatchBuilder &builder, const sqlite::Statement &statement)
{
    EventRecord record;
    record.position = statement.integer(0);
    record.stream = builder.internStream(statement.string(1));
    record.time = statement.integer(2);
    const std::string_view payload = statement.text(3);
    record.payload = builder.addBytes(payload);
    record.size = static_cast<qint64>(payload.size());
    record.format = BodyFormat::Json; // the schema lets nothing else in
    int column = 4;
    for (Slice EventRecord::*field : {&EventRecord::eventId, &EventRecord::eventType, &EventRecord::aggregateId, &EventRecord::timestamp,
                                      &EventRecord::correlationId, &EventRecord::causationId}) {
        if (!statement.isNull(column))
            record.*field = builder.addBytes(statement.text(column));
        ++column;
    }
    record.version = statement.integer(10);
    record.schemaVersion = statement.integer(11);
    if (!statement.isNull(12))
        record.headers = builder.addHeaders({Header{"metadata", statement.text(12), false}});
    builder.add(record);
}

} // namespace connectors::eventstore
