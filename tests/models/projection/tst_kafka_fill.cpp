// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "tests/models/projection/filling.h"
#include "tests/support/kafka_server.h"
#include "tests/support/verify_done.h"

using namespace connectors;
using tests::Filling;
using tests::MemoryTables;
using tests::TestRecord;
using tests::wordsOf;

namespace {

TestRecord record(int partition, int number, const QByteArray &type, const QByteArray &order)
{
    TestRecord record;
    record.partition = partition;
    record.key = order;
    record.value = R"({"eventId":"e-)" + QByteArray::number(number) + R"(","eventType":")" + type + R"(","aggregateId":")" + order
        + R"(","timestamp":"2026-03-01T12:00:00Z","version":1,"correlationId":"c","causationId":null,"data":{"total":)" + QByteArray::number(number) + "}}";
    return record;
}

} // namespace

/// Filling from a real Kafka.
class TestKafkaFill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_KAFKA(); }

    void init()
    {
        m_topic = tests::uniqueName(QStringLiteral("fill"));
        m_producer = std::make_unique<tests::KafkaProducer>(tests::kafkaBootstrap());
        m_producer->createTopic(m_topic, 3);
        m_connector = kafka::openKafka(tests::kafkaSpec(tests::kafkaBootstrap()), {}).value();
    }
    void cleanup()
    {
        m_connector.reset();
        m_producer->deleteTopic(m_topic);
    }

    void partitionsOfOneRowAndInterruptionsGiveTheSameRows()
    {
        writeOrders(120);
        MemoryTables expected;
        VERIFY_DONE(filling(expected).run());
        QCOMPARE(expected.checkpoint.events, 120);
        MemoryTables whole;
        Filling inChunks = filling(whole);
        inChunks.options.chunkEvents = 7;
        inChunks.options.rowBytes = 1;
        VERIFY_DONE(inChunks.run());
        QCOMPARE(whole.text(), expected.text());
        for (int failing = 0; failing < whole.stores; failing += 4) {
            MemoryTables tables;
            tables.failingStore = failing;
            Filling interrupted = filling(tables);
            interrupted.options.chunkEvents = 7;
            QVERIFY(!interrupted.run());
            VERIFY_DONE(interrupted.run());
            QCOMPARE(tables.text(), expected.text());
            QCOMPARE(tables.checkpoint.hash, expected.checkpoint.hash);
        }
    }

    void whatComesLaterIsAppliedOnce()
    {
        writeOrders(30);
        MemoryTables tables;
        VERIFY_DONE(filling(tables).run());
        const QString before = tables.text();
        VERIFY_DONE(filling(tables).run());
        QCOMPARE(tables.text(), before);
        for (int partition = 0; partition < 3; ++partition) // each behind places of the others that are higher
            m_producer->write(m_topic, {record(partition, 7, "OrderPlaced", "o-new")});
        VERIFY_DONE(filling(tables).run());
        QVERIFY2(tables.text(false).contains(QStringLiteral("0 o-new 21 placed 3")), qPrintable(tables.text(false)));
    }

    void transactionsLeaveGapsThatAreNoLoss()
    {
        tests::KafkaProducer transactional(tests::kafkaBootstrap(), m_topic);
        for (int i = 0; i < 4; ++i) {
            transactional.begin();
            transactional.write(m_topic, {record(0, i, "OrderPlaced", "o-1"), record(1, i, "OrderPlaced", "o-1")});
            transactional.end(i % 2 == 0);
        }
        MemoryTables tables;
        Filling chunks = filling(tables);
        chunks.options.chunkEvents = 1;
        VERIFY_DONE(chunks.run());
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 4 placed 4")); // 0 and 2, from two partitions
        for (const SourcePosition &position : tables.checkpoint.positions)
            QCOMPARE(position.next, position.to);
        m_producer->deleteRecordsBefore(m_topic, 0, 4); // all of which was applied
        VERIFY_DONE(chunks.run());
    }

    void whatRetentionTakesBeforeItIsAppliedIsRefused()
    {
        writeOrders(60);
        MemoryTables tables;
        tables.failingStore = 1;
        Filling first = filling(tables);
        first.options.chunkEvents = 5;
        QVERIFY(!first.run());
        QCOMPARE(tables.checkpoint.events, 5);
        m_producer->deleteRecordsBefore(m_topic, 0, 9);
        const Result<void> refused = filling(tables).run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("it was read up to 5 and begins at 9 now")), wordsOf(refused));
    }

    void aTopicThatIsMadeAnewIsRefused()
    {
        writeOrders(30);
        MemoryTables tables;
        VERIFY_DONE(filling(tables).run());
        m_producer->deleteTopic(m_topic);
        m_producer->createTopic(m_topic, 3);
        m_producer->write(m_topic, {record(0, 1, "OrderPlaced", "o-1")});
        Result<void> refused;
        const auto isTold = [&] { // a broker needs a moment before it tells where all partitions of the new one begin and end
            refused = filling(tables).run();
            return !refused && refused.error().code != ErrorCode::Incomplete;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isTold(), 60'000);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("it was made anew")), wordsOf(refused));
    }

private:
    Filling filling(MemoryTables &tables) { return Filling(*m_connector, tables, QByteArray(tests::ShopProjection).replace("\"orders\"", QByteArray('"' + m_topic.toUtf8() + '"'))); }

    /// Orders whose events are in whichever partition comes next.
    void writeOrders(int events)
    {
        std::vector<TestRecord> records;
        for (int i = 0; i < events; ++i)
            records.push_back(record(i % 3, i, i % 11 == 10 ? "OrderCancelled" : i % 4 == 3 ? "OrderShipped" : "OrderPlaced", "o-" + QByteArray::number(i % 7)));
        m_producer->write(m_topic, records);
    }

    QString m_topic;
    std::unique_ptr<tests::KafkaProducer> m_producer;
    std::shared_ptr<Connector> m_connector;
};

QTEST_GUILESS_MAIN(TestKafkaFill)
#include "tst_kafka_fill.moc"
