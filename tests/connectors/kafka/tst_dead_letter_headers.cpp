// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/dead_letter_headers.h"

#include <QTest>

using namespace connectors;
using namespace connectors::kafka;
using namespace std::string_view_literals;

namespace {

/// A letter as one line.
QString printed(const std::vector<Header> &headers)
{
    DeadLetter letter;
    if (!readDeadLetterHeaders(headers, &letter))
        return QStringLiteral("none");
    const QString place = letter.original ? QStringLiteral("%1/%2@%3").arg(letter.original->stream).arg(letter.original->partition).arg(letter.original->position)
                                          : letter.originalStream;
    QStringList parts{letter.headerFamily, place, letter.consumer, letter.exceptionClass, letter.reason, letter.stage};
    if (letter.attempts)
        parts += QStringLiteral("×%1").arg(*letter.attempts);
    return parts.join(u'|');
}

} // namespace

class TestDeadLetterHeaders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void connectTellsStageAndConnector()
    {
        QCOMPARE(printed({{"__connect.errors.topic", "orders"}, {"__connect.errors.partition", "3"}, {"__connect.errors.offset", "9007199254740993"},
                          {"__connect.errors.connector.name", "sink"}, {"__connect.errors.task.id", "0"}, {"__connect.errors.stage", "VALUE_CONVERTER"},
                          {"__connect.errors.class.name", "JsonConverter"}, {"__connect.errors.exception.class.name", "DataException"},
                          {"__connect.errors.exception.message", "not JSON"}, {"__connect.errors.exception.stacktrace", "at x"}}),
                 u"Kafka Connect|orders/3@9007199254740993|connect-sink|DataException|not JSON|VALUE_CONVERTER"_qs);
    }

    void springWritesBigEndianIntegersAndWrapsTheException()
    {
        QCOMPARE(printed({{"kafka_dlt-original-topic", "orders"}, {"kafka_dlt-original-partition", "\0\0\0\x05"sv}, {"kafka_dlt-original-offset", "\0\0\0\0\0\x01\0\x02"sv},
                          {"kafka_dlt-original-consumer-group", "billing"}, {"kafka_dlt-exception-fqcn", "ListenerExecutionFailedException"},
                          {"kafka_dlt-exception-cause-fqcn", "IllegalStateException"}, {"kafka_dlt-exception-message", "no stock"}, {"retry_topic-attempts", "\0\0\0\x04"sv}}),
                 u"Spring Kafka|orders/5@65538|billing|IllegalStateException|no stock||×4"_qs);
    }

    void theSpringCloudBinderMayWriteNumbersEitherWay_data()
    {
        QTest::addColumn<QByteArray>("partition");
        QTest::addColumn<QByteArray>("offset");
        QTest::newRow("binary") << QByteArray("\0\0\0\x01", 4) << QByteArray("\0\0\0\0\0\0\0\x2a", 8);
        QTest::newRow("text") << QByteArray("1") << QByteArray("42");
    }
    void theSpringCloudBinderMayWriteNumbersEitherWay()
    {
        QFETCH(QByteArray, partition);
        QFETCH(QByteArray, offset);
        QCOMPARE(printed({{"x-original-topic", "orders"}, {"x-original-partition", std::string_view(partition.constData(), static_cast<size_t>(partition.size()))},
                          {"x-original-offset", std::string_view(offset.constData(), static_cast<size_t>(offset.size()))}, {"x-exception-message", "bad"},
                          {"x-exception-fqcn", "X"}}),
                 u"Spring Cloud Stream|orders/1@42||X|bad|"_qs);
    }

    void ofALetterThatDiedTwiceTheNewestReasonCounts()
    {
        // SmallRye puts its own headers before those of the earlier death.
        QCOMPARE(printed({{"dead-letter-reason", "second"}, {"dead-letter-topic", "orders.dlq"}, {"dead-letter-partition", "0"}, {"dead-letter-offset", "7"},
                          {"dead-letter-exception-class-name", "B"}, {"dead-letter-reason", "first"}, {"dead-letter-topic", "orders"}, {"dead-letter-partition", "2"},
                          {"dead-letter-offset", "5"}, {"dead-letter-exception-class-name", "A"}}),
                 u"SmallRye|orders.dlq/0@7||B|second|"_qs);
        // The others append.
        QCOMPARE(printed({{"__connect.errors.topic", "orders"}, {"__connect.errors.exception.message", "first"}, {"__connect.errors.topic", "orders"},
                          {"__connect.errors.exception.message", "second"}}),
                 u"Kafka Connect|orders|||second|"_qs);
    }

    void kafkaStreamsAndShareGroupsAreKnown()
    {
        QCOMPARE(printed({{"__streams.errors.exception", "E"}, {"__streams.errors.message", "m"}, {"__streams.errors.topic", "in"}, {"__streams.errors.partition", "0"},
                          {"__streams.errors.offset", "1"}}),
                 u"Kafka Streams|in/0@1||E|m|"_qs);
        QCOMPARE(printed({{"__dlq.errors.topic", "in"}, {"__dlq.errors.partition", "0"}, {"__dlq.errors.offset", "1"}, {"__dlq.errors.group", "share-1"},
                          {"__dlq.errors.delivery.count", "5"}, {"__dlq.errors.message", "m"}}),
                 u"Kafka share group|in/0@1|share-1||m||×5"_qs);
    }

    void placesThatCannotBeAreLeftOut()
    {
        QCOMPARE(printed({{"dead-letter-topic", "orders"}, {"dead-letter-partition", "-1"}, {"dead-letter-offset", "7"}, {"dead-letter-reason", "r"}}), u"SmallRye|orders|||r|"_qs);
        QCOMPARE(printed({{"kafka_dlt-original-topic", "orders"}, {"kafka_dlt-original-partition", "abc"}, {"kafka_dlt-original-offset", "xyz"}}), u"Spring Kafka|orders||||"_qs);
        QCOMPARE(printed({{"dead-letter-topic", {}, true}, {"trace", "x"}}), u"none"_qs);
        QCOMPARE(printed({}), u"none"_qs);
    }

    void numbersAreTextOrBigEndian()
    {
        QCOMPARE(headerNumber("12345678"), std::optional<qint64>(12345678)); // eight digits, not eight bytes
        QCOMPARE(headerNumber("1234"), std::optional<qint64>(1234));
        QCOMPARE(headerNumber("\xff\xff\xff\xff"), std::optional<qint64>(-1));
        QCOMPARE(headerNumber("\x7f\xff\xff\xff\xff\xff\xff\xff"), std::optional(std::numeric_limits<qint64>::max()));
        QVERIFY(!headerNumber(""));
        QVERIFY(!headerNumber("abc"));
        QVERIFY(!headerNumber("99999999999999999999"));
    }

    void namesOfQueuesAreWholeWords_data()
    {
        QTest::addColumn<bool>("isQueue");
        for (const char *name : {"orders.dlq", "orders-dlq", "orders.DLT", "orders-dlt", "dead-letter-topic-orders", "orders.deadletters", "error.orders.billing",
                                 "orders.errors", "orders_error", "DLQ"})
            QTest::newRow(name) << true;
        for (const char *name : {"orders", "terrors", "shop.error.rates", "orders-retry-0", "orders.dlq.retry", "dltx", "deadline", "idle-dlqs"})
            QTest::newRow(name) << false;
    }
    void namesOfQueuesAreWholeWords()
    {
        QFETCH(bool, isQueue);
        QCOMPARE(isDeadLetterName(QString::fromLatin1(QTest::currentDataTag())), isQueue);
    }
};

QTEST_APPLESS_MAIN(TestDeadLetterHeaders)
#include "tst_dead_letter_headers.moc"
