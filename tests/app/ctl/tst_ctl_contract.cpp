// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include <QJsonArray>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using tests::CtlProcess;
using tests::CtlRun;

/// What holds for every command: exit status, stdout and stderr, hostile text, interruption.
class TestCtlContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUsageIsStatusTwo_data();
    void wrongUsageIsStatusTwo();
    void anUnknownCommandIsNamed();
    void helpAndVersionAreStatusZero();
    void aPasswordInAnAddressIsAUsageErrorAndNotRepeated();
    void anUnknownNameIsStatusOne();
    void aStoreThatIsNotThereIsNotMade();
    void aClosedPortIsStatusThreeWithTheAddress();
    void brokenDeclarationsOfTheTeamAreNamedAndNotUsed();
    void aPeerThatNeverAnswersIsStatusThreeAfterTheTimeOut();
    void controlCharactersAreEscapedInTables();
    void aClosedPipeEndsQuietly();
    void outputThatCannotBeWrittenIsIncomplete_data();
    void outputThatCannotBeWrittenIsIncomplete();
    void aRefusalKeepsItsStatusWhenItCannotBeWritten();
    void anAppendGoesOnWhenItsOutputCannotBeWritten_data();
    void anAppendGoesOnWhenItsOutputCannotBeWritten();
    void aTimeoutWithoutAUnitIsInSeconds();
    void controlCEndsATail();
    void controlCWhileWaitingIsIncomplete();

private:
    [[nodiscard]] CtlRun run(const QByteArray &command, const QStringList &more = {})
    {
        return m_ctl.run(QString::fromLatin1(command).split(u' ', Qt::SkipEmptyParts) + more);
    }
    [[nodiscard]] QString makeStore(const QByteArray &events)
    {
        const QString address = QStringLiteral("sqlite:") + m_ctl.path(QString::fromLatin1(QTest::currentTestFunction()));
        return m_ctl.run({QStringLiteral("append"), address}, events).status == 0 ? address : QString();
    }

    CtlProcess m_ctl;
};

void TestCtlContract::wrongUsageIsStatusTwo_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no such command") << QByteArray("explode sqlite:x");
    QTest::newRow("no connection") << QByteArray("streams");
    QTest::newRow("no such option") << QByteArray("streams sqlite:x --fast");
    QTest::newRow("one argument too many") << QByteArray("streams sqlite:x y");
    QTest::newRow("no time-out") << QByteArray("streams sqlite:x --timeout never");
    QTest::newRow("no system") << QByteArray("streams mysql://host");
    QTest::newRow("no position") << QByteArray("events sqlite:x s --from sometime");
    QTest::newRow("positions the wrong way round") << QByteArray("events sqlite:x s --from 10 --to 5");
    QTest::newRow("times the wrong way round") << QByteArray("trace sqlite:x --event a --from -5m --to -10m");
    QTest::newRow("negative partition") << QByteArray("events sqlite:x s --partition -1");
    QTest::newRow("follow to an end") << QByteArray("events sqlite:x s --follow --to 5");
    QTest::newRow("trace of nothing") << QByteArray("trace sqlite:x");
    QTest::newRow("trace of two things") << QByteArray("trace sqlite:x --event a --key b");
    QTest::newRow("no format") << QByteArray("trace sqlite:x --event a --format pdf");
    QTest::newRow("wait for what") << QByteArray("wait sqlite:x payment");
    QTest::newRow("no lag") << QByteArray("wait sqlite:x payment --lag few --timeout 1s");
}

void TestCtlContract::wrongUsageIsStatusTwo()
{
    QFETCH(QByteArray, command);
    const CtlRun wrong = run(command);
    QCOMPARE(wrong.status, 2);
    QVERIFY(wrong.out.isEmpty());
    QVERIFY(!wrong.err.isEmpty());
}

void TestCtlContract::anUnknownCommandIsNamed()
{
    const CtlRun result = run("explode sqlite:x");
    QCOMPARE(result.status, 2);
    QVERIFY2(result.err.contains(QStringLiteral("“explode”")) && result.err.contains(QStringLiteral("streams")), qPrintable(result.err));
    QCOMPARE(result.out, QByteArray());
}

void TestCtlContract::helpAndVersionAreStatusZero()
{
    const CtlRun help = run("--help");
    QCOMPARE(help.status, 0);
    for (const char *command : {"streams", "lag", "members", "events", "trace", "reset", "apply", "journal", "undo", "append", "wait", "health"})
        QVERIFY2(help.out.contains(command), command);
    QCOMPARE(run("reset --help").status, 0);
    QCOMPARE(run("--version").status, 0);
}

void TestCtlContract::aPasswordInAnAddressIsAUsageErrorAndNotRepeated()
{
    for (const char *address : {"kafka://me:hunter2@host:9092", "kafka://host?sasl.password=hunter2"}) {
        const CtlRun wrong = run("streams --json", {QString::fromLatin1(address)});
        QCOMPARE(wrong.status, 2);
        QVERIFY(!wrong.err.contains(QStringLiteral("hunter2")) && !wrong.out.contains("hunter2"));
        QVERIFY(wrong.err.contains(QStringLiteral("STREAMGAUGE_PASSWORD")));
    }
}

