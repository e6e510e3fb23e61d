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
        Throughput throughput;
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10)}, {}}, 1000);
        QVERIFY(!throughput.in());
    }
    void endsThatMoveAreEventsThatCameIn()
    {
        Throughput throughput;
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10), stream(QStringLiteral("b"), Topic, 5)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 30), stream(QStringLiteral("b"), Topic, 5)}, {}}, 3000);
        QCOMPARE(throughput.in(), 10.0);
        QCOMPARE(throughput.in(QStringLiteral("b")), 0.0);
    }
    void categoriesAreCountedByTheirEvents()
    {
        // Positions are those of the whole store: both ends move by 30, but only 10 and 20 events are theirs.
        Throughput throughput;
        throughput.addStreams({{stream(QStringLiteral("a-*"), Category, 100, 40), stream(QStringLiteral("b-*"), Category, 100, 60)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a-*"), Category, 130, 50), stream(QStringLiteral("b-*"), Category, 130, 80)}, {}}, 2000);
        QCOMPARE(throughput.in(), 30.0);
        QCOMPARE(throughput.in(QStringLiteral("a-*")), 10.0);
    }
    void aCategoryWhoseStreamsAreListedIsNotCountedTwice()
    {
        Throughput throughput;
        const auto list = [](qint64 end) {
            return connectors::StreamList{{stream(QStringLiteral("a-*"), Category, end), stream(QStringLiteral("a-1"), Topic, end)}, {}};
        };
        throughput.addStreams(list(10), 1000);
        throughput.addStreams(list(20), 2000);
        QCOMPARE(throughput.in(), 10.0);
    }
    void aResetOfAConsumerThatNobodyRunsIsNotReading()
    {
        Throughput throughput;
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
        Throughput throughput;
        for (int poll = 0; poll < 4; ++poll)
            throughput.addConsumers(at(100 + poll * 50, connectors::ConsumerActivity::Empty), 1000 + poll * 1000);
        QCOMPARE(throughput.out(Payments), 50.0);
        QCOMPARE(throughput.out(), 50.0);
    }
    void aMembersCheckpointThatMovesIsReading()
    {
        Throughput throughput;
        throughput.addConsumers(at(100, connectors::ConsumerActivity::Active), 1000);
        throughput.addConsumers(at(150, connectors::ConsumerActivity::Active), 2000);
        QCOMPARE(throughput.out(Payments), 50.0);
    }
    void whatWentBackDoesNotCount()
    {
        Throughput throughput;
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 10)}, {}}, 1000);
        throughput.addStreams({{stream(QStringLiteral("a"), Topic, 2)}, {}}, 2000);
        QCOMPARE(throughput.in(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestThroughput)
#include "tst_throughput.moc"
