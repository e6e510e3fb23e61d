// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "tests/app/ctl/rebuild_fixture.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using tests::CtlProcess;
using tests::CtlRun;
using tests::orderEvent;
using tests::RebuildFixture;

/// `projection run`: the one that keeps swapped tables up to date.
class TestCtlProjectionRun final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<RebuildFixture>();
        m_fixture->append(orderEvent(1, "OrderPlaced", "order-1", R"({"total":1})"));
        m_job = rebuildAndSwap();
    }

    void cleanup()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void eventsAreAppliedAsTheyComeUntilItIsStopped()
    {
        startRunning();
        m_fixture->append(orderEvent(2, "OrderPlaced", "order-2", R"({"total":2})"));
        QTRY_COMPARE_WITH_TIMEOUT(m_fixture->liveRows(), QStringLiteral("order-1 1 placed 1|order-2 2 placed 1"), 20'000);
        m_fixture->append(orderEvent(3, "OrderShipped", "order-1"));
        QTRY_COMPARE_WITH_TIMEOUT(m_fixture->liveRows(), QStringLiteral("order-1 1 shipped 2|order-2 2 placed 1"), 20'000);
        const CtlRun ended = stop();
        QVERIFY2(ended.status == 0, qPrintable(ended.err));
        QCOMPARE(ended.json()[u"result"].toString(), QStringLiteral("DONE"));
        QCOMPARE(ended.json()[u"events"].toInt(), 3);
        startRunning(); // another may follow at once, and goes on where it was
        QCOMPARE(stop().json()[u"events"].toInt(), 3);
        QCOMPARE(m_fixture->liveRows(), QStringLiteral("order-1 1 shipped 2|order-2 2 placed 1"));
    }

    void aSecondOneIsRefusedWhileTheFirstLives()
    {
        startRunning();
        const CtlRun second = m_fixture->run(QStringLiteral("run %1 --execute").arg(m_job));
        QVERIFY(second.status != 0);
        QVERIFY2(second.err.contains(QStringLiteral("under way")) || second.err.contains(QStringLiteral("are being written")), qPrintable(second.err));
        QCOMPARE(stop().status, 0);
    }

    void theNextVersionIsRebuiltBesideItAndItsSwapEndsIt()
    {
        startRunning();
        const QString next = rebuildAndSwap();
        QVERIFY(next != m_job);
        m_fixture->append(orderEvent(2, "OrderPlaced", "order-2", R"({"total":2})"));
        const CtlRun ended = CtlProcess::finish(m_process);
        QVERIFY(ended.status != 0);
        QVERIFY2(ended.err.contains(QStringLiteral("belongs to another process by now")), qPrintable(ended.err));
        QCOMPARE(m_fixture->liveRows(), QStringLiteral("order-1 1 placed 1")); // of the swap: whoever was fenced out wrote nothing
        const QJsonArray list = m_fixture->run(QStringLiteral("list ") + m_fixture->target()).json().array();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0][u"state"].toString(), QStringLiteral("replaced"));
        QCOMPARE(list[1][u"state"].toString(), QStringLiteral("swapped"));
    }

    void oneThatIsKilledIsFollowedWhenItsLeaseIsOver()
    {
        startRunning();
        m_process.kill();
        m_process.waitForFinished();
        const CtlRun early = m_fixture->run(QStringLiteral("run %1 --execute").arg(m_job));
        QVERIFY2(early.status != 0 && early.err.contains(QStringLiteral("are being written")), qPrintable(early.err));
        m_fixture->forgetSignsOfLife();
        startRunning();
        QCOMPARE(stop().status, 0);
    }

    void aProjectorThatIsNamedIsLookedAtAfterTheSwap_data()
    {
        QTest::addColumn<qint64>("checkpoint"); // of the projector; −1: there is none
        QTest::addColumn<bool>("isMoving");
        QTest::addColumn<QString>("seen");
        QTest::addColumn<QString>("words");
        QTest::newRow("it goes on") << qint64{1} << true << QStringLiteral("moving") << QStringLiteral("“projector” goes on.");
        QTest::newRow("it has read everything") << qint64{3} << false << QStringLiteral("moving") << QStringLiteral("“projector” goes on.");
        QTest::newRow("it stands still") << qint64{1} << false << QStringLiteral("still") << QStringLiteral("has not moved its checkpoint since the swap");
        QTest::newRow("nobody is called so") << qint64{-1} << false << QStringLiteral("unknown") << QStringLiteral("cannot be told");
    }
    void aProjectorThatIsNamedIsLookedAtAfterTheSwap()
    {
        QFETCH(const qint64, checkpoint);
        QFETCH(const bool, isMoving);
        QFETCH(const QString, seen);
        QFETCH(const QString, words);
        m_fixture->append(orderEvent(2, "OrderShipped", "order-1"));
        if (checkpoint >= 0)
            saveCheckpoint(checkpoint);
        const QString job = m_fixture->rebuild().json()[u"job"].toString();
        m_fixture->ctl().start(&m_process, {QStringLiteral("projection"), QStringLiteral("swap"), job, QStringLiteral("--writer"), QStringLiteral("projector"), QStringLiteral("--patience"),
                                            isMoving ? QStringLiteral("60s") : QStringLiteral("1s"), QStringLiteral("--execute"), QStringLiteral("--json")});
        qint64 next = checkpoint;
        const auto hasEnded = [&] {
            if (isMoving && next == checkpoint && m_process.readAllStandardError().contains("Looking whether"))
                saveCheckpoint(++next);
            return m_process.state() == QProcess::NotRunning;
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(), 30'000);
        const CtlRun swapped = CtlProcess::finish(m_process);
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        QCOMPARE(swapped.json()[u"writer"].toString(), seen);
        QVERIFY2(swapped.err.contains(words), qPrintable(swapped.err));
    }

    void tablesThatAreNotLiveAreNotKeptUpToDate()
    {
        QCOMPARE(m_fixture->run(QStringLiteral("swap-back %1 --execute").arg(m_job)).status, 0);
        const CtlRun refused = m_fixture->run(QStringLiteral("run %1 --execute").arg(m_job));
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("nothing to keep up to date")), qPrintable(refused.err));
    }

