// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlRun;
using tests::memberNames;

namespace {

QStringList sorted(const char *names)
{
    QStringList list = QString::fromLatin1(names).split(u' ');
    list.sort();
    return list;
}

} // namespace

/// Every command that only looks, on a shop at rest.
class TestCtlReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_address = m_ctl.makeShop(3000);
        QVERIFY(!m_address.isEmpty());
    }
    void streamsHaveTheirFields();
    void timesOfStreamsAreOnlyToldWhenAsked();
    void lagHasARowForEveryConsumerAndPartition();
    void aTimeLagIsToldWhenAsked();
    void anUnknownGroupIsNotFound();
    void aConsumerThatHasLeftHasNoMembers();
    void eventsAreOneObjectALine();
    void aRangeOfEventsIsHalfOpen();
    void aPositionBeyondTheEndIsRefusedWithTheRange();
    void aTimeWithoutAMatchIsTold();
    void aLimitEndsAndSaysSo();
    void aStreamThatDoesNotExistIsNotFound();
    void aTraceIsAGraphOfTheWholeFlow();
    void aTraceIsFoundByWhateverIsKnown_data();
    void aTraceIsFoundByWhateverIsKnown();
    void aTraceIsPrintedInEveryFormat_data();
    void aTraceIsPrintedInEveryFormat();
    void aTraceThatIsNotThereIsStatusOne();
    void aSystemThatIsDownDoesNotKeepWhatAnotherTells();
    void waitingEndsWhenTheLagIsSmall();
    void healthTellsWhatIsWrong();

private:
    [[nodiscard]] CtlRun run(const QStringList &arguments) { return m_ctl.run(arguments); }
    [[nodiscard]] QJsonObject anEvent();

    tests::CtlProcess m_ctl;
    QString m_address;
};

QJsonObject TestCtlReading::anEvent()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--limit"), QStringLiteral("1")});
    return QJsonDocument::fromJson(events.out).object();
}

void TestCtlReading::streamsHaveTheirFields()
{
    const CtlRun streams = run({QStringLiteral("streams"), m_address, QStringLiteral("--json")});
    QCOMPARE(streams.status, 0);
    const QJsonArray array = streams.json().array();
    QVERIFY(array.size() >= 5);
    QCOMPARE(memberNames(array.first()), sorted("stream kind partitions events bytes firstTime lastTime"));
    QCOMPARE(array.first()[u"partitions"].toInteger(), 1);
    QVERIFY(array.first()[u"events"].toInteger() > 0);
    QVERIFY(array.first()[u"bytes"].isNull());
    QVERIFY(array.first()[u"firstTime"].isNull());
}

