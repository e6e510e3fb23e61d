// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

namespace tests {

/// A batch of `count` events of the stream orders, positions from `first` on, one second apart; every tenth is a
/// PaymentFailed, three of a kind share a correlation, and the body is {"data":{"n":POSITION}}.
inline connectors::EventBatchPtr orderEvents(qint64 first, qint64 count, int partition = 0)
{
    connectors::EventBatchBuilder builder;
    const auto slice = [&builder](const QByteArray &text) { return builder.addBytes({text.constData(), static_cast<size_t>(text.size())}); };
    for (qint64 position = first; position < first + count; ++position) {
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.partition = partition;
        record.position = position;
        record.time = 1'700'000'000'000 + position * 1000;
        const QByteArray number = QByteArray::number(position);
        record.payload = slice("{\"data\":{\"n\":" + number + "}}");
        record.size = record.payload.length;
        record.format = connectors::BodyFormat::Json;
        record.key = slice("key-" + number);
        record.eventId = slice("00000000-0000-4000-8000-" + QByteArray::number(position).rightJustified(12, '0'));
        record.eventType = slice(position % 10 == 9 ? "PaymentFailed" : "OrderPlaced");
        record.aggregateId = slice("order-" + number);
        record.correlationId = slice("flow-" + QByteArray::number(position / 3));
        builder.add(record);
    }
    return builder.take();
}

} // namespace tests
