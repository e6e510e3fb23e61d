// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;

class TestCtlAppend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_ctl = std::make_unique<CtlProcess>(); }
    void aPositionIsPrintedForEveryLine();
    void numbersStayAsTheyAreWritten();
    void largeEventsAreStoredAndPrintedWhole();
    void theStreamIsTheOptionThenTheEventsThenTheAggregate();
    void aWrongExpectedVersionSaysBothVersions();
    void aKnownEventWithAnEqualBodyGivesItsPosition();
    void aKnownEventWithAnythingElseIsRefused_data();
    void aKnownEventWithAnythingElseIsRefused();
    void whatTheStoreChoseItselfIsNotCompared();
    void aConflictNamesItsLine_data();
    void aConflictNamesItsLine();
    void aBadLineIsNamedAndItsTransactionIsNotStored_data();
    void aBadLineIsNamedAndItsTransactionIsNotStored();
    void aLineMayHaveManyMembers();
    void whatWasCommittedBeforeABadLineStays();
    void aFileThatIsNoStoreIsRefused();

private:
    [[nodiscard]] CtlRun append(const QByteArray &input, const QStringList &more = {})
    {
        return m_ctl->run(QStringList{QStringLiteral("append"), address()} + more, input);
    }
    [[nodiscard]] QString address() const { return QStringLiteral("sqlite:") + m_ctl->path(QStringLiteral("store.db")); }
    [[nodiscard]] qsizetype storedEvents()
    {
        return m_ctl->run({QStringLiteral("events"), address(), QStringLiteral("o-*")}).lines().size();
    }

    std::unique_ptr<CtlProcess> m_ctl;
};

namespace {

const QByteArray KnownLine = R"({"eventId":"known","eventType":"OrderPlaced","aggregateId":"o-1","stream":"s-1","timestamp":"2026-01-02T10:00:00Z","version":7,)"
                             R"("correlationId":"c-1","causationId":"p-1","schemaVersion":3,"payload":{"n":1},"metadata":{"by":"x"}})"
                             "\n";

QByteArray lineOf(const QByteArray &id, const QByteArray &rest = {})
{
    return R"({"eventId":")" + id + R"(","eventType":"OrderPlaced","aggregateId":"o-1")" + (rest.isEmpty() ? rest : ',' + rest) + "}\n";
}

} // namespace

void TestCtlAppend::aPositionIsPrintedForEveryLine()
{
    const CtlRun run = append(lineOf("a") + "\n" + lineOf("b"));
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out, QByteArray("1\n2\n"));
}

void TestCtlAppend::numbersStayAsTheyAreWritten()
{
    QCOMPARE(append(lineOf("a", R"("amount":9007199254740993,"rate":0.10,"huge":123456789012345678901234567890)")).status, 0);
    const CtlRun events = m_ctl->run({QStringLiteral("events"), address(), QStringLiteral("o-1")});
    QVERIFY2(events.out.contains(R"("payload":{"amount":9007199254740993,"rate":0.10,"huge":123456789012345678901234567890})"), events.out.constData());
}

/// Together they are more than passes a worker at once, and each is more than a page.
void TestCtlAppend::largeEventsAreStoredAndPrintedWhole()
{
    QByteArray lines;
    std::vector<QByteArray> fillings;
    for (const char filling : {'a', 'b', 'c', 'd', 'e'}) {
        fillings.push_back(R"("filling":")" + QByteArray(14'000'000, filling) + '"');
        lines += lineOf(QByteArray(1, filling), fillings.back());
    }
    const CtlRun run = append(lines);
    QVERIFY2(run.status == 0, qPrintable(run.err));
    QCOMPARE(run.out, QByteArray("1\n2\n3\n4\n5\n"));
    const CtlRun events = m_ctl->run({QStringLiteral("events"), address(), QStringLiteral("o-1")});
    QVERIFY2(events.status == 0, qPrintable(events.err));
    const QByteArrayList printed = events.out.trimmed().split('\n');
    QCOMPARE(printed.size(), 5);
    for (size_t i = 0; i < fillings.size(); ++i) {
        const QByteArray payload = "{" + fillings[i] + "}";
        const QByteArray end = ",\"payload\":" + payload + ",\"size\":" + QByteArray::number(payload.size()) + "}";
        QVERIFY(printed[static_cast<qsizetype>(i)].endsWith(end));
    }
}