void TestCtlReading::timesOfStreamsAreOnlyToldWhenAsked()
{
    const CtlRun streams = run({QStringLiteral("streams"), m_address, QStringLiteral("--json"), QStringLiteral("--times")});
    const QJsonValue first = streams.json().array().first();
    static const QRegularExpression time(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"));
    QVERIFY(time.match(first[u"firstTime"].toString()).hasMatch());
    QVERIFY(first[u"firstTime"].toString() <= first[u"lastTime"].toString());
}

void TestCtlReading::lagHasARowForEveryConsumerAndPartition()
{
    const CtlRun lag = run({QStringLiteral("lag"), m_address, QStringLiteral("--json")});
    QCOMPARE(lag.status, 0);
    const QJsonArray rows = lag.json().array();
    QCOMPARE(rows.size(), 5);
    QStringList order;
    for (const QJsonValue &row : rows) {
        QCOMPARE(memberNames(row), sorted("group stream partition checkpoint start safeHead end lag lost timeLagMs state verdict since member host rateIn rateOut runwayMs heldBackBy"));
        QVERIFY(row[u"timeLagMs"].isNull() && row[u"member"].isNull() && row[u"verdict"].isNull());
        QVERIFY(row[u"checkpoint"].toInteger() > 0 && row[u"checkpoint"].toInteger() <= row[u"end"].toInteger());
        QVERIFY(row[u"lost"].isNull());
        order += row[u"group"].toString() + row[u"stream"].toString();
    }
    QVERIFY(std::is_sorted(order.cbegin(), order.cend()));
    const CtlRun one = run({QStringLiteral("lag"), m_address, QStringLiteral("--group"), QStringLiteral("payment"), QStringLiteral("--group"),
                            QStringLiteral("stock"), QStringLiteral("--json")});
    QCOMPARE(one.json().array().size(), 2);
}

void TestCtlReading::aTimeLagIsToldWhenAsked()
{
    const CtlRun lag = run({QStringLiteral("lag"), m_address, QStringLiteral("--time-lag"), QStringLiteral("--json")});
    QCOMPARE(lag.status, 0);
    for (const QJsonValue &row : lag.json().array())
        QVERIFY(row[u"lag"].toInteger() == 0 ? row[u"timeLagMs"].toInteger() == 0 : row[u"timeLagMs"].toInteger() > 0);
}

void TestCtlReading::anUnknownGroupIsNotFound()
{
    for (const QStringList &command : {QStringList{QStringLiteral("lag"), m_address, QStringLiteral("--group"), QStringLiteral("nobody")},
                                       QStringList{QStringLiteral("members"), m_address, QStringLiteral("nobody")}}) {
        const CtlRun missing = run(command + QStringList{QStringLiteral("--json")});
        QCOMPARE(missing.status, 1);
        QVERIFY(missing.err.contains(QStringLiteral("nobody")));
        QCOMPARE(missing.json()[u"refused"][u"code"].toString(), QStringLiteral("notFound"));
    }
}

void TestCtlReading::aConsumerThatHasLeftHasNoMembers()
{
    const CtlRun members = run({QStringLiteral("members"), m_address, QStringLiteral("payment"), QStringLiteral("--json")});
    QCOMPARE(members.status, 0);
    QVERIFY(members.json().isArray() && members.json().array().isEmpty());
}

void TestCtlReading::eventsAreOneObjectALine()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("order-*")});
    QCOMPARE(events.status, 0);
    const QStringList lines = events.lines();
    QVERIFY(lines.size() > 100);
    const QJsonValue event(QJsonDocument::fromJson(lines.first().toUtf8()).object());
    QCOMPARE(memberNames(event), sorted("stream partition position time key headers envelope payload size"));
    QCOMPARE(memberNames(event[u"envelope"]), sorted("eventId eventType aggregateId timestamp version correlationId causationId"));
    QVERIFY(events.err.startsWith(QStringLiteral("Scanned %1, matched %1, undecodable 0, not filterable 0").arg(lines.size())));
}

void TestCtlReading::aRangeOfEventsIsHalfOpen()
{
    const qint64 position = anEvent()[QStringLiteral("position")].toInteger();
    const CtlRun one = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--from"), QString::number(position),
                            QStringLiteral("--to"), QString::number(position + 1)});
    QCOMPARE(one.lines().size(), 1);
    const CtlRun none = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--to"), QString::number(position)});
    QCOMPARE(none.status, 0);
    QVERIFY(none.out.isEmpty());
    const CtlRun empty = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--from"), QString::number(position),
                              QStringLiteral("--to"), QStringLiteral("2000-01-01T00:00:00Z")});
    QCOMPARE(empty.status, 0);
    QVERIFY2(empty.err.contains(QStringLiteral("stopped because the range is empty")), qPrintable(empty.err));
    const CtlRun reversed = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--from"), QStringLiteral("10"), QStringLiteral("--to"), QStringLiteral("5")});
    QCOMPARE(reversed.status, 2);
    QVERIFY2(reversed.err.contains(QStringLiteral("“10”")) && reversed.err.contains(QStringLiteral("“5”")), qPrintable(reversed.err));
}

void TestCtlReading::aPositionBeyondTheEndIsRefusedWithTheRange()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--from"), QStringLiteral("99999999")});
    QCOMPARE(events.status, 1);
    QVERIFY(events.out.isEmpty());
    QVERIFY2(events.err.contains(QStringLiteral("Position 99999999 cannot be read")) && events.err.contains(QStringLiteral("holds positions 1 to ")), qPrintable(events.err));
}

