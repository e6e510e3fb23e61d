// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <algorithm>

using namespace connectors;
using tests::answerOf;
using tests::KafkaProducer;
using tests::uniqueName;

namespace {

constexpr EpochMs Noon = 1'700'000'000'000;
const QMap<QString, QString> Forever{{QStringLiteral("retention.ms"), QStringLiteral("-1")}};

std::shared_ptr<Connector> openTestKafka()
{
    return *kafka::openKafka(tests::kafkaSpec(tests::kafkaBootstrap()), {});
}

Result<StreamList> list(Connector &connector, const std::vector<QString> &streams, bool withTimes = false, bool withConfig = false)
{
    StreamListRequest request;
    request.streams = streams;
    request.withTimes = withTimes;
    request.withConfig = withConfig;
    return answerOf(connector.streamCatalog()->listStreams(request, {}));
}

std::vector<tests::TestRecord> records(int count, int partition = 0)
{
    std::vector<tests::TestRecord> result;
    for (int i = 0; i < count; ++i)
        result.push_back({partition, QByteArray("k"), QByteArray("{\"n\":" + QByteArray::number(i) + '}'), {}, Noon + i * 1000});
    return result;
}

QString toldBy(const Result<StreamList> &listed)
{
    if (!listed)
        return describe(listed.error());
    return listed->problems.empty() ? QString() : describe(listed->problems.front());
}

QString printed(const StreamInfo &stream)
{
    const auto number = [](const std::optional<qint64> &value) { return value ? QString::number(*value) : QStringLiteral("-"); };
    QString text;
    for (const PartitionExtent &extent : stream.partitions)
        text += QStringLiteral("%1:%2..%3..%4 ").arg(extent.partition).arg(number(extent.start), number(extent.safeHead), number(extent.end));
    return text.trimmed();
}

} // namespace

