// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_server.h"

#include "tests/support/folders.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QProcess>
#include <QUuid>

#include <librdkafka/rdkafka.h>

#include <array>

namespace tests {

using namespace connectors;

namespace {

constexpr int TimeoutMs = 30'000;

void require(bool isTrue, const char *what, const char *detail)
{
    if (!isTrue)
        qFatal("The test's Kafka: %s: %s", what, detail);
}

void requireNone(rd_kafka_error_t *error, const char *what)
{
    require(!error, what, error ? rd_kafka_error_string(error) : "");
}

/// NAME=VALUE lines.
QHash<QString, QString> addressesIn(const QByteArray &text)
{
    QHash<QString, QString> addresses;
    for (const QString &line : QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts))
        addresses.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
    return addresses;
}

void requireTopicResult(const rd_kafka_topic_result_t *const *results, size_t count, const char *what)
{
    for (size_t i = 0; i < count; ++i)
        require(rd_kafka_topic_result_error(results[i]) == RD_KAFKA_RESP_ERR_NO_ERROR, what, rd_kafka_topic_result_error_string(results[i]));
}

} // namespace

QString kafkaBootstrap()
{
    return qEnvironmentVariable("STREAMGAUGE_TEST_KAFKA");
}

QHash<QString, QString> secureKafka()
{
    QFile file(qEnvironmentVariable("STREAMGAUGE_TEST_KAFKA_SECURE_STATE") + QStringLiteral("/addresses"));
    return file.open(QIODevice::ReadOnly) ? addressesIn(file.readAll()) : QHash<QString, QString>();
}

FreshKafka::FreshKafka(int brokers)
{
    QStringList arguments{QStringLiteral("start")};
    if (brokers > 1)
        arguments += {QStringLiteral("--brokers"), QString::number(brokers)};
    const std::optional<QByteArray> started = runKafkaScript(arguments);
    require(started.has_value(), "tests/servers/kafka start", "failed");
    const QHash<QString, QString> addresses = addressesIn(*started);
    m_bootstrap = addresses.value(QStringLiteral("bootstrap"));
    m_folder = addresses.value(QStringLiteral("state"));
}

FreshKafka::~FreshKafka()
{
    std::ignore = runKafkaScript({QStringLiteral("stop"), m_folder});
}

std::optional<QByteArray> runKafkaScript(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(sourceFolder() + QStringLiteral("/tests/servers/kafka"), arguments);
    if (!process.waitForFinished(4 * TimeoutMs) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return std::nullopt;
    return process.readAllStandardOutput();
}

ConnectionSpec kafkaSpec(const QString &hosts, const QMap<QString, QString> &properties, const QString &userName)
{
    ConnectionSpec spec;
    spec.name = QStringLiteral("kafka://") + hosts;
    spec.hosts = hosts.split(u',');
    spec.properties = properties;
    spec.userName = userName;
    return spec;
}

QString uniqueName(const QString &prefix)
{
    return prefix + u'-' + QUuid::createUuid().toString(QUuid::Id128).left(12);
}

struct KafkaProducer::State {
    rd_kafka_t *handle = nullptr;
    rd_kafka_queue_t *queue = nullptr;

    /// Waits for the one admin call under way.
    rd_kafka_event_t *awaitEvent(const char *what) const
    {
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TimeoutMs);
        require(event != nullptr, what, "no answer");
        require(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR, what, rd_kafka_event_error_string(event));
        return event;
    }

    /// Asks again how many partitions the topic has, which is else done every few minutes.
    void learn(const QByteArray &topic) const
    {
        rd_kafka_topic_t *handleOfTopic = rd_kafka_topic_new(handle, topic.constData(), nullptr);
        const rd_kafka_metadata_t *metadata = nullptr;
        if (rd_kafka_metadata(handle, 0, handleOfTopic, &metadata, TimeoutMs) == RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_metadata_destroy(metadata);
        rd_kafka_topic_destroy(handleOfTopic);
    }
};

KafkaProducer::KafkaProducer(const QString &bootstrap, const QString &transactionalId)
    : m_state(std::make_unique<State>())
{
    std::array<char, 512> text{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.toUtf8().constData(), text.data(), text.size());
    rd_kafka_conf_set(conf, "message.max.bytes", "41943040", text.data(), text.size());
    rd_kafka_conf_set(conf, "linger.ms", "2", text.data(), text.size());
    if (!transactionalId.isEmpty())
        rd_kafka_conf_set(conf, "transactional.id", transactionalId.toUtf8().constData(), text.data(), text.size());
    m_state->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size());
    require(m_state->handle != nullptr, "no producer", text.data());
    m_state->queue = rd_kafka_queue_new(m_state->handle);
    if (!transactionalId.isEmpty())
        requireNone(rd_kafka_init_transactions(m_state->handle, TimeoutMs), "init_transactions");
}

KafkaProducer::~KafkaProducer()
{
    rd_kafka_queue_destroy(m_state->queue);
    rd_kafka_destroy(m_state->handle);
}