void TestCtlReading::aTimeWithoutAMatchIsTold()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("payment-*"), QStringLiteral("--from"), QStringLiteral("2100-01-01T00:00:00Z")});
    QCOMPARE(events.status, 0);
    QVERIFY(events.out.isEmpty());
    QVERIFY2(events.err.contains(QStringLiteral("No event at or after 2100-01-01T00:00:00.000Z in payment-*; stopped because ")), qPrintable(events.err));
}

void TestCtlReading::aLimitEndsAndSaysSo()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("order-*"), QStringLiteral("--from"), QStringLiteral("last:10"),
                               QStringLiteral("--limit"), QStringLiteral("3")});
    QCOMPARE(events.status, 0);
    QCOMPARE(events.lines().size(), 3);
    QVERIFY(events.err.contains(QStringLiteral("the limit was reached")));
}

void TestCtlReading::aStreamThatDoesNotExistIsNotFound()
{
    const CtlRun events = run({QStringLiteral("events"), m_address, QStringLiteral("no-such-stream")});
    QCOMPARE(events.status, 1);
    QVERIFY(events.err.contains(QStringLiteral("no-such-stream")));
    QVERIFY2(events.err.endsWith(QStringLiteral("Scanned 0, matched 0, undecodable 0, not filterable 0; stopped because it failed.\n")), qPrintable(events.err));
}

void TestCtlReading::aTraceIsAGraphOfTheWholeFlow()
{
    const QString flow = anEvent()[QStringLiteral("envelope")][u"correlationId"].toString();
    const CtlRun trace = run({QStringLiteral("trace"), m_address, QStringLiteral("--correlation"), flow, QStringLiteral("--json")});
    QCOMPARE(trace.status, 0);
    const QJsonDocument json = trace.json();
    QCOMPARE(memberNames(json.object()), sorted("correlationId events edges roots missing cycles duplicates searched"));
    QCOMPARE(json[u"correlationId"].toString(), flow);
    const QJsonArray events = json[u"events"].toArray();
    QVERIFY(events.size() > 3);
    for (const QJsonValue &event : events) {
        QCOMPARE(event[u"connection"].toString(), m_address);
        QCOMPARE(event[u"envelope"][u"correlationId"].toString(), flow);
    }
    QCOMPARE(json[u"roots"].toArray().size(), 1);
    QVERIFY(json[u"cycles"].toArray().isEmpty() && json[u"missing"].toArray().isEmpty());
    QCOMPARE(json[u"edges"].toArray().first()[u"kind"].toString(), QStringLiteral("causation"));
    const QJsonValue searched = json[u"searched"].toArray().first();
    QVERIFY(searched[u"complete"].toBool());
    QCOMPARE(memberNames(searched), sorted("stream from to events complete partitions"));
    QCOMPARE(searched[u"partitions"][0][u"to"].toInteger(-1), searched[u"to"].toInteger(-2));
}

void TestCtlReading::aTraceIsFoundByWhateverIsKnown_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("member");
    QTest::newRow("event") << QStringLiteral("--event") << QStringLiteral("eventId");
    QTest::newRow("aggregate") << QStringLiteral("--aggregate") << QStringLiteral("aggregateId");
    QTest::newRow("text") << QStringLiteral("--find") << QStringLiteral("eventId");
}

void TestCtlReading::aTraceIsFoundByWhateverIsKnown()
{
    QFETCH(QString, option);
    QFETCH(QString, member);
    const QJsonValue envelope = anEvent()[QStringLiteral("envelope")];
    const CtlRun trace = run({QStringLiteral("trace"), m_address, option, envelope[member].toString(), QStringLiteral("--json")});
    QCOMPARE(trace.status, 0);
    QCOMPARE(trace.json()[u"correlationId"].toString(), envelope[u"correlationId"].toString());
}

void TestCtlReading::aTraceIsPrintedInEveryFormat_data()
{
    QTest::addColumn<QByteArray>("beginning");
    QTest::newRow("text") << QByteArray();
    QTest::newRow("json") << QByteArray("{\"correlationId\"");
    QTest::newRow("dot") << QByteArray("digraph");
    QTest::newRow("mermaid") << QByteArray("flowchart");
    QTest::newRow("svg") << QByteArray("<");
}

