// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/throughput.h"

#include <QTest>

using models::connection::Throughput;

namespace {

connectors::StreamInfo stream(const QString &name, const QString &kind, qint64 end, std::optional<qint64> events = {})
{
    connectors::StreamInfo info;
    info.stream = name;
    info.kind = kind;
    connectors::PartitionExtent extent;
    extent.end = end;
    extent.events = events;
    info.partitions = {extent};
    return info;
}

const QString Payments = QStringLiteral("payments");

connectors::ConsumerStates at(qint64 checkpoint, connectors::ConsumerActivity activity)
{
    connectors::ConsumerState state;
    state.summary = {Payments, QStringLiteral("group"), activity};
    connectors::ConsumerPosition position;
    position.stream = QStringLiteral("orders");
    position.checkpoint = checkpoint;
    state.positions = {position};
    return {{state}, {}};
}

const QString Topic = QStringLiteral("topic");
const QString Category = QStringLiteral("category");

} // namespace

class TestThroughput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneReadingTellsNoRate()
    {
        Throughput throughput(Throughput::LocalFile);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10)}, {}}, 1000);
        QVERIFY(!throughput.in());
    }
    void endsThatMoveAreEventsThatCameIn()
    {
        Throughput throughput(Throughput::LocalFile);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10), stream(QStringLiteral("b"), Topic, 5)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 30), stream(QStringLiteral("b"), Topic, 5)}, {}}, 3000);
        QCOMPARE(throughput.in(), 10.0);
        QCOMPARE(throughput.in(QStringLiteral("b")), 0.0);
    }
    void categoriesAreCountedByTheirEvents()
    {
        // Positions are those of the whole store: both ends move by 30, but only 10 and 20 events are theirs.
        Throughput throughput(Throughput::LocalFile);
        throughput.addStreams({{stream(QStringLiteral("a-*"), Category, 100, 40), stream(QStringLiteral("b-*"), Category, 100, 60)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a-*"), Category, 130, 50), stream(QStringLiteral("b-*"), Category, 130, 80)}, {}}, 2000);
        QCOMPARE(throughput.in(), 30.0);
        QCOMPARE(throughput.in(QStringLiteral("a-*")), 10.0);
    }
    void aCategoryWhoseStreamsAreListedIsNotCountedTwice()
    {
        Throughput throughput(Throughput::LocalFile);
        const auto list = [](qint64 end) {
            return connectors::StreamList{{stream(QStringLiteral("a-*"), Category, end), stream(QStringLiteral("a-1"), Topic, end)}, {}};
        };
        throughput.addStreams(list(10), 1000);
        throughput.addStreams(list(20), 2000);
        QCOMPARE(throughput.in(), 10.0);
    }
    void aResetOfAConsumerThatNobodyRunsIsNotReading()
    {
        Throughput throughput(Throughput::LocalFile);
        throughput.addConsumers(at(100, connectors::ConsumerActivity::Empty), 1000);
        throughput.addConsumers(at(900, connectors::ConsumerActivity::Empty), 2000);
        QCOMPARE(throughput.out(), 0.0);
        QCOMPARE(throughput.out(Payments), 0.0);
        throughput.addConsumers(at(900, connectors::ConsumerActivity::Empty), 3000);
        throughput.addConsumers(at(950, connectors::ConsumerActivity::Empty), 4000);
        QCOMPARE(throughput.out(Payments), 0.0);
    }
    void whoReadsWithoutBeingAMemberGoesOnAndCounts()
    {
        Throughput throughput(Throughput::LocalFile);
        for (int poll = 0; poll < 4; ++poll)
            throughput.addConsumers(at(100 + poll * 50, connectors::ConsumerActivity::Empty), 1000 + poll * 1000);
        QCOMPARE(throughput.out(Payments), 50.0);
        QCOMPARE(throughput.out(), 50.0);
    }
    void aMembersCheckpointThatMovesIsReading()
    {
        Throughput throughput(Throughput::LocalFile);
        throughput.addConsumers(at(100, connectors::ConsumerActivity::Active), 1000);
        throughput.addConsumers(at(150, connectors::ConsumerActivity::Active), 2000);
        QCOMPARE(throughput.out(Payments), 50.0);
    }
    void aPollThatFollowsTooSoonTellsNoRate()
    {
        using connectors::ConsumerActivity;
        Throughput throughput(Throughput::Broker);
        throughput.addConsumers(at(0, ConsumerActivity::Active), 1'000);
        throughput.addConsumers(at(0, ConsumerActivity::Active), 2'000);
        QVERIFY(!throughput.out());
        throughput.addConsumers(at(400, ConsumerActivity::Active), 11'000);
        QCOMPARE(throughput.out(Payments), 40.0);
        throughput.addConsumers(at(400, ConsumerActivity::Active), 11'500); // F5, between two commits
        throughput.addConsumers(at(900, ConsumerActivity::Active), 12'000);
        QCOMPARE(throughput.out(Payments), 40.0);
        QCOMPARE(throughput.out(), 40.0);
        throughput.addConsumers(at(1'200, ConsumerActivity::Active), 21'000);
        QCOMPARE(throughput.out(Payments), 60.0); // over all of it
    }
    void endsAreNotMeasuredTooSoonEither()
    {
        Throughput throughput(Throughput::Broker);
        const auto poll = [&throughput](qint64 end, connectors::EpochMs time) {
            throughput.addStreams({{stream(QStringLiteral("a"), Topic, end)}, {}}, time);
        };
        poll(0, 1'000);
        poll(100, 11'000);
        poll(100, 11'300);
        QCOMPARE(throughput.in(), 10.0);
        QCOMPARE(throughput.in(QStringLiteral("a")), 10.0);
    }
    void whatWasBeforeTheWindowIsForgotten()
    {
        Throughput throughput(Throughput::Broker);
        const auto poll = [&throughput](qint64 end, connectors::EpochMs time) {
            throughput.addStreams({{stream(QStringLiteral("a"), Topic, end)}, {}}, time);
        };
        poll(0, 1'000);
        poll(0, 600'000); // after an outage
        QCOMPARE(throughput.in(), 0.0);
        poll(500, 610'000);
        QCOMPARE(throughput.in(), 50.0);
        for (int polls = 1; polls <= 4; ++polls)
            poll(500, 610'000 + polls * 10'000);
        QCOMPARE(throughput.in(), 0.0);
    }
    void whatWentBackDoesNotCount()
    {
        Throughput throughput(Throughput::LocalFile);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 2)}, {}}, 2000);
        QCOMPARE(throughput.in(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestThroughput)
#include "tst_throughput.moc"