void TestCtlContract::anUnknownNameIsStatusOne()
{
    const CtlRun unknown = run("streams nobody --json");
    QCOMPARE(unknown.status, 1);
    QCOMPARE(unknown.json()[u"refused"][u"code"].toString(), QStringLiteral("notFound"));
}

void TestCtlContract::aStoreThatIsNotThereIsNotMade()
{
    const QString path = m_ctl.path(QStringLiteral("missing.db"));
    const CtlRun missing = run("lag", {QStringLiteral("sqlite:") + path});
    QVERIFY(missing.status == 1 || missing.status == 3);
    QVERIFY(missing.err.contains(path));
    QVERIFY(!QFile::exists(path));
}

void TestCtlContract::aClosedPortIsStatusThreeWithTheAddress()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(server.serverPort());
    server.close();
    const CtlRun closed = run("lag --timeout 5s --json", {QStringLiteral("kafka://") + address});
    QCOMPARE(closed.status, 3);
    QVERIFY2(closed.err.contains(address), qPrintable(closed.err));
    QVERIFY(closed.out.isEmpty());
}

void TestCtlContract::brokenDeclarationsOfTheTeamAreNamedAndNotUsed()
{
    CtlProcess ctl;
    QFile file(ctl.path(QStringLiteral("dead-letters.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"deadLetterQueues\": [{\"of\": \"orders\"}]}");
    file.close();
    ctl.setVariable(QStringLiteral("STREAMGAUGE_TEAM_FOLDER"), ctl.path(QString()));
    const CtlRun closed = ctl.run({QStringLiteral("lag"), QStringLiteral("kafka://127.0.0.1:1")});
    QCOMPARE(closed.status, 3); // it went on
    QCOMPARE(closed.err.count(QStringLiteral("dead-letters.json")), 1);
    QVERIFY2(closed.err.contains(QStringLiteral("/deadLetterQueues/0 names no “stream”.")), qPrintable(closed.err));
}

void TestCtlContract::aPeerThatNeverAnswersIsStatusThreeAfterTheTimeOut()
{
    QTcpServer silent; // accepts in the kernel, and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlRun late = run("streams --timeout 500ms", {QStringLiteral("kafka://127.0.0.1:%1").arg(silent.serverPort())});
    QCOMPARE(late.status, 3);
    QVERIFY(!late.err.isEmpty());
}

void TestCtlContract::controlCharactersAreEscapedInTables()
{
    const QString address = makeStore("{\"eventType\":\"X\",\"stream\":\"a\\u001b[31m\\u202eb\\nc\"}\n");
    QVERIFY(!address.isEmpty());
    const CtlRun table = run("streams", {address});
    QCOMPARE(table.status, 0);
    QVERIFY(!table.out.contains('\x1b'));
    QVERIFY2(table.out.contains("\\u001b[31m\\u202eb\\n"), table.out.constData());
    const CtlRun json = run("streams --json", {address});
    QVERIFY(!json.out.contains('\x1b'));
    QVERIFY(json.json().isArray());
}

void TestCtlContract::aClosedPipeEndsQuietly()
{
    QByteArray events;
    for (int i = 0; i < 5000; ++i)
        events += R"({"eventType":"ThingHappened","stream":"s-1","text":")" + QByteArray(200, 'x') + "\"}\n";
    const QString address = makeStore(events);
    QVERIFY(!address.isEmpty());
    QProcess shell;
    shell.start(QStringLiteral("bash"), {QStringLiteral("-c"), QStringLiteral("'%1' events '%2' s-1 | head -n 1; echo \"${PIPESTATUS[0]}\"")
                                                                   .arg(CtlProcess::program(), address)});
    QVERIFY(shell.waitForFinished(60'000));
    const QList<QByteArray> lines = shell.readAllStandardOutput().trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.last(), QByteArray("0"));
    QVERIFY(shell.readAllStandardError().isEmpty());
}

void TestCtlContract::outputThatCannotBeWrittenIsIncomplete_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::newRow("a document") << QByteArray("journal --json");
    QTest::newRow("a table") << QByteArray("streams STORE");
    QTest::newRow("lines") << QByteArray("events STORE s-1");
    QTest::newRow("help") << QByteArray("lag --help");
}

void TestCtlContract::outputThatCannotBeWrittenIsIncomplete()
{
    QFETCH(const QByteArray, command);
    const QString address = makeStore(R"({"eventType":"X","stream":"s-1"})");
    QVERIFY(!address.isEmpty());
    QStringList arguments = QString::fromLatin1(command).split(u' ');
    arguments.replaceInStrings(QStringLiteral("STORE"), address);
    const CtlRun full = m_ctl.runInto(QStringLiteral("/dev/full"), arguments);
    QCOMPARE(full.status, 4);
    QVERIFY2(full.err.contains(QStringLiteral("The output could not be written: No space left on device.")), qPrintable(full.err));
}

void TestCtlContract::aRefusalKeepsItsStatusWhenItCannotBeWritten()
{
    const CtlRun refused = m_ctl.runInto(QStringLiteral("/dev/full"), {QStringLiteral("reset"), QStringLiteral("nobody"), QStringLiteral("billing"), QStringLiteral("--stream"),
                                                                       QStringLiteral("s"), QStringLiteral("--to"), QStringLiteral("latest"), QStringLiteral("--execute"),
                                                                       QStringLiteral("--json")});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(QStringLiteral("nobody")), qPrintable(refused.err));
}