void TestCtlReading::aTraceIsPrintedInEveryFormat()
{
    QFETCH(QByteArray, beginning);
    const QString flow = anEvent()[QStringLiteral("envelope")][u"correlationId"].toString();
    const CtlRun trace = run({QStringLiteral("trace"), m_address, QStringLiteral("--correlation"), flow, QStringLiteral("--format"),
                              QString::fromLatin1(QTest::currentDataTag())});
    QCOMPARE(trace.status, 0);
    QVERIFY2(trace.out.startsWith(beginning), trace.out.constData());
    QVERIFY(trace.out.contains("OrderPlaced"));
}

void TestCtlReading::aTraceThatIsNotThereIsStatusOne()
{
    const CtlRun trace = run({QStringLiteral("trace"), m_address, QStringLiteral("--correlation"), QStringLiteral("nothing"), QStringLiteral("--json")});
    QCOMPARE(trace.status, 1);
    QCOMPARE(trace.json()[u"correlationId"].toString(), QStringLiteral("nothing"));
    QVERIFY(trace.json()[u"events"].toArray().isEmpty());
    QVERIFY(!trace.json()[u"searched"].toArray().isEmpty());
    QVERIFY(run({QStringLiteral("trace"), m_address, QStringLiteral("--event"), QStringLiteral("nothing"), QStringLiteral("--json")}).json()[u"correlationId"].isNull());
}

void TestCtlReading::aSystemThatIsDownDoesNotKeepWhatAnotherTells()
{
    const QString down = QStringLiteral("kafka://127.0.0.1:1");
    const QString flow = anEvent()[QStringLiteral("envelope")][u"correlationId"].toString();
    const CtlRun trace = run({QStringLiteral("trace"), down, m_address, QStringLiteral("--correlation"), flow, QStringLiteral("--json")});
    QCOMPARE(trace.status, 4);
    QVERIFY(trace.json()[u"events"].toArray().size() > 3);
    QVERIFY2(trace.err.contains(QStringLiteral("127.0.0.1:1")), qPrintable(trace.err));
    QCOMPARE(run({QStringLiteral("trace"), down, QStringLiteral("--correlation"), flow}).status, 3);
}

void TestCtlReading::waitingEndsWhenTheLagIsSmall()
{
    QCOMPARE(run({QStringLiteral("wait"), m_address, QStringLiteral("payment"), QStringLiteral("--lag"), QStringLiteral("1000000"), QStringLiteral("--timeout"),
                  QStringLiteral("30s")}).status, 0);
    QCOMPARE(m_ctl.run({QStringLiteral("append"), m_address}, R"({"eventType":"X","stream":"saga-9"})").status, 0);
    const CtlRun late = run({QStringLiteral("wait"), m_address, QStringLiteral("payment"), QStringLiteral("--lag"), QStringLiteral("0"), QStringLiteral("--timeout"),
                             QStringLiteral("10ms")});
    QCOMPARE(late.status, 1);
    QVERIFY(late.err.contains(QStringLiteral("payment")));
}

void TestCtlReading::healthTellsWhatIsWrong()
{
    const CtlRun health = run({QStringLiteral("health"), m_address, QStringLiteral("--json")});
    QCOMPARE(health.status, 1); // nobody reads
    const QJsonValue first = health.json().array().first();
    QVERIFY(!first[u"healthy"].toBool());
    QCOMPARE(first[u"consumers"].toInteger(), 5);
    QVERIFY(health.err.contains(QStringLiteral("noMembers")));
    const QJsonValue missing = run({QStringLiteral("health"), m_address + QStringLiteral(".missing"), QStringLiteral("--json")}).json().array().first();
    QVERIFY(!missing[u"healthy"].toBool());
    QVERIFY(missing[u"consumers"].isNull()); // not known is not none
}

QTEST_GUILESS_MAIN(TestCtlReading)
#include "tst_ctl_reading.moc"
