// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/rebuild_fixture.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlRun;
using tests::memberNames;
using tests::orderEvent;
using tests::RebuildFixture;

namespace {

const QByteArray OldTable = "CREATE TABLE order_summary(order_id TEXT NOT NULL PRIMARY KEY, total TEXT, status TEXT, events INTEGER);"
                            "INSERT INTO order_summary VALUES ('order-1', '12.50', 'placed', 1), ('order-2', '3', 'placed', 1), ('order-4', '0.1', 'placed', 7)";
const QString OldRows = QStringLiteral("order-1 12.50 placed 1|order-2 3 placed 1|order-4 0.1 placed 7");
const QString NewRows = QStringLiteral("order-1 12.5 shipped 2|order-3 9007199254740993 placed 1|order-4 0.1 placed 1");

QByteArray someEvents()
{
    return orderEvent(1, "OrderPlaced", "order-1", R"({"total":12.50})") + orderEvent(2, "OrderPlaced", "order-2", R"({"total":3})") + orderEvent(3, "OrderShipped", "order-1")
        + orderEvent(4, "OrderCancelled", "order-2") + orderEvent(5, "OrderPlaced", "order-3", R"({"total":9007199254740993})") + orderEvent(6, "InvoiceSent", "invoice-1")
        + orderEvent(7, "OrderPlaced", "order-4", R"({"total":0.1})") + orderEvent(8, "OrderSeen", "order-4");
}

QStringList sorted(const char *names)
{
    QStringList list = QString::fromLatin1(names).split(u' ');
    list.sort();
    return list;
}

QString wordOf(const CtlRun &run, const char *member)
{
    return run.json()[QLatin1String(member)].toString();
}

} // namespace

