// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/envelope/envelope_decoder.h"
#include "models/projection/projection_file.h"

#include <QTest>

namespace tests {

inline const QByteArray OrderProjection = R"({ "projection": "order_summary", "version": 2, "source": {"streams": ["order-*"]},
  "target": {"table": "order_summary", "key": ["order_id"],
             "columns": {"order_id": "text", "customer": "text", "total": "numeric", "status": "text", "events": "bigint"}},
  "on": {
    "OrderPlaced":    {"upsert": {"order_id": "/aggregateId", "customer": "/data/customerId", "total": "/data/total", "status": "=placed"}, "add": {"events": 1}},
    "OrderShipped":   {"update": {"order_id": "/aggregateId", "status": "=shipped"}, "add": {"events": 1}},
    "OrderCancelled": {"delete": {"order_id": "/aggregateId"}} } })";

inline models::projection::ProjectionFile projectionOf(const QByteArray &text)
{
    auto file = models::projection::parseProjection(text, QStringLiteral("orders.json"));
    if (!file)
        qFatal("%s", qPrintable(file.error().message));
    return std::move(*file);
}

/// Native events about one aggregate each, from position 1.
class EventsOfOrders final
{
public:
    EventsOfOrders &add(const char *type, const char *order, const QByteArray &data)
    {
        connectors::EventRecord record;
        record.stream = m_builder.internStream(QStringLiteral("order-1"));
        record.position = m_builder.count() + 1;
        const QByteArray body = QByteArray(R"({"eventId":"e-)") + QByteArray::number(record.position) + R"(","eventType":")" + type + R"(","aggregateId":")" + order
            + R"(","timestamp":"2026-03-01T12:00:00Z","version":1,"correlationId":"c","causationId":null,"data":)" + data + '}';
        record.payload = m_builder.addBytes(body.toStdString());
        record.size = body.size();
        m_decoder.decode(m_builder, record);
        m_builder.add(record);
        return *this;
    }
    [[nodiscard]] connectors::EventBatchPtr take() { return m_builder.take(); }

private:
    connectors::EventBatchBuilder m_builder;
    connectors::envelope::EnvelopeDecoder m_decoder;
};

} // namespace tests
