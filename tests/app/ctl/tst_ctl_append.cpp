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
    void theStreamIsTheOptionThenTheEventsThenTheAggregate();
    void aWrongExpectedVersionSaysBothVersions();
    void aKnownEventWithAnEqualBodyGivesItsPosition();
    void aKnownEventWithAnotherBodyIsRefused();
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

void TestCtlAppend::aKnownEventWithAnotherBodyIsRefused()
{
    QCOMPARE(append(lineOf("a", R"("n":1)")).status, 0);
    const CtlRun run = append(lineOf("a", R"("n":2)"));
    QCOMPARE(run.status, 1);
    QVERIFY(run.out.isEmpty());
    QVERIFY(run.err.contains(u'a'));
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
    QCOMPARE(run.lines().size(), 500); // one transaction
    QCOMPARE(storedEvents(), 500);
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