void TestCtlAppend::theStreamIsTheOptionThenTheEventsThenTheAggregate()
{
    QCOMPARE(append(lineOf("a") + lineOf("b", R"("stream":"own-1")")).status, 0);
    QCOMPARE(append(lineOf("c", R"("stream":"own-1")"), {QStringLiteral("--stream"), QStringLiteral("all-1")}).status, 0);
    for (const char *stream : {"o-1", "own-1", "all-1"})
        QCOMPARE(m_ctl->run({QStringLiteral("events"), address(), QString::fromLatin1(stream)}).lines().size(), 1);
}

void TestCtlAppend::aWrongExpectedVersionSaysBothVersions()
{
    QCOMPARE(append(lineOf("a", R"("expectedVersion":0)") + lineOf("b", R"("expectedVersion":1)")).status, 0);
    const CtlRun run = append(lineOf("c", R"("expectedVersion":7)"), {QStringLiteral("--json")});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(u'7') && run.err.contains(u'2'), qPrintable(run.err));
    QCOMPARE(run.json()[u"refused"][u"code"].toString(), QStringLiteral("conflict"));
}

void TestCtlAppend::aKnownEventWithAnEqualBodyGivesItsPosition()
{
    QCOMPARE(append(lineOf("a") + lineOf("b")).status, 0);
    const CtlRun run = append(lineOf("a") + lineOf("c"));
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out, QByteArray("1\n3\n"));
}

void TestCtlAppend::aKnownEventWithAnythingElseIsRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("said");
    const auto known = [](const QByteArray &from, const QByteArray &to) {
        QByteArray line = KnownLine;
        return line.replace(from, to);
    };
    QTest::newRow("body") << known("\"n\":1", "\"n\":2") << QStringLiteral("its body is another");
    QTest::newRow("metadata") << known("\"by\":\"x\"", "\"by\":\"y\"") << QStringLiteral("its metadata is another");
    QTest::newRow("no metadata") << known(",\"metadata\":{\"by\":\"x\"}", "") << QStringLiteral("its metadata is another");
    QTest::newRow("stream") << known("s-1", "s-2") << QStringLiteral("its stream is “s-1”, not “s-2”");
    QTest::newRow("type") << known("OrderPlaced", "OrderPaid") << QStringLiteral("its eventType is “OrderPlaced”, not “OrderPaid”");
    QTest::newRow("aggregate") << known("o-1", "o-2") << QStringLiteral("its aggregateId is “o-1”, not “o-2”");
    QTest::newRow("flow") << known("c-1", "c-2") << QStringLiteral("its correlationId is “c-1”, not “c-2”");
    QTest::newRow("no flow") << known("\"c-1\"", "null") << QStringLiteral("its correlationId is “c-1”, not “”");
    QTest::newRow("cause") << known("p-1", "p-2") << QStringLiteral("its causationId is “p-1”, not “p-2”");
    QTest::newRow("time") << known("10:00", "11:00") << QStringLiteral("its timestamp is “2026-01-02T10:00:00Z”, not “2026-01-02T11:00:00Z”");
    QTest::newRow("version") << known("\"version\":7", "\"version\":8") << QStringLiteral("its version is 7, not 8");
    QTest::newRow("schema version") << known("\"schemaVersion\":3", "\"schemaVersion\":4") << QStringLiteral("its schemaVersion is 3, not 4");
}

void TestCtlAppend::aKnownEventWithAnythingElseIsRefused()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, said);
    QVERIFY(line != KnownLine);
    QCOMPARE(append(KnownLine).status, 0);
    QCOMPARE(append(KnownLine).out, QByteArray("1\n")); // the same once more
    const CtlRun run = append(line);
    QCOMPARE(run.status, 1);
    QVERIFY(run.out.isEmpty());
    QVERIFY2(run.err.contains(QStringLiteral("Event known is already stored at position 1 of stream s-1")) && run.err.contains(said), qPrintable(run.err));
}

void TestCtlAppend::whatTheStoreChoseItselfIsNotCompared()
{
    // Neither a time nor a version is given, so both are the store's.
    QCOMPARE(append(lineOf("a") + lineOf("b")).status, 0);
    const CtlRun run = append(lineOf("c") + lineOf("b"));
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out, QByteArray("3\n2\n"));
}

void TestCtlAppend::aConflictNamesItsLine_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("another expected version") << lineOf("x", R"("expectedVersion":7)");
    QTest::newRow("a known id") << lineOf("first", R"("n":2)");
    QTest::newRow("a reserved stream") << lineOf("x", R"("stream":"$all")");
}