void TestCtlContract::anAppendGoesOnWhenItsOutputCannotBeWritten_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<QByteArray>("last");
    QTest::addColumn<int>("status");
    QTest::newRow("full disk") << QStringLiteral(">/dev/full") << QByteArray() << 0;
    QTest::newRow("closed pipe") << QStringLiteral(">&3") << QByteArray() << 0;
    QTest::newRow("full disk and a bad line") << QStringLiteral(">/dev/full") << QByteArray("nonsense\n") << 1;
}

void TestCtlContract::anAppendGoesOnWhenItsOutputCannotBeWritten()
{
    QFETCH(const QString, output);
    QFETCH(const QByteArray, last);
    QFETCH(const int, status);
    const QString address = QStringLiteral("sqlite:") + m_ctl.path(QString::fromLatin1(QTest::currentDataTag()));
    QProcess shell;
    shell.start(QStringLiteral("bash"), {QStringLiteral("-c"), QStringLiteral("exec 3> >(true); wait $!; '%1' append '%2' %3; echo \"status $?\"")
                                                                   .arg(CtlProcess::program(), address, output)});
    QVERIFY(shell.waitForStarted(20'000));
    for (int i = 0; i < 1500; ++i)
        shell.write(R"({"eventType":"X","stream":"s-1"})" "\n");
    shell.write(last);
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished(60'000));
    QCOMPARE(shell.readAllStandardOutput().trimmed(), "status " + QByteArray::number(status));
    const QByteArray words = shell.readAllStandardError();
    QVERIFY2(words.contains("The output could not be written"), words.constData());
    QCOMPARE(run("events", {address, QStringLiteral("s-1")}).lines().size(), 1500);
}

void TestCtlContract::aTimeoutWithoutAUnitIsInSeconds()
{
    const QStringList timeout{QStringLiteral("--timeout"), QStringLiteral("3")};
    const CtlRun connecting = run("streams", QStringList{QStringLiteral("sqlite:none.db")} + timeout);
    const CtlRun waiting = run("wait", QStringList{QStringLiteral("sqlite:none.db"), QStringLiteral("g"), QStringLiteral("--lag"), QStringLiteral("0")} + timeout);
    const CtlRun plain = run("streams sqlite:none.db"); // there is no such store
    QVERIFY(plain.status != 0 && plain.status != 2);
    QCOMPARE(connecting.status, plain.status);
    QCOMPARE(connecting.err, plain.err);
    QCOMPARE(waiting.status, plain.status);
    QCOMPARE(run("streams sqlite:none.db --timeout 0").status, 2);
    QCOMPARE(run("streams sqlite:none.db --timeout 3x").status, 2);
}

void TestCtlContract::controlCEndsATail()
{
    const QString address = makeStore(R"({"eventType":"X","stream":"s-1"})");
    QProcess tail;
    m_ctl.start(&tail, {QStringLiteral("events"), address, QStringLiteral("s-1"), QStringLiteral("--follow")});
    QTRY_VERIFY_WITH_TIMEOUT(tail.bytesAvailable() > 0 || (tail.waitForReadyRead(50), false), 20'000);
    ::kill(static_cast<pid_t>(tail.processId()), SIGINT);
    QVERIFY(tail.waitForFinished(20'000));
    QCOMPARE(tail.exitCode(), 0);
    QVERIFY(tail.readAllStandardError().contains("Scanned 1"));
}

void TestCtlContract::controlCWhileWaitingIsIncomplete()
{
    QProcess waiting;
    m_ctl.start(&waiting, {QStringLiteral("append"), QStringLiteral("sqlite:") + m_ctl.path(QStringLiteral("waiting.db"))});
    QVERIFY(waiting.waitForStarted(20'000));
    for (int i = 0; i < 500; ++i)
        waiting.write(R"({"eventType":"X","stream":"s-1"})" "\n");
    // One transaction is full and stored: now it waits for more input.
    QTRY_VERIFY_WITH_TIMEOUT(waiting.bytesAvailable() > 0 || (waiting.waitForReadyRead(50), false), 20'000);
    ::kill(static_cast<pid_t>(waiting.processId()), SIGINT);
    QVERIFY(waiting.waitForFinished(20'000));
    QCOMPARE(waiting.exitStatus(), QProcess::NormalExit);
    QCOMPARE(waiting.exitCode(), 4);
}

QTEST_GUILESS_MAIN(TestCtlContract)
#include "tst_ctl_contract.moc"
