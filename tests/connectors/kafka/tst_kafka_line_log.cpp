// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading.h"

using namespace connectors;
using namespace tests;

/// Lines that are kept in a topic, on a real Kafka.
class TestKafkaLineLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { REQUIRE_KAFKA(); }

    void linesAreStoredInTheirOrder()
    {
        KafkaProducer producer(kafkaBootstrap());
        const QString topic = uniqueName(QStringLiteral("journal"));
        producer.createTopic(topic, 3);
        const auto log = logIn(topic);
        for (const QByteArray &line : {QByteArray("{\"id\":1}"), QByteArray("{\"id\":2}"), QByteArray("\"" + QByteArray(500'000, 'x') + "\"")}) {
            const Result<void> appended = log->append(line);
            QVERIFY2(appended, appended ? "" : qPrintable(describe(appended.error())));
        }
        const auto connector = *kafka::openKafka(kafkaSpec(kafkaBootstrap()), {});
        const Reading reading = readAll(*connector, requestFor(topic));
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@0 0@1 0@2"));
        const EventBatch &batch = *reading.batches.front();
        QCOMPARE(batch.bytes(batch.record(1).payload), QByteArray("{\"id\":2}"));
    }

    void aTopicThatIsNotThereIsRefusedAndNotMade()
    {
        const QString topic = uniqueName(QStringLiteral("journal"));
        const auto log = logIn(topic);
        QCOMPARE(log->append("{}").error().code, ErrorCode::NotFound);
        const auto connector = *kafka::openKafka(kafkaSpec(kafkaBootstrap()), {});
        QCOMPARE(readAll(*connector, requestFor(topic)).report.error().code, ErrorCode::NotFound);
        KafkaProducer(kafkaBootstrap()).createTopic(topic);
        QTRY_VERIFY_WITH_TIMEOUT(log->append("{}").has_value(), 10'000); // the same log goes on
    }

    void aTopicThatIsGoneAgainIsNotMadeAnew()
    {
        KafkaProducer producer(kafkaBootstrap());
        const QString topic = uniqueName(QStringLiteral("journal"));
        producer.createTopic(topic);
        const ConnectionSpec curious = kafkaSpec(kafkaBootstrap(), {{QStringLiteral("topic.metadata.refresh.interval.ms"), QStringLiteral("200")}});
        const auto log = *kafka::openKafkaLineLog(curious, {}, topic);
        QVERIFY(log->append("{}"));
        producer.deleteTopic(topic);
        QTest::qWait(2000); // its handle asks about the topic meanwhile
        QCOMPARE(log->append("{}").error().code, ErrorCode::NotFound);
    }

    void aTopicThatWouldLoseLinesIsRefused()
    {
        KafkaProducer producer(kafkaBootstrap());
        const QString compacted = uniqueName(QStringLiteral("journal"));
        producer.createTopic(compacted, 1, {{QStringLiteral("cleanup.policy"), QStringLiteral("compact")}});
        const auto log = logIn(compacted);
        QVERIFY(!log->append("{}"));
        QVERIFY(!log->append("{}"));
    }

    void aClusterThatDoesNotAnswerIsAnError()
    {
        const auto log = *kafka::openKafkaLineLog(kafkaSpec(QStringLiteral("127.0.0.1:1")), {}, QStringLiteral("journal"));
        QCOMPARE(log->append("{}").error().code, ErrorCode::CannotConnect);
    }

private:
    [[nodiscard]] static std::unique_ptr<LineLog> logIn(const QString &topic)
    {
        return *kafka::openKafkaLineLog(kafkaSpec(kafkaBootstrap()), {}, topic);
    }
};

QTEST_GUILESS_MAIN(TestKafkaLineLog)
#include "tst_kafka_line_log.moc"
