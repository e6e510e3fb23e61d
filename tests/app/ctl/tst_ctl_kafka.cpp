// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/support/kafka_server.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;

/// The command line against a real Kafka.
class TestCtlKafka : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aTopicIsListedWithItsEvents();
    void eventsKeepKeyHeadersAndBody();
    void onePartitionIsReadFromAPosition();
    void aFlowIsFoundInOneTopic();
    void aFlowThatIsNotThereIsStatusOne();
    void appendingToATopicIsRefused();
    void aTopicThatDoesNotExistIsNotMade();

private:
    CtlProcess m_ctl;
    QString m_address;
    QString m_topic;
};

void TestCtlKafka::initTestCase()
{
    REQUIRE_KAFKA();
    m_address = QStringLiteral("kafka://") + tests::kafkaBootstrap();
    m_topic = tests::uniqueName(QStringLiteral("ctl"));
    tests::KafkaProducer producer(tests::kafkaBootstrap());
    producer.createTopic(m_topic, 3);
    std::vector<tests::TestRecord> records;
    for (int i = 0; i < 30; ++i) {
        tests::TestRecord record;
        record.partition = i % 3;
        record.key = "order-" + QByteArray::number(i);
        record.value = R"({"eventId":"e)" + QByteArray::number(i) + R"(","eventType":"OrderPlaced","aggregateId":"order-)" + QByteArray::number(i)
            + R"(","correlationId":"flow-)" + QByteArray::number(i % 5) + R"(","amount":9007199254740993})";
        record.headers = {{"h", "one"}, {"h", "two"}, {"none", std::nullopt}};
        records.push_back(record);
    }
    producer.write(m_topic, records);
}

void TestCtlKafka::aTopicIsListedWithItsEvents()
{
    const CtlRun streams = m_ctl.run({QStringLiteral("streams"), m_address, QStringLiteral("--json"), QStringLiteral("--times")});
    QCOMPARE(streams.status, 0);
    QJsonValue topic;
    for (const QJsonValue &each : streams.json().array())
        if (each[u"stream"].toString() == m_topic)
            topic = each;
    QCOMPARE(topic[u"partitions"].toInteger(), 3);
    QCOMPARE(topic[u"events"].toInteger(), 30);
    QVERIFY(topic[u"bytes"].isNull());
    QVERIFY(!topic[u"firstTime"].toString().isEmpty());
}

void TestCtlKafka::eventsKeepKeyHeadersAndBody()
{
    const CtlRun events = m_ctl.run({QStringLiteral("events"), m_address, m_topic});
    QCOMPARE(events.status, 0);
    QCOMPARE(events.lines().size(), 30);
    QVERIFY(events.out.contains(R"("amount":9007199254740993)"));
    QVERIFY(events.out.contains(R"("headers":[["h","one"],["h","two"],["none",null]])"));
    QVERIFY(events.err.startsWith(QStringLiteral("Scanned 30, matched 30")));
}

void TestCtlKafka::onePartitionIsReadFromAPosition()
{
    const CtlRun events = m_ctl.run({QStringLiteral("events"), m_address, m_topic, QStringLiteral("--partition"), QStringLiteral("1"), QStringLiteral("--from"),
                                     QStringLiteral("4"), QStringLiteral("--limit"), QStringLiteral("2")});
    QCOMPARE(events.status, 0);
    QCOMPARE(events.lines().size(), 2);
    const QJsonObject first = QJsonDocument::fromJson(events.lines().first().toUtf8()).object();
    QCOMPARE(first[QStringLiteral("partition")].toInteger(), 1);
    QCOMPARE(first[QStringLiteral("position")].toInteger(), 4);
}

void TestCtlKafka::aFlowIsFoundInOneTopic()
{
    const CtlRun trace = m_ctl.run({QStringLiteral("trace"), m_address, QStringLiteral("--correlation"), QStringLiteral("flow-2"), QStringLiteral("--stream"), m_topic,
                                    QStringLiteral("--json")});
    QCOMPARE(trace.status, 0);
    QCOMPARE(trace.json()[u"events"].toArray().size(), 6);
    const QJsonArray searched = trace.json()[u"searched"].toArray();
    QCOMPARE(searched.size(), 1);
    QCOMPARE(searched.first()[u"events"].toInteger(), 30);
    QVERIFY(searched.first()[u"complete"].toBool());
}

void TestCtlKafka::aFlowThatIsNotThereIsStatusOne()
{
    const CtlRun trace = m_ctl.run({QStringLiteral("trace"), m_address, QStringLiteral("--find"), QStringLiteral("no such text"), QStringLiteral("--stream"), m_topic});
    QCOMPARE(trace.status, 1);
}

void TestCtlKafka::appendingToATopicIsRefused()
{
    const CtlRun append = m_ctl.run({QStringLiteral("append"), m_address, QStringLiteral("--stream"), m_topic}, R"({"eventType":"X"})");
    QCOMPARE(append.status, 1);
    QVERIFY(!append.err.isEmpty());
}

void TestCtlKafka::aTopicThatDoesNotExistIsNotMade()
{
    const QString name = tests::uniqueName(QStringLiteral("missing"));
    QCOMPARE(m_ctl.run({QStringLiteral("events"), m_address, name}).status, 1);
    QVERIFY(!m_ctl.run({QStringLiteral("streams"), m_address}).out.contains(name.toUtf8()));
}

QTEST_GUILESS_MAIN(TestCtlKafka)
#include "tst_ctl_kafka.moc"