/// A projection's rebuild by the command line: from the plan to what is dropped.
class TestCtlRebuild final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<RebuildFixture>();
        m_fixture->append(someEvents());
        QVERIFY(!m_fixture->sql(OldTable).startsWith(u'!'));
    }

    void aPlanSaysWhatARebuildWouldDoAndChangesNothing()
    {
        const CtlRun plan = m_fixture->ctl().run(m_fixture->rebuildArguments("plan"));
        QVERIFY2(plan.status == 0, qPrintable(plan.err));
        QCOMPARE(memberNames(plan.json().object()), sorted("job action projection version planId planHash events tables reversible warnings refusals withoutRule unfit milliseconds bytesNeeded bytesFree"));
        QCOMPARE(wordOf(plan, "action"), QStringLiteral("rebuild"));
        QCOMPARE(wordOf(plan, "projection"), QStringLiteral("order_summary"));
        QCOMPARE(plan.json()[u"version"].toInt(), 2);
        QCOMPARE(plan.json()[u"events"].toInt(), 7); // the invoice is of another stream
        QCOMPARE(plan.json()[u"withoutRule"].toInt(), 1);
        const QJsonValue table = plan.json()[u"tables"][0];
        QCOMPARE(memberNames(table), sorted("table exists rows rebuiltRows losses"));
        QVERIFY(table[u"exists"].toBool() && table[u"rows"].toInt() == 3 && table[u"rebuiltRows"].toInt() == 4); // order-2 goes again
        QVERIFY(wordOf(plan, "reversible").startsWith(QStringLiteral("fully")));
        QVERIFY(plan.json()[u"bytesFree"].toInteger() > 0 && plan.json()[u"bytesNeeded"].toInteger() > 0);
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
        QCOMPARE(m_fixture->rebuild({}).status, 0); // without --execute the same
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
    }

    void theWholeStory()
    {
        const CtlRun filled = m_fixture->rebuild();
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        QCOMPARE(memberNames(filled.json().object()), sorted("job action projection version planId planHash events tables reversible warnings refusals withoutRule unfit milliseconds bytesNeeded bytesFree "
                                                             "executed journalId result state recreated checkpoint parked rate rows onlyOld onlyNew changed sample hash"));
        QCOMPARE(wordOf(filled, "result"), QStringLiteral("DONE"));
        QCOMPARE(wordOf(filled, "state"), QStringLiteral("filled"));
        QCOMPARE(filled.json()[u"events"].toInt(), 7);
        QCOMPARE(filled.json()[u"rows"].toInt(), 3);
        QCOMPARE(filled.json()[u"onlyOld"].toInt(), 1);
        QCOMPARE(filled.json()[u"onlyNew"].toInt(), 1);
        QCOMPARE(filled.json()[u"changed"].toInt(), 2); // order-1 was shipped, order-4 counted too often
        QCOMPARE(filled.json()[u"sample"].toArray().size(), 4);
        QCOMPARE(memberNames(filled.json()[u"sample"][0]), sorted("table difference old new"));
        QCOMPARE(wordOf(filled, "hash").size(), 64);
        QCOMPARE(filled.json()[u"checkpoint"][0][u"next"].toInt(), filled.json()[u"checkpoint"][0][u"to"].toInt());
        QCOMPARE(m_fixture->liveRows(), OldRows);

        const QString job = wordOf(filled, "job");
        const CtlRun diff = m_fixture->run(QStringLiteral("diff ") + job);
        QCOMPARE(diff.status, 1); // there are differences
        QCOMPARE(diff.lines().size(), 4);
        QCOMPARE(diff.lines()[2], QStringLiteral(R"json({"table":"order_summary","difference":"onlyNew","old":null,"new":{"order_id":"order-3","total":9007199254740993,"status":"placed","events":1}})json"));
        QVERIFY2(diff.err.contains(QStringLiteral("order_summary: 3 rows before, 3 after; only before 1, only after 1, changed 2.")), qPrintable(diff.err));
        QCOMPARE(m_fixture->run(QStringLiteral("diff %1 --limit 1").arg(job)).lines().size(), 1);

        const CtlRun swapped = m_fixture->run(QStringLiteral("swap %1 --writer projector-2 --execute").arg(job));
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        QCOMPARE(wordOf(swapped, "state"), QStringLiteral("swapped"));
        QCOMPARE(m_fixture->liveRows(), NewRows);
        const CtlRun after = m_fixture->run(QStringLiteral("diff ") + job);
        QCOMPARE(after.lines(), diff.lines()); // the old table against the one that is live now

        const CtlRun back = m_fixture->run(QStringLiteral("swap-back %1 --execute").arg(job));
        QVERIFY2(back.status == 0, qPrintable(back.err));
        QCOMPARE(wordOf(back, "state"), QStringLiteral("swappedBack"));
        QCOMPARE(m_fixture->liveRows(), OldRows);
        const CtlRun list = m_fixture->run(QStringLiteral("list ") + m_fixture->target());
        QCOMPARE(memberNames(list.json()[0]), sorted("job projection version state tables events checkpoint created heartbeat swapped parked"));
        QCOMPARE(list.json()[0][u"job"].toString(), job);
        QCOMPARE(list.json()[0][u"state"].toString(), QStringLiteral("swappedBack"));

        QCOMPARE(m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job)).status, 0);
        const CtlRun dropPlan = m_fixture->run(QStringLiteral("drop ") + job);
        QVERIFY2(wordOf(dropPlan, "reversible").startsWith(QStringLiteral("no")), qPrintable(wordOf(dropPlan, "reversible")));
        const CtlRun dropped = m_fixture->run(QStringLiteral("drop %1 --execute").arg(job));
        QVERIFY2(dropped.status == 0, qPrintable(dropped.err));
        QCOMPARE(m_fixture->liveRows(), NewRows);
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
        QCOMPARE(m_fixture->run(QStringLiteral("list ") + m_fixture->target()).json().array().size(), 0);
        requireJournal(QStringLiteral("drop drop swap swapBack swap rebuild"));
    }

    void aPlanIsAppliedOnceByItsId()
    {
        const CtlRun plan = m_fixture->ctl().run(m_fixture->rebuildArguments("plan"));
        const QStringList apply{QStringLiteral("apply"), wordOf(plan, "planId"), QStringLiteral("--json")};
        const CtlRun filled = m_fixture->ctl().run(apply);
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        QCOMPARE(wordOf(filled, "state"), QStringLiteral("filled"));
        QCOMPARE(wordOf(filled, "job"), wordOf(plan, "job"));
        const CtlRun again = m_fixture->ctl().run(apply);
        QCOMPARE(again.status, 1);
        QVERIFY2(again.json()[u"refused"].isObject(), qPrintable(again.err));
        const CtlRun shown = m_fixture->ctl().run({QStringLiteral("journal"), wordOf(plan, "planId"), QStringLiteral("--json")});
        QCOMPARE(wordOf(shown, "state"), QStringLiteral("DONE"));
        QCOMPARE(wordOf(shown, "kind"), QStringLiteral("rebuild"));
        QCOMPARE(wordOf(shown, "target"), QStringLiteral("order_summary"));
        const CtlRun resolved = m_fixture->ctl().run({QStringLiteral("journal"), QStringLiteral("resolve"), wordOf(plan, "planId"), QStringLiteral("--json")});
        QCOMPARE(resolved.status, 0); // it was settled already
        QCOMPARE(wordOf(resolved, "result"), QStringLiteral("DONE"));
    }

    void aStepThatWasPlannedTwiceIsDoneOnce()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        const QString first = wordOf(m_fixture->run(QStringLiteral("swap %1 --writer nobody").arg(job)), "planId");
        const QString second = wordOf(m_fixture->run(QStringLiteral("swap %1 --writer nobody").arg(job)), "planId");
        QCOMPARE(m_fixture->ctl().run({QStringLiteral("apply"), first}).status, 0);
        const CtlRun late = m_fixture->ctl().run({QStringLiteral("apply"), second, QStringLiteral("--json")});
        QVERIFY2(late.status == 1, qPrintable(late.err));
        QVERIFY(late.json()[u"refused"].isObject());
        QVERIFY2(late.err.contains(QStringLiteral("It has been swapped already")), qPrintable(late.err));
        QCOMPARE(m_fixture->liveRows(), NewRows);
    }

    void goingOnThatWasPlannedBeforeTheSwapIsRefusedAfterIt()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        m_fixture->sql("UPDATE streamgauge_rebuilds SET state = 'filling', heartbeat = 0");
        const QString plan = wordOf(m_fixture->run(QStringLiteral("resume %1").arg(job)), "planId");
        m_fixture->sql("UPDATE streamgauge_rebuilds SET state = 'filled'");
        QCOMPARE(m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job)).status, 0);
        m_fixture->append(orderEvent(9, "OrderCancelled", "order-1"));
        const CtlRun late = m_fixture->ctl().run({QStringLiteral("apply"), plan, QStringLiteral("--json")});
        QVERIFY2(late.status == 1 && late.err.contains(QStringLiteral("The tables are filled already")), qPrintable(late.err));
        QCOMPARE(m_fixture->liveRows(), NewRows); // it would have written to the live table
        QCOMPARE(m_fixture->run(QStringLiteral("swap-back %1 --execute").arg(job)).status, 0);
    }

    void eventsThatComeAfterTheFillingAreAppliedByTheSwap()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        m_fixture->append(orderEvent(9, "OrderCancelled", "order-1") + orderEvent(10, "OrderPlaced", "order-5", R"({"total":5})"));
        QCOMPARE(m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job)).status, 0);
        QCOMPARE(m_fixture->liveRows(), QStringLiteral("order-3 9007199254740993 placed 1|order-4 0.1 placed 1|order-5 5 placed 1"));
    }

    void anEventThatDoesNotFitRefusesThePlanOrIsLeftOutAndListed()
    {
        m_fixture->append(orderEvent(9, "OrderPlaced", "order-9", R"({"total":"much"})"));
        const CtlRun refused = m_fixture->rebuild();
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("\"much\" at /data/total")) && refused.err.contains(QStringLiteral("--park")), qPrintable(refused.err));
        QVERIFY(refused.json()[u"planId"].isNull() && refused.json()[u"refused"].isObject());
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
        const CtlRun parked = m_fixture->rebuild({QStringLiteral("--execute"), QStringLiteral("--park")});
        QVERIFY2(parked.status == 0, qPrintable(parked.err));
        QCOMPARE(parked.json()[u"parked"].toArray().size(), 1);
        QCOMPARE(memberNames(parked.json()[u"parked"][0]), sorted("stream partition position why"));
        QCOMPARE(m_fixture->run(QStringLiteral("list ") + m_fixture->target()).json()[0][u"parked"].toArray().size(), 1);
    }

    void aPoisonEventThatComesMeanwhileEndsTheFillingAndTheRestIsKept()
    {
        const QString plan = wordOf(m_fixture->ctl().run(m_fixture->rebuildArguments("plan")), "planId");
        m_fixture->append(orderEvent(9, "OrderPlaced", "order-9", R"({"total":"much"})"));
        const CtlRun ended = m_fixture->ctl().run({QStringLiteral("apply"), plan, QStringLiteral("--json")});
        QVERIFY2(ended.status == 4, qPrintable(ended.err));
        QCOMPARE(wordOf(ended, "result"), QStringLiteral("PARTIAL"));
        QCOMPARE(wordOf(ended, "state"), QStringLiteral("filling"));
        QVERIFY2(ended.err.contains(QStringLiteral("\"much\"")) && ended.err.contains(QStringLiteral("projection resume %1").arg(wordOf(ended, "job"))), qPrintable(ended.err));
        const QString job = wordOf(ended, "job");
        const CtlRun early = m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QCOMPARE(early.status, 1);
        QVERIFY2(early.err.contains(QStringLiteral("not filled yet")), qPrintable(early.err));
        m_fixture->forgetSignsOfLife();
        const CtlRun stillPoisoned = m_fixture->run(QStringLiteral("resume %1 --execute").arg(job));
        QCOMPARE(stillPoisoned.status, 4);
        m_fixture->forgetSignsOfLife();
        const CtlRun parked = m_fixture->run(QStringLiteral("resume %1 --park --execute").arg(job));
        QVERIFY2(parked.status == 0, qPrintable(parked.err));
        QCOMPARE(parked.json()[u"parked"].toArray().size(), 1);
        QCOMPARE(m_fixture->run(QStringLiteral("drop %1 --execute").arg(job)).status, 0);
        QCOMPARE(m_fixture->liveRows(), OldRows);
    }

    void whatAProjectionFileCannotSayMustBeAccepted()
    {
        m_fixture->sql("ALTER TABLE order_summary ADD COLUMN note TEXT");
        const CtlRun refused = m_fixture->rebuild();
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("would lack: column “note”")) && refused.err.contains(QStringLiteral("--accept-losses")), qPrintable(refused.err));
        QCOMPARE(refused.json()[u"tables"][0][u"losses"][0].toString(), QStringLiteral("column “note”"));
        const CtlRun accepted = m_fixture->rebuild({QStringLiteral("--execute"), QStringLiteral("--accept-losses")});
        QVERIFY2(accepted.status == 0, qPrintable(accepted.err));
        QCOMPARE(accepted.json()[u"warnings"][1].toString().contains(QStringLiteral("would lack")) || accepted.json()[u"warnings"][0].toString().contains(QStringLiteral("would lack")), true);
    }

    void whatTheLiveTableHasGotSinceIsNoticedBeforeTheSwap()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        m_fixture->sql("ALTER TABLE order_summary ADD COLUMN note TEXT; UPDATE order_summary SET note = 'x'");
        const CtlRun refused = m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("would lack: column “note”")) && refused.err.contains(QStringLiteral("--accept-losses")), qPrintable(refused.err));
        QCOMPARE(m_fixture->liveRows(), OldRows);
        QCOMPARE(m_fixture->run(QStringLiteral("swap %1 --writer nobody --accept-losses --execute").arg(job)).status, 0);
        QCOMPARE(m_fixture->run(QStringLiteral("swap-back %1 --execute").arg(job)).status, 0);
        QCOMPARE(m_fixture->sql("SELECT DISTINCT note FROM order_summary"), QStringLiteral("x"));
    }

    void productionNeedsTheNameAndAReason()
    {
        for (const QStringList &words : {QStringList{}, QStringList{QStringLiteral("--confirm"), QStringLiteral("order_summary")}, QStringList{QStringLiteral("--reason"), QStringLiteral("OPS-1")},
                                         QStringList{QStringLiteral("--confirm"), QStringLiteral("orders"), QStringLiteral("--reason"), QStringLiteral("OPS-1")}}) {
            const CtlRun refused = m_fixture->rebuild(QStringList{QStringLiteral("--execute")} + words, "production");
            QVERIFY2(refused.status == 1, qPrintable(refused.err));
            QCOMPARE(refused.json()[u"executed"].toBool(true), false);
            QVERIFY(refused.json()[u"refused"].isObject());
        }
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
        const QStringList words{QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("order_summary"), QStringLiteral("--reason"), QStringLiteral("OPS-1")};
        const CtlRun filled = m_fixture->rebuild(words, "production");
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        const QString job = wordOf(filled, "job");
        for (const char *step : {"swap JOB --writer nobody", "swap-back JOB", "drop JOB"}) {
            const QString said = QString::fromLatin1(step).replace(QStringLiteral("JOB"), job) + QStringLiteral(" --execute");
            QCOMPARE(m_fixture->run(said).status, 1);
            QCOMPARE(m_fixture->run(said + QStringLiteral(" --confirm order_summary --reason OPS-1")).status, 0);
        }
        QCOMPARE(m_fixture->liveRows(), OldRows);
    }

    void aMuchSmallerTableNeedsItsRowsConfirmedAnywhere_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("confirmation");
        QTest::newRow("much smaller") << QByteArray("OrderCancelled") << QStringLiteral("order_summary 1");
        QTest::newRow("empty") << QByteArray("OrderLost") << QStringLiteral("order_summary 0");
    }
    void aMuchSmallerTableNeedsItsRowsConfirmedAnywhere()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QString, confirmation);
        m_fixture->writeFile(R"json({ "projection": "order_summary", "version": 3, "source": {"streams": ["order-*"]},
            "target": {"table": "order_summary", "key": ["order_id"], "columns": {"order_id": "text", "total": "numeric(20,2)", "status": "text", "events": "bigint"}},
            "on": {")json" + rule + R"json(": {"upsert": {"order_id": "/aggregateId"}}} })json");
        const CtlRun filled = m_fixture->rebuild();
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        const QString swap = QStringLiteral("swap %1 --writer nobody --execute").arg(wordOf(filled, "job"));
        const CtlRun refused = m_fixture->run(swap);
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("with the projection's name and the number of its rows")), qPrintable(refused.err));
        QCOMPARE(m_fixture->run(swap + QStringLiteral(" --confirm order_summary")).status, 1);
        QCOMPARE(m_fixture->liveRows(), OldRows);
        const CtlRun swapped = m_fixture->ctl().run(QStringList{QStringLiteral("projection")} + swap.split(u' ') + QStringList{QStringLiteral("--confirm"), confirmation});
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        QCOMPARE(m_fixture->sql("SELECT count(*) FROM order_summary"), confirmation.right(1));
    }

    void whoWritesAfterwardsMustBeNamed()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        const CtlRun refused = m_fixture->run(QStringLiteral("swap %1 --execute").arg(job));
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("Who writes the tables after the swap must be named: a projector that knows version 2, or “nobody”")), qPrintable(refused.err));
        QCOMPARE(m_fixture->liveRows(), OldRows);
    }

    void twoRebuildsOfOneProjectionAreNotMadeAtOnce()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        const CtlRun second = m_fixture->rebuild();
        QVERIFY2(second.status == 1, qPrintable(second.err));
        QCOMPARE(wordOf(second, "result"), QStringLiteral("NOT_APPLIED"));
        QVERIFY2(second.err.contains(QStringLiteral("is being rebuilt already, by the rebuild %1").arg(job)), qPrintable(second.err));
        QCOMPARE(m_fixture->run(QStringLiteral("drop %1 --execute").arg(job)).status, 0);
        QCOMPARE(m_fixture->rebuild().status, 0);
    }

    void aLivingFillingIsNotGoneOnWith()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        m_fixture->sql("UPDATE streamgauge_rebuilds SET state = 'filling', heartbeat = CAST(strftime('%s', 'now') AS INTEGER) * 1000");
        const CtlRun refused = m_fixture->run(QStringLiteral("resume %1 --execute").arg(job));
        QVERIFY2(refused.status != 0 && refused.err.contains(QStringLiteral("are being written: the last sign of life was")), qPrintable(refused.err));
    }

    void aRebuildThatWasBegunElsewhereIsOnlyDropped()
    {
        const QString job = wordOf(m_fixture->rebuild(), "job");
        m_fixture->ctl().setVariable(QStringLiteral("XDG_DATA_HOME"), m_fixture->ctl().path(QStringLiteral("other"))); // another person's journal
        const CtlRun unknown = m_fixture->run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QCOMPARE(unknown.status, 1);
        QVERIFY2(unknown.err.contains(QStringLiteral("one that was begun elsewhere can only be dropped here, with --target")), qPrintable(unknown.err));
        const CtlRun dropped = m_fixture->run(QStringLiteral("drop %1 --target %2 --execute").arg(job, m_fixture->target()));
        QVERIFY2(dropped.status == 0, qPrintable(dropped.err));
        QVERIFY(dropped.json()[u"warnings"][0].toString().contains(QStringLiteral("begun by somebody else")));
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
    }

    void everyMistakeIsSaid_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("said");
        QTest::newRow("an unknown word") << QStringLiteral("rebuilt x") << 2 << QStringLiteral("“rebuilt” is not known");
        for (const char *step : {"resume", "swap", "swap-back", "drop", "diff"})
            QTest::newRow(step) << QString(QString::fromLatin1(step) + QStringLiteral(" nosuchjob")) << 1 << QStringLiteral("The journal knows no rebuild nosuchjob");
        QTest::newRow("no such target") << QStringLiteral("list sqlite:/nowhere/tables.db") << 1 << QStringLiteral("The folder of /nowhere/tables.db does not exist");
        QTest::newRow("a target that is no database") << QStringLiteral("list kafka://localhost:1") << 1 << QStringLiteral("is no database, so no read model can be in it");
        QTest::newRow("no file") << QStringLiteral("rebuild /nowhere.json --source SOURCE --target TARGET") << 1 << QStringLiteral("/nowhere.json cannot be read");
        QTest::newRow("no source") << QStringLiteral("rebuild FILE --target TARGET") << 2 << QStringLiteral("--source");
        QTest::newRow("no target") << QStringLiteral("rebuild FILE --source SOURCE") << 2 << QStringLiteral("--target");
        QTest::newRow("a folder as target") << QStringLiteral("rebuild FILE --source SOURCE --target sqlite:/tmp") << 1 << QStringLiteral("/tmp is a folder");
        QTest::newRow("an approval for ever") << QStringLiteral("rebuild FILE --source SOURCE --target TARGET --execute --for 25h") << 2 << QStringLiteral("--for: an approval is good for");
        QTest::newRow("a chunk that is no number") << QStringLiteral("rebuild FILE --source SOURCE --target TARGET --chunk few") << 2 << QStringLiteral("few");
    }
    void everyMistakeIsSaid()
    {
        QFETCH(QString, words);
        QFETCH(int, status);
        QFETCH(QString, said);
        const QString written = words.replace(QStringLiteral("FILE"), m_fixture->file()).replace(QStringLiteral("SOURCE"), m_fixture->source()).replace(QStringLiteral("TARGET"), m_fixture->target());
        const CtlRun run = m_fixture->run(written);
        QVERIFY2(run.err.contains(said), qPrintable(run.err));
        QCOMPARE(run.status, status);
        QCOMPARE(m_fixture->tables(), QStringLiteral("order_summary"));
    }

    void anotherStoreAtTheSamePlaceIsNoticed()
    {
        const QString plan = wordOf(m_fixture->ctl().run(m_fixture->rebuildArguments("plan")), "planId");
        const QString events = m_fixture->ctl().path(QStringLiteral("events.db"));
        QVERIFY(QFile::remove(events));
        m_fixture->append(orderEvent(1, "OrderPlaced", "order-1", R"({"total":1})")); // another store at the same place
        const CtlRun refused = m_fixture->ctl().run({QStringLiteral("apply"), plan, QStringLiteral("--json")});
        QVERIFY2(refused.status != 0, qPrintable(refused.err));
        QCOMPARE(m_fixture->liveRows(), OldRows);
    }

private:
    /// The kinds of its records, the newest first; all are as they were written, and none is open.
    void requireJournal(const QString &kinds)
    {
        const CtlRun journal = m_fixture->ctl().run({QStringLiteral("journal"), QStringLiteral("--json")});
        QStringList found;
        for (const QJsonValue &record : journal.json().array()) {
            found += record[u"kind"].toString();
            QVERIFY2(record[u"state"].toString() == u"DONE" || record[u"state"].toString() == u"PLANNED", qPrintable(record[u"state"].toString()));
        }
        QCOMPARE(found.join(u' '), kinds);
        const CtlRun verified = m_fixture->ctl().run({QStringLiteral("journal"), QStringLiteral("--verify"), QStringLiteral("--json")});
        QCOMPARE(verified.status, 0);
        QVERIFY(verified.json()[u"intact"].toBool());
    }

    std::unique_ptr<RebuildFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestCtlRebuild)
#include "tst_ctl_rebuild.moc"