private:
    /// Of the consumer “projector”, in the event store.
    void saveCheckpoint(qint64 position) const
    {
        const auto database = connectors::eventstore::openForWriting(m_fixture->source().mid(7), false);
        connectors::eventstore::StoreWriter writer(*database);
        connectors::sqlite::Transaction transaction(*database, connectors::sqlite::Transaction::Kind::Write);
        writer.saveCheckpoint(QStringLiteral("projector"), QStringLiteral("order-*"), position, {}, 1'700'000'000'000);
        transaction.commit();
    }

    [[nodiscard]] QString rebuildAndSwap()
    {
        const CtlRun filled = m_fixture->rebuild();
        const QString job = filled.json()[u"job"].toString();
        const CtlRun swapped = m_fixture->run(QStringLiteral("swap %1 --writer run --execute").arg(job));
        if (filled.status != 0 || swapped.status != 0)
            qFatal("%s", qPrintable(filled.err + swapped.err));
        return job;
    }

    /// Until it gives a sign of life.
    void startRunning()
    {
        const QString before = heartbeat();
        m_fixture->ctl().start(&m_process, {QStringLiteral("projection"), QStringLiteral("run"), m_job, QStringLiteral("--execute"), QStringLiteral("--json")});
        QTRY_VERIFY_WITH_TIMEOUT(heartbeat() != before && heartbeat() != u"0" && heartbeat() != u"1", 20'000);
    }

    [[nodiscard]] QString heartbeat() const { return m_fixture->sql("SELECT heartbeat FROM streamgauge_rebuilds WHERE job = '" + m_job.toLatin1() + "'"); }

    [[nodiscard]] CtlRun stop()
    {
        ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
        return CtlProcess::finish(m_process);
    }

    std::unique_ptr<RebuildFixture> m_fixture;
    QString m_job;
    QProcess m_process;
};

QTEST_GUILESS_MAIN(TestCtlProjectionRun)
#include "tst_ctl_projection_run.moc"
