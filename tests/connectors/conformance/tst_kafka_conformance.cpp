// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "tests/connectors/conformance/conformance.h"
#include "tests/support/kafka_server.h"

#include <QTest>

using namespace connectors;

class TestKafkaConformance final : public tests::Conformance
{
    Q_OBJECT

protected:
    void prepare() override
    {
        REQUIRE_KAFKA();
        tests::KafkaProducer producer(tests::kafkaBootstrap());
        producer.createTopic(m_topic, 1, {{QStringLiteral("retention.ms"), QStringLiteral("-1")}}); // the events are years old
        std::vector<tests::TestRecord> records;
        for (qint64 i = 0; i < EventCount; ++i)
            records.push_back(record(i));
        producer.write(m_topic, records);
        producer.createTopic(large().stream, 1, {{QStringLiteral("retention.ms"), QStringLiteral("-1")}, {QStringLiteral("max.message.bytes"), QStringLiteral("8000000")}});
        tests::TestRecord largest;
        largest.key = QByteArray(10'000, 'k');
        largest.value = largeBody();
        largest.headers = {{"first", largeHeader()}, {"first", QByteArray("again")}, {"none", std::nullopt}};
        tests::TestRecord empty;
        empty.value = QByteArray("");
        producer.write(large().stream, {largest, tests::TestRecord(), empty});
        const auto committed = tests::runKafkaScript({QStringLiteral("groups"), QStringLiteral("--bootstrap-server"), tests::kafkaBootstrap(),
                                                      QStringLiteral("--group"), m_group, QStringLiteral("--topic"), m_topic,
                                                      QStringLiteral("--reset-offsets"), QStringLiteral("--to-offset"),
                                                      QString::number(CheckpointAt), QStringLiteral("--execute")});
        QVERIFY(committed.has_value());
    }
    std::shared_ptr<Connector> open() override { return *kafka::openKafka(spec(), {}); }
    ConnectionSpec spec() const override { return tests::kafkaSpec(tests::kafkaBootstrap()); }
    void appendOne(qint64 i) override { tests::KafkaProducer(tests::kafkaBootstrap()).write(m_topic, {record(i)}); }
    QString stream() const override { return m_topic; }
    QString consumer() const override { return m_group; }
    qint64 firstPosition() const override { return 0; }
    EventAddress large() const override { return {m_topic + QStringLiteral("-large"), 0, 0}; }
    std::optional<EventAddress> withoutBody() const override { return EventAddress{large().stream, 0, 1}; }
    std::optional<EventAddress> withEmptyBody() const override { return EventAddress{large().stream, 0, 2}; }

private:
    static tests::TestRecord record(qint64 i)
    {
        tests::TestRecord record;
        record.value = bodyOf(i);
        record.timestamp = FirstTime + i * 1000;
        return record;
    }

    const QString m_topic = tests::uniqueName(QStringLiteral("conformance"));
    const QString m_group = tests::uniqueName(QStringLiteral("conformance-reader"));
};

QTEST_GUILESS_MAIN(TestKafkaConformance)
#include "tst_kafka_conformance.moc"
