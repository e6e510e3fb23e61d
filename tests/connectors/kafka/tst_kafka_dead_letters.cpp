// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "connectors/remote/loopback.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <algorithm>

using namespace connectors;
using tests::answerOf;
using tests::KafkaProducer;
using tests::TestRecord;
using tests::uniqueName;

namespace {

constexpr EpochMs Noon = 1'700'000'000'000;
const QMap<QString, QString> Forever{{QStringLiteral("retention.ms"), QStringLiteral("-1")}};

std::shared_ptr<Connector> openTestKafka()
{
    return *kafka::openKafka(tests::kafkaSpec(tests::kafkaBootstrap()), {});
}

/// The queue of a topic; null where it is none.
std::optional<DeadLetterQueue> queueOf(Connector &connector, const QString &topic)
{
    const auto queues = answerOf(connector.deadLetterSource()->deadLetterQueues({}));
    if (!queues)
        qFatal("%s", qPrintable(describe(queues.error())));
    const auto found = std::find_if(queues->cbegin(), queues->cend(), [&topic](const DeadLetterQueue &queue) { return queue.stream == topic; });
    return found == queues->cend() ? std::nullopt : std::optional(*found);
}

TestRecord letter(int number, int partition, const QString &original)
{
    TestRecord record;
    record.partition = partition;
    record.key = "order-" + QByteArray::number(number);
    record.value = "{\"eventId\":\"e" + QByteArray::number(number) + "\",\"eventType\":\"OrderPlaced\",\"correlationId\":\"c\"}";
    record.timestamp = Noon + number * 1000;
    record.headers = {{"kafka_dlt-original-topic", original.toUtf8()},
                      {"kafka_dlt-original-partition", QByteArray("\0\0\0\0", 4)},
                      {"kafka_dlt-original-offset", QByteArray("\0\0\0\0\0\0\0", 7) + static_cast<char>(number)},
                      {"kafka_dlt-original-consumer-group", QByteArray("billing")},
                      {"kafka_dlt-exception-message", "no stock for " + QByteArray::number(number)},
                      {"kafka_dlt-exception-fqcn", QByteArray("OutOfStock")}};
    return record;
}

} // namespace

