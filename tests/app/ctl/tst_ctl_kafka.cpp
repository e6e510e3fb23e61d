// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/support/kafka_server.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <csignal>

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
    void bodiesThatAreHostileAreToldAsTheyAre();
    void bodiesOfThirtyMegabytesComeWhole();
    void aSignalEndsATailWell_data();
    void aSignalEndsATailWell();
    void onePartitionIsReadFromAPosition();
    void aFlowIsFoundInOneTopic();
    void aFlowThatIsNotThereIsStatusOne();
    void appendingToATopicIsRefused();
    void aTopicThatDoesNotExistIsNotMade();
    void theJournalsSecondCopyMayBeATopic();

private:
    [[nodiscard]] QString makeTopic(const std::vector<tests::TestRecord> &records)
    {
        const QString topic = tests::uniqueName(QStringLiteral("ctl"));
        tests::KafkaProducer producer(tests::kafkaBootstrap());
        producer.createTopic(topic, 1, {{QStringLiteral("max.message.bytes"), QStringLiteral("41943040")}});
        producer.write(topic, records);
        return topic;
    }

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

void TestCtlKafka::bodiesThatAreHostileAreToldAsTheyAre()
{
    const QByteArray deep = QByteArray(100'000, '[') + QByteArray(100'000, ']');
    const std::vector<std::optional<QByteArray>> bodies{std::nullopt, "", R"({"a":[1,)", deep, QByteArray("{\"a\":\"x\0y\"}", 11), "{\"a\":\"\xff\xfe\"}",
                                                        R"({ "n" : 9007199254740993, "d": 1.10, "t": "<img src=file:///dev/zero>\u0000" })"};
    std::vector<tests::TestRecord> records;
    for (const auto &body : bodies)
        records.push_back({0, "<b>key</b>", body, {{"<b>h</b>", "<img src=file:///dev/zero>"}, {"<b>h</b>", "\xff"}}, 0});
    const CtlRun events = m_ctl.run({QStringLiteral("events"), m_address, makeTopic(records)});
    QCOMPARE(events.status, 0);
    const QList<QByteArray> lines = events.out.trimmed().split('\n');
    QCOMPARE(lines.size(), std::ssize(bodies));
    const auto notJson = [](const QByteArray &body) -> QByteArray {
        return ",\"payload\":null,\"payloadBase64\":\"" + body.toBase64() + "\",\"size\":" + QByteArray::number(body.size()) + '}';
    };
    const QByteArray keyAndHeaders(R"(,"key":"<b>key</b>","headers":[["<b>h</b>","<img src=file:///dev/zero>"],["<b>h</b>",{"base64":"/w=="}]],)");
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QVERIFY2(lines[i].contains(keyAndHeaders), lines[i].left(300).constData());
        if (i >= 2 && i <= 5)
            QVERIFY2(lines[i].endsWith(notJson(*bodies[static_cast<size_t>(i)])), lines[i].right(300).constData());
    }
    const QByteArray exact(R"(,"payload":{"n":9007199254740993,"d":1.10,"t":"<img src=file:///dev/zero>\u0000"},"size":78})");
    QVERIFY2(lines[0].endsWith(",\"payload\":null,\"size\":null}"), lines[0].constData());
    QVERIFY2(lines[1].endsWith(",\"payload\":null,\"size\":0}"), lines[1].constData());
    QVERIFY2(lines[6].endsWith(exact), lines[6].constData());
    QVERIFY2(events.err.startsWith(QStringLiteral("Scanned 7, matched 7, undecodable 4, not filterable 0")), qPrintable(events.err));
}

void TestCtlKafka::bodiesOfThirtyMegabytesComeWhole()
{
    constexpr qint64 Bodies = 2;
    constexpr qint64 Size = 30'000'000;
    const QByteArray body = "{\"data\":\"" + QByteArray(Size - 11, 'x') + "\"}";
    const QString topic = makeTopic(std::vector<tests::TestRecord>(Bodies, {0, "k", body, {}, 0}));
    const QString file = m_ctl.path(QStringLiteral("events.ndjson"));
    const CtlRun events = m_ctl.runInto(file, {QStringLiteral("events"), m_address, topic});
    QCOMPARE(events.status, 0);
    QFile lines(file);
    QVERIFY(lines.open(QIODevice::ReadOnly));
    const QByteArray end = ",\"payload\":" + body + ",\"size\":" + QByteArray::number(Size) + "}\n";
    for (qint64 i = 0; i < Bodies; ++i)
        QVERIFY(lines.readLine().endsWith(end));
    QVERIFY(lines.atEnd());
}

void TestCtlKafka::aSignalEndsATailWell_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl+C") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestCtlKafka::aSignalEndsATailWell()
{
    QFETCH(int, signal);
    QProcess tail;
    m_ctl.start(&tail, {QStringLiteral("events"), m_address, m_topic, QStringLiteral("--follow")});
    QByteArray out;
    const auto hasCome = [&] {
        out += tail.readAllStandardOutput();
        return out.count('\n') == 30;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasCome(), 60'000);
    ::kill(static_cast<pid_t>(tail.processId()), signal);
    QVERIFY(tail.waitForFinished(60'000));
    QCOMPARE(tail.exitStatus(), QProcess::NormalExit);
    QCOMPARE(tail.exitCode(), 0);
    const QByteArray said = tail.readAllStandardError();
    QVERIFY2(said.startsWith("Scanned 30, matched 30") && said.endsWith("stopped because it was interrupted.\n"), said.constData());
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
    // Every partition by itself: they have offsets of their own.
    const QJsonArray partitions = searched.first()[u"partitions"].toArray();
    QCOMPARE(partitions.size(), 3);
    qint64 events = 0;
    for (const QJsonValue &partition : partitions) {
        QCOMPARE(partition[u"to"].toInteger() - partition[u"from"].toInteger(), partition[u"events"].toInteger());
        events += partition[u"events"].toInteger();
    }
    QCOMPARE(events, 30);
    const CtlRun text = m_ctl.run({QStringLiteral("trace"), m_address, QStringLiteral("--correlation"), QStringLiteral("flow-2"), QStringLiteral("--stream"), m_topic});
    QVERIFY2(text.err.contains(QStringLiteral("Searched %1: 30 events in 3 partitions.").arg(m_topic)), qPrintable(text.err));
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

void TestCtlKafka::theJournalsSecondCopyMayBeATopic()
{
    CtlProcess ctl;
    const QString shop = ctl.makeShop(100);
    const auto reset = [&ctl, &shop](const QString &topic) {
        ctl.setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), QStringLiteral("kafka://") + tests::kafkaBootstrap() + u'/' + topic);
        return ctl.run({QStringLiteral("reset"), shop, QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"), QStringLiteral("earliest"), QStringLiteral("--execute"),
                        QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("OPS-1")});
    };
    const QString missing = tests::uniqueName(QStringLiteral("journal"));
    const CtlRun refused = reset(missing);
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(missing), qPrintable(refused.err));
    QVERIFY(!m_ctl.run({QStringLiteral("streams"), m_address}).out.contains(missing.toUtf8()));
    QCOMPARE(ctl.run({QStringLiteral("journal"), QStringLiteral("--json")}).json().array().size(), 0);

    const QString copy = makeTopic({});
    const CtlRun done = reset(copy);
    QVERIFY2(done.status == 0, qPrintable(done.err));
    const QByteArray lines = m_ctl.run({QStringLiteral("events"), m_address, copy}).out;
    for (const char *state : {"PLANNED", "APPROVED", "INTENT", "DONE"})
        QVERIFY2(lines.contains(QByteArray(state)), lines.constData());
}

QTEST_GUILESS_MAIN(TestCtlKafka)
#include "tst_ctl_kafka.moc"
