// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/fake_dead_letter_connector.h"

#include "tests/support/answered.h"

namespace tests {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

void FakeDeadLetterConnector::releaseAnswers()
{
    m_isHolding = false;
    for (const auto &giveAnswer : std::exchange(m_held, {}))
        giveAnswer();
}

QFuture<Result<connectors::SystemIdentity>> FakeDeadLetterConnector::identify(std::stop_token)
{
    connectors::SystemIdentity identity;
    identity.systemId = QStringLiteral("fake");
    return answered<connectors::SystemIdentity>(identity);
}

template<typename T>
QFuture<Result<T>> FakeDeadLetterConnector::answer(const T &value)
{
    const Result<T> result = m_error ? Result<T>(tl::unexpected(*m_error)) : Result<T>(value);
    if (!m_isHolding)
        return answered<T>(result);
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    m_held.push_back([promise, result] {
        promise->addResult(result);
        promise->finish();
    });
    return promise->future();
}

QFuture<Result<std::vector<connectors::DeadLetterQueue>>> FakeDeadLetterConnector::deadLetterQueues(std::stop_token)
{
    return answer(m_queues);
}

connectors::EventChannelPtr FakeDeadLetterConnector::read(connectors::ReadRequest)
{
    auto channel = std::make_shared<connectors::EventChannel>();
    channel->finish(connectors::failure(ErrorCode::Unsupported, QStringLiteral("A fake's letters are fetched only.")));
    return channel;
}

QFuture<Result<connectors::EventBatchPtr>> FakeDeadLetterConnector::fetch(std::vector<connectors::EventAddress> addresses, qint64, std::stop_token)
{
    connectors::EventBatchBuilder builder;
    for (const connectors::EventAddress &address : addresses) {
        connectors::EventRecord record;
        record.stream = builder.internStream(address.stream);
        record.partition = address.partition;
        record.position = address.position;
        record.eventType = builder.addBytes("OrderPlaced");
        record.correlationId = builder.addBytes("flow-1");
        builder.add(record);
    }
    return answer<connectors::EventBatchPtr>(builder.take());
}

QFuture<Result<std::vector<connectors::DeadLetter>>> FakeDeadLetterConnector::letters(QString queueStream, qint64, std::stop_token)
{
    return answer(m_letters.value(queueStream));
}

QFuture<Result<std::vector<models::connection::SavedConnection>>> NoOpener::savedConnections()
{
    return answered<std::vector<models::connection::SavedConnection>>(std::vector<models::connection::SavedConnection>());
}

QFuture<Result<connectors::ConnectionSpec>> NoOpener::find(const QString &)
{
    return answered<connectors::ConnectionSpec>(failure(ErrorCode::NotFound, QStringLiteral("Nothing can be opened here.")));
}

QFuture<Result<std::shared_ptr<connectors::Connector>>> NoOpener::open(const connectors::ConnectionSpec &, const std::optional<connectors::Credentials> &)
{
    return answered<std::shared_ptr<connectors::Connector>>(failure(ErrorCode::NotFound, QStringLiteral("Nothing can be opened here.")));
}

QFuture<Result<void>> NoOpener::save(const connectors::ConnectionSpec &, const std::optional<connectors::Credentials> &)
{
    return answered<void>(Result<void>());
}

QFuture<Result<void>> NoOpener::change(const QString &, const connectors::ConnectionSpec &, const connectors::Credentials &)
{
    return answered<void>(Result<void>());
}

QFuture<Result<void>> NoOpener::forget(const QString &)
{
    return answered<void>(Result<void>());
}

} // namespace tests
