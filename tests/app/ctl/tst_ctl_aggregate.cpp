// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include "connectors/sqlite/database.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;

class TestCtlAggregate final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theStateIsPrintedForPeople();
    void theStateOfAVersionComesFromTheNewestSnapshot();
    void theHistorySaysWhatEachEventChanged();
    void compensationsAreLinkedBothWays();
    void snapshotsAreVerified();
    void upcastsOfTheTeamAreApplied();
    void upcastsThatCannotBeUsedAreRefused();
    void whatIsNotThereIsNotSo_data();
    void whatIsNotThereIsNotSo();
    void aWrongNumberOfEventsIsAWrongAddress();
    void lookingWritesNothing();

private:
    [[nodiscard]] QString file() const { return m_ctl->path(QStringLiteral("store.db")); }
    [[nodiscard]] CtlRun aggregate(const QStringList &arguments) { return m_ctl->run(QStringList{QStringLiteral("aggregate"), QStringLiteral("sqlite:") + file()} + arguments); }
    void declare(const QByteArray &upcasts);

    std::unique_ptr<CtlProcess> m_ctl;
};

void TestCtlAggregate::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_ctl->setVariable(QStringLiteral("STREAMGAUGE_TEAM_FOLDER"), m_ctl->path(QString()));
    QByteArray lines;
    for (int i = 1; i <= 242; ++i) {
        const QByteArray number = QByteArray::number(i);
        const QByteArray compensates = i == 5 ? R"(,"metadata":{"compensates":"e-2"})" : "";
        lines += R"({"eventId":"e-)" + number + R"(","eventType":"Counted","aggregateId":"counter-1","payload":{"n":)" + number + R"(,"big":9007199254740993})" + compensates + "}\n";
    }
    const CtlRun appended = m_ctl->run({QStringLiteral("append"), QStringLiteral("sqlite:%1?snapshotEvery=100").arg(file())}, lines);
    QVERIFY2(appended.status == 0, qPrintable(appended.err));
}

void TestCtlAggregate::declare(const QByteArray &upcasts)
{
    QDir().mkpath(m_ctl->path(QStringLiteral("projections")));
    QFile projection(m_ctl->path(QStringLiteral("projections/counters.json")));
    QVERIFY(projection.open(QIODevice::WriteOnly));
    projection.write(R"({"projection": "p", "version": 1, "source": {"streams": ["*"]}, "target": {"table": "t", "key": ["id"], "columns": {"id": "text"}}, "upcast": )" + upcasts
                     + R"(, "on": {"Counted": {"upsert": {"id": "/aggregateId"}}}})");
}

void TestCtlAggregate::theStateIsPrintedForPeople()
{
    const CtlRun run = aggregate({QStringLiteral("counter-1")});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out, QByteArray("{\n    \"n\": 242,\n    \"big\": 9007199254740993\n}\n"));
    QVERIFY2(run.err.contains(QStringLiteral("state at version 242 of 242, from the snapshot at 200 and 42 events")), qPrintable(run.err));
}

void TestCtlAggregate::theStateOfAVersionComesFromTheNewestSnapshot()
{
    const CtlRun run = aggregate({QStringLiteral("counter-1"), QStringLiteral("--at"), QStringLiteral("142"), QStringLiteral("--json")});
    QCOMPARE(run.status, 0);
    QVERIFY(run.out.contains("\"state\":{\"n\":142,\"big\":9007199254740993}"));
    const QJsonObject answer = run.json().object();
    QCOMPARE(tests::memberNames(answer), (QStringList{QStringLiteral("aggregate"), QStringLiteral("changes"), QStringLiteral("fold"), QStringLiteral("foldedEvents"), QStringLiteral("foundAs"),
                                                      QStringLiteral("snapshot"), QStringLiteral("state"), QStringLiteral("unfolded"), QStringLiteral("unfoldedCount"), QStringLiteral("version"), QStringLiteral("versions")}));
    QCOMPARE(answer[u"foundAs"].toString(), QStringLiteral("stream"));
    QCOMPARE(answer[u"versions"].toInt(), 242);
    QCOMPARE(answer[u"snapshot"][u"version"].toInt(), 100);
    QCOMPARE(answer[u"foldedEvents"].toInt(), 42);
    const QJsonObject change = answer[u"changes"][0].toObject();
    QCOMPARE(change[u"pointer"].toString(), QStringLiteral("/n"));
    QCOMPARE(change[u"kind"].toString(), QStringLiteral("changed"));
    QCOMPARE(change[u"before"].toInt(), 141);
    QCOMPARE(change[u"after"].toInt(), 142);
}