class TestKafkaDeadLetters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { REQUIRE_KAFKA(); }

    void aQueueWithAnOrdinaryNameIsFoundByItsHeaders()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"parked"_qs);
        producer.createTopic(topic, 2, Forever);
        producer.write(topic, {letter(1, 0, u"orders"_qs), letter(2, 1, u"orders"_qs), letter(3, 1, u"orders"_qs)});
        const auto queue = queueOf(*openTestKafka(), topic);
        QVERIFY(queue.has_value());
        QCOMPARE(queue->evidence, DeadLetterEvidence::HeaderFamily);
        QCOMPARE(queue->consumer, u"billing"_qs);
        QCOMPARE(queue->depth, std::optional<qint64>(3));
        QCOMPARE(queue->oldest, std::optional(Noon + 1000));
        QCOMPARE(queue->newest, std::optional(Noon + 3000));
    }

    void anEmptyQueueIsFoundByItsName()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"orders"_qs) + u".DLT"_qs;
        producer.createTopic(topic, 1, Forever);
        const auto queue = queueOf(*openTestKafka(), topic);
        QVERIFY(queue.has_value());
        QCOMPARE(queue->evidence, DeadLetterEvidence::StreamName);
        QCOMPARE(queue->depth, std::optional<qint64>(0));
        QVERIFY(!queue->oldest && !queue->newest);
    }

    void aDeclaredQueueIsOneWhateverItsNameAndItsHeaders()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString plain = uniqueName(u"waiting"_qs);
        const QString parked = uniqueName(u"parked"_qs);
        const QString errors = uniqueName(u"shop"_qs) + u".errors"_qs;
        for (const QString &topic : {plain, parked, errors})
            producer.createTopic(topic, 1, Forever);
        producer.write(plain, {{0, {}, "{}", {}, Noon}});
        producer.write(parked, {letter(1, 0, u"orders"_qs)});
        const auto only = [](const QString &topic) { return QRegularExpression(QRegularExpression::wildcardToRegularExpression(topic)); };
        const DeadLetterDeclarations declared{{{only(u"waiting-*"_qs), u"orders"_qs, u"payments"_qs}, {only(parked + u'*'), u"bills"_qs, {}}}, {only(errors)}};
        const auto open = [](const DeadLetterDeclarations &said) {
            return remote::throughLoopback(*kafka::openKafka(tests::kafkaSpec(tests::kafkaBootstrap()), {}, [said] { return said; }));
        };
        QVERIFY(!queueOf(*open({}), plain) && queueOf(*open({}), errors));

        const auto connector = open(declared);
        const auto queue = queueOf(*connector, plain);
        QVERIFY(queue.has_value());
        QCOMPARE(queue->evidence, DeadLetterEvidence::Declared);
        QCOMPARE(queue->consumer, u"payments"_qs);
        QCOMPARE(queue->depth, std::optional<qint64>(1));
        QVERIFY(!queueOf(*connector, errors));
        QVERIFY(!queueOf(*open({{}, {only(parked)}}), parked));
        QCOMPARE(queueOf(*connector, parked)->consumer, u"billing"_qs); // as its letter tells

        const auto letters = answerOf(connector->deadLetterSource()->letters(plain, 1, {}));
        QVERIFY(letters && letters->size() == 1);
        QCOMPARE(letters->front().originalStream, u"orders"_qs);
        QCOMPARE(letters->front().consumer, u"payments"_qs);
        QCOMPARE(answerOf(connector->deadLetterSource()->letters(parked, 1, {}))->front().originalStream, u"orders"_qs);
    }

    void aTopicToWhichLettersWereSentBackIsNoQueue()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"orders"_qs);
        producer.createTopic(topic, 1, Forever);
        producer.write(topic, {letter(1, 0, topic)});
        QVERIFY(!queueOf(*openTestKafka(), topic));
    }

    void lettersAreDecodedNewestFirst()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"orders"_qs) + u"-dlt"_qs;
        producer.createTopic(topic, 2, Forever);
        for (int i = 1; i <= 20; ++i)
            producer.write(topic, {letter(i, i % 2, u"orders"_qs)});
        const auto connector = openTestKafka();
        const auto letters = answerOf(connector->deadLetterSource()->letters(topic, 5, {}));
        QVERIFY2(letters.has_value(), letters ? "" : qPrintable(describe(letters.error())));
        QCOMPARE(letters->size(), size_t(5));
        const DeadLetter &newest = letters->front();
        QCOMPARE(newest.diedAt, Noon + 20'000);
        QCOMPARE(newest.address, (EventAddress{topic, 0, 9}));
        QCOMPARE(newest.original, std::optional(EventAddress{u"orders"_qs, 0, 20}));
        QCOMPARE(newest.headerFamily, u"Spring Kafka"_qs);
        QCOMPARE(newest.consumer, u"billing"_qs);
        QCOMPARE(newest.reason, u"no stock for 20"_qs);
        QCOMPARE(newest.exceptionClass, u"OutOfStock"_qs);
        QCOMPARE(newest.eventId, u"e20"_qs);
        QCOMPARE(newest.eventType, u"OrderPlaced"_qs);
        QCOMPARE(newest.key, u"order-20"_qs);
        QVERIFY(newest.size > 0);
        QVERIFY(std::is_sorted(letters->cbegin(), letters->cend(), [](const DeadLetter &a, const DeadLetter &b) { return a.diedAt > b.diedAt; }));
    }

    void aRecordWithoutHeadersIsALetterWithoutFamily()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"orders"_qs) + u".dlq"_qs;
        producer.createTopic(topic, 1, Forever);
        producer.write(topic, {{0, std::nullopt, std::nullopt, {}, Noon}});
        const auto letters = answerOf(openTestKafka()->deadLetterSource()->letters(topic, 10, {}));
        QVERIFY(letters.has_value());
        QCOMPARE(letters->size(), size_t(1));
        QVERIFY(letters->front().headerFamily.isEmpty());
        QVERIFY(!letters->front().original);
        QCOMPARE(letters->front().size, -1); // a tombstone
    }

    void anUnknownQueueIsNotFound()
    {
        const auto letters = answerOf(openTestKafka()->deadLetterSource()->letters(uniqueName(u"nobody.dlq"_qs), 10, {}));
        QVERIFY(!letters);
        QCOMPARE(letters.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestKafkaDeadLetters)
#include "tst_kafka_dead_letters.moc"