void KafkaProducer::createTopic(const QString &topic, int partitions, const QMap<QString, QString> &config)
{
    std::array<char, 512> text{};
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic.toUtf8().constData(), partitions, 1, text.data(), text.size());
    require(wanted != nullptr, "no topic", text.data());
    for (auto it = config.cbegin(); it != config.cend(); ++it)
        rd_kafka_NewTopic_set_config(wanted, it.key().toUtf8().constData(), it.value().toUtf8().constData());
    rd_kafka_CreateTopics(m_state->handle, &wanted, 1, nullptr, m_state->queue);
    rd_kafka_event_t *event = m_state->awaitEvent("CreateTopics");
    size_t count = 0;
    const rd_kafka_topic_result_t **results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    requireTopicResult(results, count, "CreateTopics");
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy(wanted);
}

void KafkaProducer::deleteTopic(const QString &topic)
{
    rd_kafka_DeleteTopic_t *unwanted = rd_kafka_DeleteTopic_new(topic.toUtf8().constData());
    rd_kafka_DeleteTopics(m_state->handle, &unwanted, 1, nullptr, m_state->queue);
    rd_kafka_event_destroy(m_state->awaitEvent("DeleteTopics"));
    rd_kafka_DeleteTopic_destroy(unwanted);
}

void KafkaProducer::addPartitions(const QString &topic, int total)
{
    std::array<char, 512> text{};
    rd_kafka_NewPartitions_t *wanted = rd_kafka_NewPartitions_new(topic.toUtf8().constData(), static_cast<size_t>(total), text.data(), text.size());
    rd_kafka_CreatePartitions(m_state->handle, &wanted, 1, nullptr, m_state->queue);
    rd_kafka_event_destroy(m_state->awaitEvent("CreatePartitions"));
    rd_kafka_NewPartitions_destroy(wanted);
}

void KafkaProducer::setTopicConfig(const QString &topic, const QString &name, const QString &value)
{
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.toUtf8().constData());
    rd_kafka_ConfigResource_set_config(resource, name.toUtf8().constData(), value.toUtf8().constData());
    rd_kafka_AlterConfigs(m_state->handle, &resource, 1, nullptr, m_state->queue);
    rd_kafka_event_destroy(m_state->awaitEvent("AlterConfigs"));
    rd_kafka_ConfigResource_destroy(resource);
}

void KafkaProducer::deleteRecordsBefore(const QString &topic, int partition, qint64 offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.toUtf8().constData(), partition)->offset = offset;
    rd_kafka_DeleteRecords_t *unwanted = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_DeleteRecords(m_state->handle, &unwanted, 1, nullptr, m_state->queue);
    rd_kafka_event_destroy(m_state->awaitEvent("DeleteRecords"));
    rd_kafka_DeleteRecords_destroy(unwanted);
}

void KafkaProducer::write(const QString &topic, const std::vector<TestRecord> &records)
{
    const QByteArray name = topic.toUtf8();
    for (const TestRecord &record : records) {
        rd_kafka_headers_t *headers = rd_kafka_headers_new(record.headers.size());
        for (const auto &[header, value] : record.headers)
            rd_kafka_header_add(headers, header.constData(), header.size(), value ? value->constData() : nullptr, value ? value->size() : 0);
        // An empty value is not null: it needs a pointer.
        const char *value = record.value ? record.value->constData() : nullptr;
        const size_t valueLength = record.value ? static_cast<size_t>(record.value->size()) : 0;
        const char *key = record.key ? record.key->constData() : nullptr;
        const size_t keyLength = record.key ? static_cast<size_t>(record.key->size()) : 0;
        const auto produce = [&] {
            return rd_kafka_producev(
                m_state->handle, RD_KAFKA_V_TOPIC(name.constData()), RD_KAFKA_V_PARTITION(record.partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK),
                RD_KAFKA_V_KEY(key, keyLength),
                RD_KAFKA_V_VALUE(const_cast<char *>(value), valueLength), RD_KAFKA_V_TIMESTAMP(record.timestamp),
                RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        };
        const QDeadlineTimer patience(TimeoutMs);
        rd_kafka_resp_err_t code = produce();
        while (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION && !patience.hasExpired()) {
            m_state->learn(name); // it was added since
            code = produce();
        }
        require(code == RD_KAFKA_RESP_ERR_NO_ERROR, "produce", rd_kafka_err2str(code));
        rd_kafka_poll(m_state->handle, 0);
    }
    require(rd_kafka_flush(m_state->handle, TimeoutMs) == RD_KAFKA_RESP_ERR_NO_ERROR, "flush", "not all were stored");
}

void KafkaProducer::begin()
{
    requireNone(rd_kafka_begin_transaction(m_state->handle), "begin_transaction");
}

void KafkaProducer::end(bool isCommitted)
{
    requireNone(isCommitted ? rd_kafka_commit_transaction(m_state->handle, TimeoutMs) : rd_kafka_abort_transaction(m_state->handle, TimeoutMs), "end of transaction");
}

} // namespace tests
