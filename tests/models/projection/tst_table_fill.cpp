// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/projection/filling.h"

using namespace connectors;
using models::projection::TableFill;
using tests::addOrders;
using tests::FakeLog;
using tests::Filling;
using tests::GiantChunk;
using tests::MemoryTables;
using tests::MuchMemory;
using tests::Topic;
using tests::wordsOf;

namespace {

/// One of “a” first, so that an event that cannot be applied has half been so.
QByteArray twoLines(const char *sku, const char *pieces)
{
    QByteArray data = R"json({"total":1,"lines":[{"sku":"a","place":1,"pieces":1},{"sku":"SKU","place":1,"pieces":PIECES}]})json";
    return data.replace("SKU", sku).replace("PIECES", pieces);
}

} // namespace

class TestTableFill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chunksOfAnySizeGiveTheSameRowsAndTheSameHash_data()
    {
        QTest::addColumn<int>("partitions");
        QTest::addColumn<qint64>("chunkEvents");
        QTest::addColumn<qint64>("rowBytes");
        for (const int partitions : {1, 3}) {
            for (const qint64 chunk : {qint64{1}, qint64{7}, qint64{1000}}) {
                for (const qint64 bytes : {qint64{1}, qint64{2000}, MuchMemory})
                    QTest::addRow("%d partitions, chunks of %lld, %lld bytes", partitions, static_cast<long long>(chunk), static_cast<long long>(bytes)) << partitions << chunk << bytes;
            }
        }
    }
    void chunksOfAnySizeGiveTheSameRowsAndTheSameHash()
    {
        QFETCH(int, partitions);
        QFETCH(qint64, chunkEvents);
        QFETCH(qint64, rowBytes);
        FakeLog log;
        log.addTopic(Topic, partitions);
        addOrders(log, partitions, 300, 7);
        MemoryTables expected;
        QVERIFY(Filling(log, expected).run());
        QVERIFY(expected.rows.size() > 20);
        QCOMPARE(expected.loads, 0); // it began empty, and all fits into memory
        MemoryTables tables;
        Filling filling(log, tables);
        filling.options.chunkEvents = chunkEvents;
        filling.options.rowBytes = rowBytes;
        QVERIFY(filling.run());
        QCOMPARE(tables.text(), expected.text());
        QCOMPARE(tables.checkpoint, expected.checkpoint);
        QCOMPARE(tables.checkpoint.events, 300);
        QCOMPARE(filling.told, 300);
        const bool isStoredOften = chunkEvents < 100 || partitions > 1;
        QCOMPARE(tables.loads > 0, rowBytes < MuchMemory && isStoredOften); // what was forgotten is loaded again
    }

    void aFillingThatEndsAnywhereIsGoneOnWithToTheSameRows_data()
    {
        QTest::addColumn<int>("partitions");
        QTest::addColumn<qint64>("chunkEvents");
        QTest::newRow("one partition, every event a chunk") << 1 << qint64{1};
        QTest::newRow("one partition, chunks of 7") << 1 << qint64{7};
        QTest::newRow("three partitions, chunks of 7") << 3 << qint64{7};
        QTest::newRow("three partitions, one chunk") << 3 << GiantChunk;
    }
    void aFillingThatEndsAnywhereIsGoneOnWithToTheSameRows()
    {
        QFETCH(int, partitions);
        QFETCH(qint64, chunkEvents);
        constexpr int Events = 60;
        FakeLog log;
        log.addTopic(Topic, partitions);
        addOrders(log, partitions, Events, 11);
        MemoryTables expected;
        QVERIFY(Filling(log, expected).run());
        for (int end = 0; end < Events; ++end) {
            MemoryTables tables;
            Filling filling(log, tables);
            filling.options.chunkEvents = chunkEvents;
            log.failAfter(end, {ErrorCode::Cancelled, QStringLiteral("Reading the events was cancelled."), {}, false});
            const Result<void> ended = filling.run();
            QVERIFY(!ended);
            QCOMPARE(ended.error().code, ErrorCode::Cancelled);
            QCOMPARE(tables.checkpoint.events, end); // what was applied so far is stored too
            QVERIFY2(filling.run(), "it cannot be gone on with");
            QCOMPARE(tables.text(), expected.text());
            QCOMPARE(tables.checkpoint.hash, expected.checkpoint.hash);
            QCOMPARE(tables.checkpoint.events, expected.checkpoint.events);
        }
    }

    void cancellingIsToldAndGoneOnWith()
    {
        FakeLog log;
        addOrders(log, 1, 50, 3);
        MemoryTables expected;
        QVERIFY(Filling(log, expected).run());
        MemoryTables tables;
        std::stop_source stop;
        log.afterRead = [&stop] { stop.request_stop(); };
        const Result<void> ended = Filling(log, tables).run(stop.get_token());
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, ErrorCode::Cancelled);
        log.afterRead = {};
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.text(), expected.text());
        QCOMPARE(tables.checkpoint, expected.checkpoint);
    }

    void aStoreThatFailsLosesNothing()
    {
        FakeLog log;
        log.addTopic(Topic, 2);
        addOrders(log, 2, 80, 5);
        MemoryTables expected;
        Filling uninterrupted(log, expected);
        uninterrupted.options.chunkEvents = 9;
        QVERIFY(uninterrupted.run());
        const int stores = expected.stores;
        QVERIFY(stores > 8);
        for (int failing = 0; failing < stores; ++failing) {
            MemoryTables tables;
            tables.failingStore = failing;
            Filling filling(log, tables);
            filling.options.chunkEvents = 9;
            const Result<void> failed = filling.run();
            QVERIFY(!failed);
            QCOMPARE(failed.error().code, ErrorCode::StorageFailed);
            QCOMPARE(tables.stores, failing + 1); // what could not be stored is not said to be so afterwards
            const Result<void> filled = filling.run();
            QVERIFY2(filled, wordsOf(filled));
            QCOMPARE(tables.text(), expected.text());
            QCOMPARE(tables.checkpoint.hash, expected.checkpoint.hash);
        }
    }

    void aPoisonEventEndsTheFillingAtItsPlaceAndWhatCameBeforeIsStored()
    {
        FakeLog log;
        log.add(Topic, 0, "OrderPlaced", "o-1", R"({"total":1})");
        log.add(Topic, 0, "OrderPlaced", "o-2", R"({"total":"much"})");
        log.add(Topic, 0, "OrderPlaced", "o-3", R"({"total":3})");
        MemoryTables tables;
        Filling filling(log, tables);
        const Result<void> poisoned = filling.run();
        QVERIFY(!poisoned);
        QCOMPARE(poisoned.error().code, ErrorCode::Unreadable);
        QVERIFY2(poisoned.error().message.contains(QStringLiteral("position 1 of “orders” has \"much\" at /data/total")), wordsOf(poisoned));
        QCOMPARE(tables.text(), QStringLiteral("0 o-1 1 placed 1 @0"));
        QCOMPARE(tables.checkpoint.positions.front().next, 1);
        QCOMPARE(tables.checkpoint.events, 1);
        QVERIFY(!filling.run()); // it is still there
        filling.options.isParking = true;
        QVERIFY(filling.run());
        QCOMPARE(tables.text(), QStringLiteral("0 o-1 1 placed 1 @0\n0 o-3 3 placed 1 @2"));
        QCOMPARE(tables.checkpoint.parked.size(), size_t{1});
        QCOMPARE(tables.checkpoint.parked.front().address, (EventAddress{Topic, 0, 1}));
        QVERIFY(tables.checkpoint.parked.front().why.contains(QStringLiteral("much")));
        QCOMPARE(tables.checkpoint.events, 3);
    }

    void aSumThatDoesNotFitIsAPoisonEventToo_data()
    {
        QTest::addColumn<qint64>("chunkEvents");
        for (const qint64 chunk : {qint64{1}, qint64{2}, GiantChunk})
            QTest::addRow("chunks of %lld", static_cast<long long>(chunk)) << chunk;
    }
    void aSumThatDoesNotFitIsAPoisonEventToo()
    {
        QFETCH(qint64, chunkEvents);
        FakeLog log;
        log.add(Topic, 0, "OrderPlaced", "o-1", twoLines("s", "9223372036854775807"));
        log.add(Topic, 0, "OrderPlaced", "o-2", twoLines("s", "1")); // beyond 64 bits, when half of what it does is done
        log.add(Topic, 0, "OrderPlaced", "o-3", twoLines("t", "1"));
        MemoryTables tables;
        Filling filling(log, tables);
        filling.options.chunkEvents = chunkEvents;
        const Result<void> poisoned = filling.run();
        QVERIFY(!poisoned);
        QVERIFY2(poisoned.error().message.contains(QStringLiteral("At position 1 the sum of 9223372036854775807 and 1 does not fit the column “sold”")), wordsOf(poisoned));
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 1 placed 1\n1 a 1 1\n1 s 1 9223372036854775807"));
        QCOMPARE(tables.checkpoint.positions.front().next, 1);
        QCOMPARE(tables.checkpoint.events, 1);
        filling.options.isParking = true;
        const Result<void> filled = filling.run();
        QVERIFY2(filled, wordsOf(filled));
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 1 placed 1\n0 o-3 1 placed 1\n1 a 1 2\n1 s 1 9223372036854775807\n1 t 1 1"));
        QCOMPARE(tables.checkpoint.parked.size(), size_t{1});
        QCOMPARE(tables.checkpoint.parked.front().address, (EventAddress{Topic, 0, 1}));
        QCOMPARE(tables.checkpoint.events, 3);
    }

    void tooManyParkedEventsEndTheFilling()
    {
        FakeLog log;
        for (size_t i = 0; i <= TableFill::MostParked; ++i)
            log.add(Topic, 0, "OrderPlaced", "o-1", R"({"total":"much"})");
        MemoryTables tables;
        Filling filling(log, tables);
        filling.options.isParking = true;
        const Result<void> ended = filling.run();
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, ErrorCode::Refused);
        QVERIFY2(ended.error().message.startsWith(QStringLiteral("More than 1000 events do not fit")), wordsOf(ended));
        QCOMPARE(tables.checkpoint.parked.size(), TableFill::MostParked);
    }

    void eventsThatComeMeanwhileAreApplied()
    {
        FakeLog log;
        for (int i = 0; i < 2000; ++i)
            log.add(Topic, 0, "OrderPlaced", "o-1", R"({"total":1})");
        int reads = 0;
        log.afterRead = [&] { // while much comes, it goes on
            for (int i = 0; i < 1500 && reads < 2; ++i)
                log.add(Topic, 0, "OrderPlaced", "o-2", R"({"total":1})");
            ++reads;
        };
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.text(), QStringLiteral("0 o-1 2000 placed 2000 @1999\n0 o-2 3000 placed 3000 @4999"));
        log.afterRead = {};
        log.add(Topic, 0, "OrderCancelled", "o-2", "{}");
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.text(), QStringLiteral("0 o-1 2000 placed 2000 @1999"));
        QCOMPARE(tables.checkpoint.events, 5001);
    }

    void applyingTheSameRangeTwiceChangesNothing()
    {
        FakeLog log;
        log.addTopic(Topic, 3);
        addOrders(log, 3, 200, 21);
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        const MemoryTables before = tables;
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.stores, before.stores); // nothing came, so nothing is stored
        // As if the checkpoint were lost and the rows not: every event but those of rows that are gone is known by its place.
        for (SourcePosition &position : tables.checkpoint.positions)
            position.next = 0;
        tables.checkpoint.events = 1;
        std::erase_if(tables.rows, [](const auto &row) { return row.first.first == 0; });
        MemoryTables stock = before;
        std::erase_if(stock.rows, [](const auto &row) { return row.first.first == 0; });
        QVERIFY(Filling(log, tables, QByteArray(tests::ShopProjection).replace("\"add\": {\"events\": 1, \"total\": \"/data/total\"}", "\"add\": {}")).run());
        std::erase_if(tables.rows, [](const auto &row) { return row.first.first == 0; });
        QCOMPARE(tables.text(), stock.text());
    }

    void aRowIsDeletedAndMadeAgain()
    {
        FakeLog log;
        const auto place = [&log](const char *total) { log.add(Topic, 0, "OrderPlaced", "o-1", R"({"total":)" + QByteArray(total) + '}'); };
        place("1");
        log.add(Topic, 0, "OrderCancelled", "o-1", "{}");
        log.add(Topic, 0, "OrderShipped", "o-1", "{}"); // of nothing
        place("2");
        log.add(Topic, 0, "OrderCancelled", "o-1", "{}");
        place("3");
        for (const qint64 chunk : {qint64{1}, qint64{2}, GiantChunk}) {
            MemoryTables tables;
            Filling filling(log, tables);
            filling.options.chunkEvents = chunk;
            QVERIFY(filling.run());
            QCOMPARE(tables.text(), QStringLiteral("0 o-1 3 placed 1 @5"));
        }
    }

    void aRowThatTwoPartitionsChangeGetsEveryChangeOnce()
    {
        FakeLog log;
        log.addTopic(Topic, 2);
        for (int i = 0; i < 10; ++i)
            log.add(Topic, i % 2, "OrderPlaced", "o-1", R"({"total":1})");
        MemoryTables tables;
        for (int i = 0; i < 4; ++i) { // places of both partitions below and above what was applied already
            const Result<void> filled = Filling(log, tables).run();
            QVERIFY2(filled, wordsOf(filled));
            QCOMPARE(tables.text(false), QStringLiteral("0 o-1 %1 placed %1").arg(10 + i));
            log.add(Topic, i % 2, "OrderPlaced", "o-1", R"({"total":1})");
        }
    }

    void aPartitionOrTopicThatIsAddedLaterIsReadWhole()
    {
        FakeLog log;
        log.addTopic(Topic, 1);
        for (int i = 0; i < 5; ++i)
            log.add(Topic, 0, "OrderPlaced", "o-1", R"({"total":1})");
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        log.add(Topic, 1, "OrderPlaced", "o-1", R"({"total":1})");
        log.add(QStringLiteral("returns"), 0, "OrderPlaced", "o-1", R"({"total":1})");
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 7 placed 7"));
    }

    void aStoreIsReadInItsGlobalOrder()
    {
        FakeLog log(FakeLog::Kind::Store);
        log.add(QStringLiteral("orders"), 0, "OrderPlaced", "o-1", R"({"total":1})");
        log.add(QStringLiteral("invoices"), 0, "OrderPlaced", "o-9", R"({"total":1})"); // none of its streams
        log.add(QStringLiteral("returns"), 0, "OrderCancelled", "o-1", "{}");
        log.add(QStringLiteral("orders"), 0, "OrderPlaced", "o-1", R"({"total":2})");
        MemoryTables tables;
        QVERIFY(Filling(log, tables).run());
        QCOMPARE(tables.text(), QStringLiteral("0 o-1 2 placed 1 @3"));
        QCOMPARE(tables.checkpoint.events, 3);
        QCOMPARE(tables.checkpoint.positions.front().next, 4);
    }

};

QTEST_GUILESS_MAIN(TestTableFill)
#include "tst_table_fill.moc"
