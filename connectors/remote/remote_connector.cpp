// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/remote_connector.h"

namespace connectors::remote {

namespace {

class RemoteConnector final : public Connector,
                              public StreamCatalog,
                              public EventReader,
                              public EventWriter,
                              public ConsumerCatalog,
                              public DeadLetterSource,
                              public SnapshotSource
{
public:
    RemoteConnector(std::shared_ptr<RemoteSession> session, Greeting greeting, std::function<void()> whenClosed, ProcessHealth *health)
        : m_session(std::move(session))
        , m_greeting(std::move(greeting))
        , m_whenClosed(std::move(whenClosed))
        , m_health(health)
    {
    }

    ~RemoteConnector() override
    {
        m_session->close();
        m_whenClosed();
    }

    QFuture<Result<SystemIdentity>> identify(std::stop_token stop) override { return m_session->ask<SystemIdentity>(Call::Identify, stop); }
    Traffic traffic() const override { return m_session->traffic(); }
    StreamCatalog *streamCatalog() override { return ifAble(Ability::StreamCatalog); }
    EventReader *eventReader() override { return ifAble(Ability::EventReader); }
    EventWriter *eventWriter() override { return ifAble(Ability::EventWriter); }
    ConsumerCatalog *consumerCatalog() override { return ifAble(Ability::ConsumerCatalog); }
    DeadLetterSource *deadLetterSource() override { return ifAble(Ability::DeadLetterSource); }
    SnapshotSource *snapshotSource() override { return ifAble(Ability::SnapshotSource); }

    ProcessHealth *processHealth() override { return m_health; }
    QString whyNot(Ability ability) const override
    {
        const auto index = static_cast<size_t>(ability);
        return index < m_greeting.whyNot.size() ? m_greeting.whyNot[index] : QString();
    }

    QFuture<Result<StreamList>> listStreams(StreamListRequest request, std::stop_token stop) override
    {
        return m_session->ask<StreamList>(Call::ListStreams, stop, request);
    }
    QFuture<Result<std::vector<TimePosition>>> positionsAt(QString stream, EpochMs time, std::stop_token stop) override
    {
        return m_session->ask<std::vector<TimePosition>>(Call::PositionsAt, stop, stream, time);
    }
    EventChannelPtr read(ReadRequest request) override { return m_session->read(request); }
    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token stop) override
    {
        return m_session->ask<EventBatchPtr>(Call::Fetch, stop, addresses, previewBytes);
    }
    QFuture<Result<EventPage>> fetchPage(PageRequest request, std::stop_token stop) override
    {
        return m_session->ask<EventPage>(Call::FetchPage, stop, request);
    }
    QFuture<Result<EventBatchPtr>> fetchTimes(std::vector<EventAddress> addresses, std::stop_token stop) override
    {
        return m_session->ask<EventBatchPtr>(Call::FetchTimes, stop, addresses);
    }
    QFuture<Result<std::vector<AppendedEvent>>> append(std::vector<NewEvent> events) override
    {
        return m_session->ask<std::vector<AppendedEvent>>(Call::Append, {}, events);
    }
    QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token stop) override
    {
        return m_session->ask<std::vector<ConsumerSummary>>(Call::ListConsumers, stop);
    }
    QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) override
    {
        return m_session->ask<ConsumerStates>(Call::ConsumerStates, stop, request);
    }
    QFuture<Result<std::vector<DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) override
    {
        return m_session->ask<std::vector<DeadLetterQueue>>(Call::DeadLetterQueues, stop);
    }
    QFuture<Result<std::vector<DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) override
    {
        return m_session->ask<std::vector<DeadLetter>>(Call::Letters, stop, queueStream, limit);
    }
    QFuture<Result<std::optional<Snapshot>>> newestSnapshot(QString stream, QString fold, qint64 atMostVersion, std::stop_token stop) override
    {
        return m_session->ask<std::optional<Snapshot>>(Call::NewestSnapshot, stop, stream, fold, atMostVersion);
    }
    QFuture<Result<std::vector<Snapshot>>> listSnapshots(QString stream, std::stop_token stop) override
    {
        return m_session->ask<std::vector<Snapshot>>(Call::ListSnapshots, stop, stream);
    }

private:
    RemoteConnector *ifAble(Ability ability)
    {
        const auto index = static_cast<size_t>(ability);
        return index < m_greeting.abilities.size() && m_greeting.abilities[index] ? this : nullptr;
    }

    const std::shared_ptr<RemoteSession> m_session;
    const Greeting m_greeting;
    const std::function<void()> m_whenClosed; ///< owns the other end
    ProcessHealth *const m_health;            ///< of it
};

} // namespace

std::shared_ptr<Connector> makeRemoteConnector(std::shared_ptr<RemoteSession> session, Greeting greeting, std::function<void()> whenClosed,
                                               ProcessHealth *health)
{
    return std::make_shared<RemoteConnector>(std::move(session), std::move(greeting), std::move(whenClosed), health);
}

} // namespace connectors::remote
