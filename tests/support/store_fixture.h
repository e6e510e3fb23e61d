// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QTemporaryDir>
#include <QThread>

#include <memory>

namespace tests {

/// A path in a folder of its own, and the specs to open it with.
class StoreFixture final
{
public:
    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("store.db")); }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] connectors::ConnectionSpec spec(bool mayCreate = false) const
    {
        connectors::ConnectionSpec spec;
        spec.name = path();
        spec.kind = connectors::SystemKind::EventStoreSqlite;
        spec.path = path();
        spec.mayCreate = mayCreate;
        return spec;
    }

private:
    QTemporaryDir m_folder;
};

/// An event with the body {"n": number}.
inline connectors::NewEvent newEvent(const QString &stream, const QString &id, int number = 0)
{
    connectors::NewEvent event;
    event.stream = stream;
    event.eventId = id;
    event.eventType = QStringLiteral("ThingHappened");
    event.aggregateId = stream;
    event.correlationId = QStringLiteral("flow-%1").arg(number % 10);
    event.payload = "{\"n\":" + QByteArray::number(number) + '}';
    return event;
}

/// Waits for a future of a connector, which answers on its own thread; at most 20 s.
template<typename T>
connectors::Result<T> answerOf(QFuture<connectors::Result<T>> future)
{
    for (int i = 0; i < 4000 && !future.isFinished(); ++i)
        QThread::msleep(5);
    if (!future.isFinished())
        return connectors::failure(connectors::ErrorCode::TimedOut, QStringLiteral("No answer within 20 s."));
    return future.result();
}

/// Everything a read gives, and its report.
struct ReadEvents {
    std::vector<connectors::EventBatchPtr> batches;
    connectors::Result<connectors::ReadReport> result;
    [[nodiscard]] std::vector<qint64> positions() const
    {
        std::vector<qint64> all;
        for (const auto &batch : batches)
            for (qsizetype row = 0; row < batch->count(); ++row)
                all.push_back(batch->record(row).position);
        return all;
    }
};

inline ReadEvents readAll(const connectors::EventChannelPtr &channel)
{
    ReadEvents events;
    while (connectors::EventBatchPtr batch = channel->waitPop())
        events.batches.push_back(std::move(batch));
    events.result = channel->result();
    return events;
}

} // namespace tests