void TestCtlAggregate::theHistorySaysWhatEachEventChanged()
{
    const CtlRun run = aggregate({QStringLiteral("counter-1"), QStringLiteral("--at"), QStringLiteral("3"), QStringLiteral("--history")});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.lines().size(), 4);
    QVERIFY(run.lines()[1].endsWith(QStringLiteral("+/n +/big")));
    QVERIFY(run.lines()[3].endsWith(QStringLiteral("~/n")));
    const QJsonArray history = aggregate({QStringLiteral("counter-1"), QStringLiteral("--history"), QStringLiteral("--json")}).json().object()[u"history"].toArray();
    QCOMPARE(history.size(), 242);
    QCOMPARE(history[241][u"version"].toInt(), 242);
    QCOMPARE(history[241][u"eventId"].toString(), QStringLiteral("e-242"));
    QCOMPARE(history[241][u"changes"].toArray().size(), 1);
}

void TestCtlAggregate::compensationsAreLinkedBothWays()
{
    const QJsonArray history = aggregate({QStringLiteral("counter-1"), QStringLiteral("--at"), QStringLiteral("5"), QStringLiteral("--history"), QStringLiteral("--json")}).json().object()[u"history"].toArray();
    QCOMPARE(history[4][u"compensates"][0].toString(), QStringLiteral("e-2"));
    QCOMPARE(history[1][u"compensatedBy"][0].toInt(), 5);
    QVERIFY(history[0][u"compensatedBy"].toArray().isEmpty());
}

void TestCtlAggregate::snapshotsAreVerified()
{
    const CtlRun sound = aggregate({QStringLiteral("counter-1"), QStringLiteral("--verify")});
    QCOMPARE(sound.status, 0);
    QVERIFY(sound.err.contains(QStringLiteral("2 snapshots were compared with a replay of 242 events; 0 differ.")));
    connectors::sqlite::Database(file(), connectors::sqlite::Database::Access::Write).execute("UPDATE snapshots SET state = '{\"n\":1}' WHERE stream_version = 200");
    const CtlRun wrong = aggregate({QStringLiteral("counter-1"), QStringLiteral("--verify"), QStringLiteral("--json")});
    QCOMPARE(wrong.status, 1);
    const QJsonObject found = wrong.json().object()[u"verification"].toObject();
    QCOMPARE(found[u"compared"].toInt(), 2);
    QCOMPARE(found[u"differing"].toArray().size(), 1);
    QCOMPARE(found[u"differing"][0][u"version"].toInt(), 200);
    QCOMPARE(found[u"differing"][0][u"changes"].toArray().size(), 2);
}

void TestCtlAggregate::upcastsOfTheTeamAreApplied()
{
    declare(R"([{"eventType": "Counted", "from": 1, "to": 2, "rename": {"/n": "/number"}}])");
    const CtlRun run = aggregate({QStringLiteral("counter-1")});
    QVERIFY2(run.status == 0, qPrintable(run.err));
    QCOMPARE(run.out, QByteArray("{\n    \"big\": 9007199254740993,\n    \"number\": 242\n}\n"));
    QVERIFY(run.err.contains(QStringLiteral("from all 242 events before")));
}

void TestCtlAggregate::upcastsThatCannotBeUsedAreRefused()
{
    declare("[7]");
    const CtlRun run = aggregate({QStringLiteral("counter-1")});
    QVERIFY(run.status != 0);
    QVERIFY2(run.err.contains(QStringLiteral("counters.json")), qPrintable(run.err));
    QVERIFY(run.out.isEmpty());
}

void TestCtlAggregate::whatIsNotThereIsNotSo_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("words");
    QTest::newRow("no such aggregate") << QStringList{QStringLiteral("counter-2")} << QStringLiteral("no stream called “counter-2”");
    QTest::newRow("a group of streams") << QStringList{QStringLiteral("counter-*")} << QStringLiteral("stands for a group of streams");
    QTest::newRow("beyond the newest") << QStringList{QStringLiteral("counter-1"), QStringLiteral("--at"), QStringLiteral("243")} << QStringLiteral("Its versions are 1 to 242.");
    QTest::newRow("before the first") << QStringList{QStringLiteral("counter-1"), QStringLiteral("--at"), QStringLiteral("0")} << QStringLiteral("Its versions are 1 to 242.");
}

void TestCtlAggregate::whatIsNotThereIsNotSo()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, words);
    const CtlRun run = aggregate(arguments);
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(words), qPrintable(run.err));
}

void TestCtlAggregate::aWrongNumberOfEventsIsAWrongAddress()
{
    const CtlRun run = m_ctl->run({QStringLiteral("streams"), QStringLiteral("sqlite:%1?snapshotEvery=99").arg(file())});
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains(QStringLiteral("100 to 500")), qPrintable(run.err));
}

void TestCtlAggregate::lookingWritesNothing()
{
    const auto count = [this] { return connectors::sqlite::Database(file(), connectors::sqlite::Database::Access::Look).queryInteger("SELECT count(*) FROM snapshots"); };
    connectors::sqlite::Database(file(), connectors::sqlite::Database::Access::Write).execute("DELETE FROM snapshots");
    QCOMPARE(aggregate({QStringLiteral("counter-1"), QStringLiteral("--history"), QStringLiteral("--verify")}).status, 0);
    QCOMPARE(count(), 0);
}

QTEST_GUILESS_MAIN(TestCtlAggregate)
#include "tst_ctl_aggregate.moc"
