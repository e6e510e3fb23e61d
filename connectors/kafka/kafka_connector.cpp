// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"

#include "connectors/kafka/clients.h"
#include "connectors/kafka/event_reads.h"
#include "connectors/kafka/kafka_catalog.h"
#include "connectors/kafka/kafka_dead_letters.h"
#include "connectors/kafka/kafka_checkpoint_writer.h"
#include "connectors/kafka/kafka_line_log.h"
#include "connectors/kafka/lag_probe.h"
#include "connectors/kafka/task_pool.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>

namespace connectors::kafka {

namespace {

/// Longer than librdkafka needs to notice that a host swallows everything (10 s).
constexpr int ProbeTimeoutMs = 15'000;

Result<SystemIdentity> identityOf(Clients &clients, const std::stop_token &stop)
{
    const Result<ClientPtr> client = clients.shared(Isolation::ReadUncommitted);
    if (!client)
        return tl::unexpected(client.error());
    const Result<ClusterAnswer> answer = (*client)->probe(ProbeTimeoutMs, stop);
    if (!answer)
        return tl::unexpected(answer.error());
    SystemIdentity identity;
    identity.systemId = answer->clusterId;
    // No version: librdkafka keeps the brokers' ApiVersions to itself, and 2.0.2 has no DescribeCluster.
    identity.product = QStringLiteral("Kafka");
    identity.userName = (*client)->userName();
    for (const BrokerAddress &broker : answer->brokers)
        identity.advertisedHosts += broker.host;
    identity.areAllHostsLoopback = !identity.advertisedHosts.isEmpty()
        && std::all_of(identity.advertisedHosts.cbegin(), identity.advertisedHosts.cend(), isLoopbackHost);
    if (identity.systemId.isEmpty())
        identity.notes.push_back(QStringLiteral("The cluster does not tell its id, so resets cannot be planned here."));
    return identity;
}

class KafkaConnector final : public Connector
{
public:
    KafkaConnector(ClientConfig config, DeclarationSource declarations, std::shared_ptr<const ReadCaution> caution)
        : m_clients(std::make_shared<Clients>(std::move(config), std::move(caution)))
        , m_edges(std::make_shared<EdgeClient>(m_clients))
        , m_catalog(m_clients, m_edges, m_tasks)
        , m_reads(m_clients, m_tasks)
        , m_deadLetters(m_clients, m_edges, m_reads, m_tasks, std::move(declarations))
        , m_lagProbe(m_clients, m_tasks)
    {
    }

    QFuture<Result<SystemIdentity>> identify(std::stop_token stop) override
    {
        return m_tasks.run<SystemIdentity>(std::move(stop), [clients = m_clients](const std::stop_token &taskStop) { return identityOf(*clients, taskStop); });
    }

    Traffic traffic() const override { return m_clients->traffic(); }
    StreamCatalog *streamCatalog() override { return &m_catalog; }
    EventReader *eventReader() override { return &m_reads; }
    DeadLetterSource *deadLetterSource() override { return &m_deadLetters; }
    ConsumerCatalog *consumerCatalog() override { return &m_lagProbe; }

    QString whyNot(Ability ability) const override
    {
        if (ability == Ability::EventWriter)
            return QStringLiteral("Streamgauge does not produce to Kafka topics.");
        if (ability == Ability::SnapshotSource)
            return QStringLiteral("A Kafka topic is no event store: it does not keep the events of an aggregate together, nor all of them.");
        return {};
    }

private:
    const std::shared_ptr<Clients> m_clients;
    const std::shared_ptr<EdgeClient> m_edges;
    TaskPool m_tasks; ///< last but the abilities: they run their questions on it
    KafkaCatalog m_catalog;
    EventReads m_reads;
    KafkaDeadLetters m_deadLetters;
    LagProbe m_lagProbe;
};

Result<ClientConfig> configWith(const ConnectionSpec &spec, const Credentials &credentials, const TokenFetcher &tokens)
{
    Result<ClientConfig> config = clientConfig(spec, credentials);
    if (config)
        config->token.fetch = tokens;
    return config;
}

} // namespace

Result<std::shared_ptr<Connector>> openKafka(const ConnectionSpec &spec, const Credentials &credentials, DeclarationSource declarations, const TokenFetcher &tokens,
                                             std::shared_ptr<const ReadCaution> caution)
{
    Result<ClientConfig> config = configWith(spec, credentials, tokens);
    if (!config)
        return tl::unexpected(config.error());
    return std::make_shared<KafkaConnector>(std::move(*config), std::move(declarations), std::move(caution));
}

Result<std::unique_ptr<CheckpointWriter>> openKafkaCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials, const TokenFetcher &tokens)
{
    Result<ClientConfig> config = configWith(spec, credentials, tokens);
    if (!config)
        return tl::unexpected(config.error());
    return std::make_unique<KafkaCheckpointWriter>(std::move(*config));
}

Result<std::unique_ptr<LineLog>> openKafkaLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic, const TokenFetcher &tokens)
{
    Result<ClientConfig> config = configWith(spec, credentials, tokens);
    if (!config)
        return tl::unexpected(config.error());
    return std::make_unique<KafkaLineLog>(std::move(*config), topic);
}

QString kafkaLibraryVersion()
{
    return QString::fromLatin1(rd_kafka_version_str());
}

} // namespace connectors::kafka
