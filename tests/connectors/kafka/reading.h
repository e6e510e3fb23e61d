// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_connector.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QDeadlineTimer>
#include <QTest>

namespace tests {

struct Reading {
    connectors::Result<connectors::ReadReport> report = connectors::ReadReport();
    std::vector<connectors::EventBatchPtr> batches;

    /// "partition@position" of everything that came, in the order of coming.
    [[nodiscard]] QStringList places() const
    {
        QStringList places;
        for (const connectors::EventBatchPtr &batch : batches)
            for (qsizetype row = 0; row < batch->count(); ++row)
                places += QStringLiteral("%1@%2").arg(batch->record(row).partition).arg(batch->record(row).position);
        return places;
    }
    [[nodiscard]] QString error() const { return report ? QString() : report.error().message; }
};

/// Reads to the end; for reads that have one.
inline Reading readAll(connectors::Connector &connector, const connectors::ReadRequest &request)
{
    const connectors::EventChannelPtr channel = connector.eventReader()->read(request);
    Reading reading;
    while (const connectors::EventBatchPtr batch = channel->waitPop())
        reading.batches.push_back(batch);
    reading.report = channel->result();
    return reading;
}

/// A read that goes on; take() collects what has come.
class Tail final
{
public:
    Tail(connectors::Connector &connector, const connectors::ReadRequest &request)
        : m_channel(connector.eventReader()->read(request))
    {
    }
    ~Tail() { m_channel->cancel(); }
    Q_DISABLE_COPY_MOVE(Tail)

    [[nodiscard]] QStringList places()
    {
        while (const connectors::EventBatchPtr batch = m_channel->tryPop())
            m_reading.batches.push_back(batch);
        return m_reading.places();
    }
    [[nodiscard]] connectors::EventChannel &channel() { return *m_channel; }

private:
    connectors::EventChannelPtr m_channel;
    Reading m_reading;
};

inline connectors::ReadRequest requestFor(const QString &topic)
{
    connectors::ReadRequest request;
    request.streams = {topic};
    return request;
}

inline std::vector<TestRecord> numbered(int count, int partition = 0, int first = 0)
{
    std::vector<TestRecord> records;
    for (int i = first; i < first + count; ++i) {
        const QByteArray number = QByteArray::number(i);
        records.push_back({partition, "key-" + number, "{\"eventId\":\"e" + number + "\",\"eventType\":\"Counted\",\"correlationId\":\"c" + QByteArray::number(i / 2)
                                                         + "\",\"data\":{\"n\":" + number + "}}",
                           {}, 0});
    }
    return records;
}

} // namespace tests
