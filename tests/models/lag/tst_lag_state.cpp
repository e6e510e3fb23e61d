// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lag/consumer_lag.h"

#include <QTest>

using namespace models::lag;
using connectors::ConsumerActivity;
using connectors::ConsumerPosition;
using Number = std::optional<qint64>;
Q_DECLARE_METATYPE(Number)

namespace {

ConsumerPosition positionOf(Number checkpoint, Number start, Number end)
{
    ConsumerPosition position;
    position.stream = QStringLiteral("orders");
    position.checkpoint = checkpoint;
    position.start = start;
    position.end = end;
    return position;
}

connectors::Error someError()
{
    return {connectors::ErrorCode::TimedOut, QStringLiteral("broker 2 did not answer"), {}, true};
}

} // namespace

class TestLagState final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCaseHasItsState_data()
    {
        QTest::addColumn<Number>("checkpoint");
        QTest::addColumn<Number>("start");
        QTest::addColumn<Number>("end");
        QTest::addColumn<int>("activity");
        QTest::addColumn<bool>("isTransactional");
        QTest::addColumn<bool>("hadCheckpoint");
        QTest::addColumn<QString>("state");
        QTest::addColumn<Number>("lag");
        QTest::addColumn<Number>("lost");

        const auto row = [](const char *name, Number checkpoint, Number start, Number end, ConsumerActivity activity, const char *state, Number lag,
                            Number lost = {}, bool isTransactional = false, bool hadCheckpoint = false) {
            QTest::newRow(name) << checkpoint << start << end << static_cast<int>(activity) << isTransactional << hadCheckpoint
                                << QString::fromLatin1(state) << lag << lost;
        };
        const auto active = ConsumerActivity::Active;
        const auto empty = ConsumerActivity::Empty;
        row("at the end", 10, 0, 10, active, "caughtUp", 0);
        row("at the end, nobody reads", 10, 0, 10, empty, "caughtUp", 0);
        row("empty partition", 0, 0, 0, active, "caughtUp", 0);
        row("behind, members", 4, 0, 10, active, "lagging", 6);
        row("behind, not told whether anybody reads", 4, 0, 10, ConsumerActivity::NotTold, "lagging", 6);
        row("behind, activity not read", 4, 0, 10, ConsumerActivity::Unknown, "lagging", 6);
        row("behind, nobody reads", 4, 0, 10, empty, "noMembers", 6);
        row("behind, dead", 4, 0, 10, ConsumerActivity::Dead, "noMembers", 6);
        row("behind, rebalancing", 4, 0, 10, ConsumerActivity::Rebalancing, "rebalancing", 6);
        row("one behind, transactional", 9, 0, 10, active, "caughtUp", 1, {}, true);
        row("two behind, transactional", 8, 0, 10, active, "lagging", 2, {}, true);
        row("one behind, not transactional", 9, 0, 10, active, "lagging", 1);
        row("no checkpoint", {}, 0, 10, active, "neverStarted", {});
        row("no checkpoint, had one", {}, 0, 10, empty, "checkpointGone", {}, {}, false, true);
        row("below start", 3, 5, 10, active, "dataLost", 7, 2);
        row("below start, nobody reads", 3, 5, 10, empty, "dataLost", 7, 2);
        row("below start of an emptied partition", 3, 10, 10, active, "dataLost", 7, 7);
        row("at start", 5, 5, 10, active, "lagging", 5);
        row("ahead of the end", 11, 0, 10, active, "aheadOfLog", {});
        row("end not read", 4, 0, {}, active, "unknown", {});
        row("start not read", 4, {}, 10, active, "unknown", {});
        row("64-bit numbers", 9007199254740992, 0, 9007199254740993, active, "lagging", 1);
    }

    void everyCaseHasItsState()
    {
        QFETCH(Number, checkpoint);
        QFETCH(Number, start);
        QFETCH(Number, end);
        QFETCH(int, activity);
        QFETCH(bool, isTransactional);
        QFETCH(bool, hadCheckpoint);
        QFETCH(QString, state);
        QFETCH(Number, lag);
        QFETCH(Number, lost);
        ConsumerPosition position = positionOf(checkpoint, start, end);
        position.isTransactional = isTransactional;
        LagContext context;
        context.hadCheckpoint = hadCheckpoint;
        const PartitionLag result = partitionLag(position, static_cast<ConsumerActivity>(activity), context);
        QCOMPARE(stateName(result.state), state);
        QCOMPARE(result.lag, lag);
        QCOMPARE(result.lost, lost);
    }

    void aProblemIsUnknownAndNeverZero()
    {
        ConsumerPosition position = positionOf(10, 0, 10);
        position.problem = someError();
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).state, LagState::Unknown);
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).lag, Number());
        position.checkpoint.reset();
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).state, LagState::Unknown);
    }

    void theSystemsOwnCountWinsOverSubtraction()
    {
        ConsumerPosition position = positionOf(10, 0, 100);
        position.scopeLag = 0;
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).state, LagState::CaughtUp);
        position.scopeLag = 7;
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).lag, Number(7));
    }

    void replayingAndPausedReplaceLagging()
    {
        LagContext context;
        context.isPaused = true;
        QCOMPARE(partitionLag(positionOf(4, 0, 10), ConsumerActivity::Active, context).state, LagState::Paused);
        context.isReplaying = true;
        QCOMPARE(partitionLag(positionOf(4, 0, 10), ConsumerActivity::Active, context).state, LagState::Replaying);
    }

    void whatATransactionHoldsBackIsANumberOfItsOwn()
    {
        ConsumerPosition position = positionOf(4, 0, 10);
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).heldBack, Number());
        position.safeHead = 7;
        QCOMPARE(partitionLag(position, ConsumerActivity::Active).heldBack, Number(3));
    }

    void sumsCountBesideWhatTheyCannotAdd()
    {
        connectors::ConsumerState state;
        state.summary.activity = ConsumerActivity::Active;
        state.positions = {positionOf(4, 0, 10), positionOf(1, 0, 10), positionOf(10, 0, 10), positionOf({}, 0, 10), positionOf(4, 0, {}), positionOf(2, 5, 10)};
        const ConsumerLag consumer = consumerLag(state);
        QCOMPARE(consumer.sum.lag, 15);
        QCOMPARE(consumer.sum.counted, 3);
        QCOMPARE(consumer.sum.otherCount(), 3);
        QCOMPARE(consumer.sum.countOf(LagState::Unknown), 1);
        QCOMPARE(consumer.sum.countOf(LagState::NeverStarted), 1);
        QCOMPARE(consumer.worst, LagState::DataLost);
        QCOMPARE(consumer.lost, 3);
        QCOMPARE(consumer.totalLag, Number(23));
        QCOMPARE(consumer.slowest, std::optional<size_t>(1));
        LagSum both = consumer.sum;
        both.add(consumer.sum);
        QCOMPARE(both.lag, 30);
        QCOMPARE(both.countOf(LagState::DataLost), 2);
    }

    void aConsumerWithoutPartitionsNeverStartedOrIsUnknown()
    {
        connectors::ConsumerState state;
        QCOMPARE(consumerLag(state).worst, LagState::NeverStarted);
        QCOMPARE(consumerLag(state).totalLag, Number());
        state.problem = someError();
        QCOMPARE(consumerLag(state).worst, LagState::Unknown);
        state.positions = {positionOf(10, 0, 10)};
        QCOMPARE(consumerLag(state).worst, LagState::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestLagState)
#include "tst_lag_state.moc"