void TestCtlAppend::aConflictNamesItsLine()
{
    QFETCH(QByteArray, line);
    QCOMPARE(append(lineOf("first")).status, 0);
    const CtlRun run = append(lineOf("a") + "\n" + line + lineOf("b"), {QStringLiteral("--json")});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(QStringLiteral("Line 3: ")) && run.err.contains(QStringLiteral("Lines 1 to 4 are one transaction, of which nothing is stored.")),
             qPrintable(run.err));
    QVERIFY(run.json()[u"refused"][u"message"].toString().startsWith(QStringLiteral("Line 3: ")));
    QCOMPARE(storedEvents(), 1);
}

void TestCtlAppend::aBadLineIsNamedAndItsTransactionIsNotStored_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("no JSON") << QByteArray("{oops\n");
    QTest::newRow("no object") << QByteArray("[1]\n");
    QTest::newRow("truncated") << QByteArray(R"({"eventType":"X")");
    QTest::newRow("no type") << QByteArray(R"({"aggregateId":"o-1"})");
    QTest::newRow("no stream") << QByteArray(R"({"eventType":"X"})");
    QTest::newRow("a type that is no text") << QByteArray(R"({"eventType":1,"aggregateId":"o-1"})");
    QTest::newRow("a member twice") << QByteArray(R"({"eventType":"X","eventType":"Y","aggregateId":"o-1"})");
    QTest::newRow("no time") << lineOf("x", R"("timestamp":"soon")");
    QTest::newRow("no UTF-8") << QByteArray("{\"eventType\":\"\xff\",\"aggregateId\":\"o-1\"}");
    QTest::newRow("a thousand levels") << lineOf("x", "\"deep\":" + QByteArray(1000, '[') + QByteArray(1000, ']'));
    QTest::newRow("100,000 levels") << lineOf("x", "\"deep\":" + QByteArray(100'000, '[') + QByteArray(100'000, ']'));
}

void TestCtlAppend::aBadLineIsNamedAndItsTransactionIsNotStored()
{
    QFETCH(QByteArray, line);
    QCOMPARE(append(lineOf("first")).status, 0);
    const CtlRun run = append(lineOf("a") + lineOf("b") + line);
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(QStringLiteral("Line 3")), qPrintable(run.err));
    QVERIFY(run.out.isEmpty());
    QCOMPARE(storedEvents(), 1);
}

/// Were each compared with each, this would take minutes.
void TestCtlAppend::aLineMayHaveManyMembers()
{
    QByteArray members;
    for (int i = 0; i < 150'000; ++i)
        members += (i > 0 ? ",\"m" : "\"m") + QByteArray::number(i) + "\":1";
    QCOMPARE(append(lineOf("a", members)).status, 0);
    const CtlRun twice = append(lineOf("b", members + R"(,"m7":2)"));
    QCOMPARE(twice.status, 1);
    QVERIFY2(twice.err.contains(QStringLiteral("“m7” twice")), qPrintable(twice.err));
}

void TestCtlAppend::whatWasCommittedBeforeABadLineStays()
{
    QByteArray input;
    for (int i = 0; i < 501; ++i)
        input += lineOf(QByteArray::number(i));
    const CtlRun run = append(input + "nonsense\n");
    QCOMPARE(run.status, 1);
    QVERIFY(run.err.contains(QStringLiteral("Line 502")));
    QVERIFY2(run.err.contains(QStringLiteral("Lines 501 to 501 are not stored either")), qPrintable(run.err));
    const CtlRun first = append(QByteArray("nonsense\n"));
    QVERIFY2(first.err.contains(QStringLiteral("Nothing is stored.")), qPrintable(first.err));
    QCOMPARE(run.lines().size(), 500); // one transaction
    QCOMPARE(storedEvents(), 500);
    input.clear();
    for (int i = 0; i < 500; ++i)
        input += lineOf("more-" + QByteArray::number(i));
    const CtlRun whole = append(input + "nonsense\n");
    QVERIFY2(whole.err.contains(QStringLiteral("Every event before it is stored.")), qPrintable(whole.err));
}

void TestCtlAppend::aFileThatIsNoStoreIsRefused()
{
    QFile file(m_ctl->path(QStringLiteral("store.db")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("This is a letter, not a database. " + QByteArray(1000, 'x'));
    file.close();
    const CtlRun run = append(lineOf("a"));
    QVERIFY(run.status == 1 || run.status == 3);
    QVERIFY(run.err.contains(file.fileName()));
}

QTEST_GUILESS_MAIN(TestCtlAppend)
#include "tst_ctl_append.moc"