class TestKafkaCatalog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { REQUIRE_KAFKA(); }

    void extentsAreThoseOfTheBroker()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"extents"_qs);
        producer.createTopic(topic, 3, Forever);
        producer.write(topic, records(10, 0));
        producer.write(topic, records(4, 2));
        producer.deleteRecordsBefore(topic, 0, 6);
        const auto connector = openTestKafka();
        const auto listed = list(*connector, {topic});
        QVERIFY2(listed.has_value(), listed ? "" : qPrintable(describe(listed.error())));
        QVERIFY(listed->problems.empty());
        QCOMPARE(listed->streams.size(), size_t(1));
        QCOMPARE(listed->streams[0].kind, u"topic"_qs);
        QCOMPARE(printed(listed->streams[0]), u"0:6..10..10 1:0..0..0 2:0..4..4"_qs);
    }

    void anOpenTransactionHoldsTheSafeHeadBack()
    {
        KafkaProducer producer(tests::kafkaBootstrap(), uniqueName(u"tx"_qs));
        const QString topic = uniqueName(u"held"_qs);
        producer.createTopic(topic, 1, Forever);
        producer.begin();
        producer.write(topic, records(2));
        producer.end(true); // two events and a control record
        producer.begin();
        producer.write(topic, records(5));
        const auto connector = openTestKafka();
        QCOMPARE(printed(list(*connector, {topic})->streams.at(0)), u"0:0..3..8"_qs);
        producer.end(false);
        QTRY_COMPARE_WITH_TIMEOUT(printed(list(*connector, {topic})->streams.at(0)), u"0:0..9..9"_qs, 20'000);
    }

    void timesAreThoseOfTheFirstAndLastEventAlsoBehindControlRecordsAndAbortedOnes()
    {
        const QString topic = uniqueName(u"times"_qs);
        KafkaProducer producer(tests::kafkaBootstrap(), uniqueName(u"tx"_qs));
        producer.createTopic(topic, 2, Forever);
        producer.begin();
        producer.write(topic, records(3));
        producer.end(true);
        producer.begin();
        producer.write(topic, records(40));
        producer.end(false);
        const auto connector = openTestKafka();
        const auto listed = list(*connector, {topic}, true);
        QVERIFY2(listed.has_value() && listed->problems.empty(), qPrintable(toldBy(listed)));
        const PartitionExtent &extent = listed->streams.at(0).partitions.at(0);
        QCOMPARE(extent.firstTime, std::optional(Noon));
        QCOMPARE(extent.lastTime, std::optional(Noon + 2000));
        QVERIFY(!listed->streams.at(0).partitions.at(1).firstTime); // empty is null, not 0
    }

    void retentionAndCleanupPolicyAreTold()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"kept"_qs);
        const QString forever = uniqueName(u"forever"_qs);
        producer.createTopic(topic, 1, {{u"retention.ms"_qs, u"86400000"_qs}, {u"retention.bytes"_qs, u"1048576"_qs}});
        producer.createTopic(forever, 1, {{u"retention.ms"_qs, u"-1"_qs}, {u"cleanup.policy"_qs, u"compact,delete"_qs}});
        const auto listed = list(*openTestKafka(), {topic, forever}, false, true);
        QVERIFY2(listed.has_value() && listed->problems.empty(), qPrintable(toldBy(listed)));
        const auto stream = [&listed](const QString &name) {
            return *std::find_if(listed->streams.cbegin(), listed->streams.cend(), [&name](const StreamInfo &info) { return info.stream == name; });
        };
        QCOMPARE(stream(topic).retentionMs, std::optional<qint64>(86400000));
        QCOMPARE(stream(topic).retentionBytes, std::optional<qint64>(1048576));
        QCOMPARE(stream(topic).cleanupPolicy, u"delete"_qs);
        QCOMPARE(stream(forever).retentionMs, std::optional<qint64>(-1));
        QCOMPARE(stream(forever).cleanupPolicy, u"compact,delete"_qs);
    }

    void internalTopicsAreListedOnlyWhenAskedFor()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"__internal"_qs);
        producer.createTopic(topic, 1, Forever);
        const auto connector = openTestKafka();
        const auto isListed = [&](bool withInternal) {
            StreamListRequest request;
            request.withInternal = withInternal;
            request.withExtents = false;
            const auto listed = answerOf(connector->streamCatalog()->listStreams(request, {}));
            return std::any_of(listed->streams.cbegin(), listed->streams.cend(), [&](const StreamInfo &info) { return info.stream == topic && info.isInternal; });
        };
        QVERIFY(!isListed(false));
        QVERIFY(isListed(true));
        producer.deleteTopic(topic);
    }

    void anUnknownTopicIsAProblemAndIsNotCreated()
    {
        const QString topic = uniqueName(u"nobody-made-this"_qs);
        const auto connector = openTestKafka();
        for (int i = 0; i < 2; ++i) {
            const auto listed = list(*connector, {topic}, true, true);
            QVERIFY(listed.has_value());
            QVERIFY(listed->streams.empty());
            QCOMPARE(listed->problems.size(), size_t(1));
            QCOMPARE(listed->problems[0].code, ErrorCode::NotFound);
            QVERIFY(listed->problems[0].message.contains(topic));
        }
        const auto positions = answerOf(connector->streamCatalog()->positionsAt(topic, Noon, {}));
        QCOMPARE(positions.error().code, ErrorCode::NotFound);
    }

    void positionsAtATimeAreTheFirstEventsNotBeforeIt()
    {
        KafkaProducer producer(tests::kafkaBootstrap());
        const QString topic = uniqueName(u"at-time"_qs);
        producer.createTopic(topic, 2, Forever);
        producer.write(topic, records(10, 0));
        const auto connector = openTestKafka();
        const auto at = [&](EpochMs time) { return *answerOf(connector->streamCatalog()->positionsAt(topic, time, {})); };
        using Positions = std::vector<TimePosition>;
        QCOMPARE(at(Noon + 2500), (Positions{{0, 3}, {1, std::nullopt}}));
        QCOMPARE(at(Noon + 2000), (Positions{{0, 2}, {1, std::nullopt}}));
        QCOMPARE(at(-1), (Positions{{0, 0}, {1, std::nullopt}})); // before 1970, not "the end"
        QCOMPARE(at(Noon + 60'000), (Positions{{0, std::nullopt}, {1, std::nullopt}}));
    }

    void aBrokerThatIsDownIsAnErrorAndNotAnEmptyList()
    {
        const auto connector = *kafka::openKafka(tests::kafkaSpec(u"127.0.0.1:1"_qs), {});
        const auto listed = list(*connector, {});
        QVERIFY(!listed);
        QCOMPARE(listed.error().code, ErrorCode::CannotConnect);
        QVERIFY(listed.error().message.contains(u"127.0.0.1:1"));
    }
};

QTEST_GUILESS_MAIN(TestKafkaCatalog)
#include "tst_kafka_catalog.moc"
