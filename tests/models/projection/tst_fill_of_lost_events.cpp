// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/projection/filling.h"

using namespace connectors;
using tests::addOrders;
using tests::FakeLog;
using tests::Filling;
using tests::MemoryTables;
using tests::Topic;
using tests::wordsOf;

/// What a filling makes of events that are gone before it has applied them.
class TestFillOfLostEvents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatRetentionTakesBeforeItIsAppliedIsRefused_data()
    {
        QTest::addColumn<qint64>("start");
        QTest::newRow("of the range that was begun") << qint64{6};
        QTest::newRow("all that was begun, and later ones") << qint64{12};
    }
    void whatRetentionTakesBeforeItIsAppliedIsRefused()
    {
        QFETCH(qint64, start);
        FakeLog log;
        addOrders(log, 1, 10, 1);
        MemoryTables tables;
        log.failAfter(5, {ErrorCode::Cancelled, {}, {}, false});
        QVERIFY(!Filling(log, tables).run());
        addOrders(log, 1, 10, 2);
        log.removeBefore(Topic, 0, start);
        const QString before = tables.text();
        const Result<void> refused = Filling(log, tables).run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("no longer stored: it was read up to 5 and begins at %1 now").arg(start)), wordsOf(refused));
        QCOMPARE(tables.text(), before);
    }

    void whatRetentionTakesOfWhatCameAfterAWholeRangeIsRefusedToo()
    {
        FakeLog log;
        addOrders(log, 1, 10, 1);
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        log.removeBefore(Topic, 0, 10); // all of these were applied
        QVERIFY(Filling(log, tables).run());
        addOrders(log, 1, 10, 2);
        log.removeBefore(Topic, 0, 15);
        const Result<void> refused = Filling(log, tables).run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("it was read up to 10 and begins at 15 now")), wordsOf(refused));
    }

    void whatRetentionTakesWhileItIsReadEndsTheFilling()
    {
        FakeLog log;
        addOrders(log, 1, 20, 1);
        log.loseWhileReading(Topic, 0, 6, 9);
        MemoryTables tables;
        Filling filling(log, tables);
        filling.options.chunkEvents = 2;
        const Result<void> refused = filling.run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("it was read up to 6 and begins at 9 now")), wordsOf(refused));
        QCOMPARE(tables.checkpoint.positions.front().next, 6);
        QVERIFY(!filling.run()); // nor is it taken for whole by the next run
    }

    void aTopicThatIsGoneOrMadeAnewIsRefused()
    {
        FakeLog log;
        log.addTopic(QStringLiteral("returns"), 1);
        addOrders(log, 1, 10, 1);
        log.add(QStringLiteral("returns"), 0, "OrderCancelled", "o-1", "{}");
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        log.removeTopic(QStringLiteral("returns"));
        const Result<void> gone = Filling(log, tables).run();
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::Refused);
        QVERIFY2(gone.error().message.contains(QStringLiteral("“returns”")), wordsOf(gone));
        log.addTopic(QStringLiteral("returns"), 1);
        const Result<void> anew = Filling(log, tables).run();
        QVERIFY(!anew);
        QCOMPARE(anew.error().code, ErrorCode::Refused);
        QVERIFY2(anew.error().message.contains(QStringLiteral("made anew")), wordsOf(anew));
    }
};

QTEST_GUILESS_MAIN(TestFillOfLostEvents)
#include "tst_fill_of_lost_events.moc"
