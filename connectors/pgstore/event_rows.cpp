// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/event_rows.h"

#include "connectors/query/event_delivery.h"

#include <algorithm>

namespace connectors::pgstore {

namespace {

constexpr size_t PositionsAtOnce = 1000;

QByteArrayList textsOf(std::vector<qint64>::const_iterator begin, std::vector<qint64>::const_iterator end)
{
    QByteArrayList texts;
    std::transform(begin, end, std::back_inserter(texts), [](qint64 position) { return QByteArray::number(position); });
    return texts;
}

} // namespace

void addRow(EventBatchBuilder &builder, const postgres::Rows &rows, int row)
{
    EventRecord record;
    record.position = rows.integer(row, 0);
    record.stream = builder.internStream(rows.string(row, 1));
    record.time = rows.integer(row, 2);
    const std::string_view payload = rows.text(row, 3);
    record.payload = builder.addBytes(payload);
    record.size = static_cast<qint64>(payload.size());
    record.format = BodyFormat::Json; // the schema lets nothing else in
    int column = 4;
    for (Slice EventRecord::*field : {&EventRecord::eventId, &EventRecord::eventType, &EventRecord::aggregateId, &EventRecord::timestamp,
                                      &EventRecord::correlationId, &EventRecord::causationId}) {
        if (!rows.isNull(row, column))
            record.*field = builder.addBytes(rows.text(row, column));
        ++column;
    }
    record.version = rows.integer(row, 10);
    record.schemaVersion = rows.integer(row, 11);
    if (!rows.isNull(row, 12))
        record.headers = builder.addHeaders({Header{"metadata", rows.text(row, 12), false}});
    builder.add(record);
}

void readPositions(StoreConnection &store, const std::vector<qint64> &positions, const std::function<bool(const postgres::Rows &rows)> &take)
{
    const QByteArray sizes = QByteArray("SELECT position, ") + EventBytes + " FROM events WHERE position = ANY ($1::bigint[]) ORDER BY position";
    const QByteArray events = QByteArray("SELECT ") + EventColumns + " FROM events WHERE position = ANY ($1::bigint[]) ORDER BY position";
    for (size_t done = 0; done < positions.size(); done += PositionsAtOnce) {
        const auto begin = positions.cbegin() + static_cast<std::ptrdiff_t>(done);
        const auto end = begin + static_cast<std::ptrdiff_t>(std::min(PositionsAtOnce, positions.size() - done));
        const postgres::Rows found = store.database.query(sizes, postgres::Parameters().addArray(textsOf(begin, end)));
        std::vector<qint64> chunk;
        qint64 bytes = 0;
        for (int row = 0; row < found.count(); ++row) {
            chunk.push_back(found.integer(row, 0));
            bytes += found.integer(row, 1);
            const bool isFull = row + 1 == found.count() || bytes + found.integer(row + 1, 1) > query::LargeBatchBytes;
            if (!isFull)
                continue;
            if (!take(store.database.query(events, postgres::Parameters().addArray(textsOf(chunk.cbegin(), chunk.cend())))))
                return;
            chunk.clear();
            bytes = 0;
        }
    }
}

} // namespace connectors::pgstore
