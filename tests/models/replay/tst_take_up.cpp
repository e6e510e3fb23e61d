// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/take_up.h"

#include <QTest>

using namespace connectors;
using namespace models::replay;

class TestTakeUp final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itStartsAtTheTargetAndCatchesUp()
    {
        TakeUp takeUp({row(90, 10)}, 1000, std::chrono::seconds(300));
        takeUp.add(at(10, ConsumerActivity::Empty), 2000);
        QCOMPARE(takeUp.rows()[0].state, TakeUpState::Waiting);
        QVERIFY(!takeUp.isActive());
        QCOMPARE(takeUp.left(), 90);
        takeUp.add(at(25, ConsumerActivity::Active), 3000);
        QCOMPARE(takeUp.rows()[0].state, TakeUpState::Moving);
        QCOMPARE(takeUp.rows()[0].first, std::optional<qint64>(25));
        QVERIFY(!takeUp.rows()[0].hasJumped);
        QVERIFY(takeUp.isActive() && takeUp.hasStarted());
        takeUp.add(at(100, ConsumerActivity::Active), 4000);
        QVERIFY(takeUp.isCaughtUp());
        QCOMPARE(takeUp.caughtUpAt(), std::optional<EpochMs>(4000));
    }

    void aCommitElsewhereIsSeen_data()
    {
        QTest::addColumn<qint64>("now");
        QTest::addColumn<bool>("isElsewhere");
        QTest::addColumn<bool>("hasJumped");
        QTest::newRow("before the target") << 5LL << true << false;
        QTest::newRow("gone") << -1LL << true << false;
        QTest::newRow("the old place again") << 90LL << false << true;
        QTest::newRow("between") << 50LL << false << false;
    }

    void aCommitElsewhereIsSeen()
    {
        QFETCH(qint64, now);
        QFETCH(bool, isElsewhere);
        QFETCH(bool, hasJumped);
        TakeUp takeUp({row(90, 10)}, 0, std::chrono::seconds(300));
        takeUp.add(at(now < 0 ? std::nullopt : std::optional(now), ConsumerActivity::Active), 1);
        QCOMPARE(takeUp.hasElsewhere(), isElsewhere);
        QCOMPARE(takeUp.rows()[0].hasJumped, hasJumped);
    }

    void itIsStillWhenNothingMovesForSoLong()
    {
        TakeUp takeUp({row(90, 10)}, 0, std::chrono::seconds(300));
        takeUp.add(at(10, ConsumerActivity::Empty), 299'000);
        QVERIFY(!takeUp.isStill(299'999));
        QVERIFY(takeUp.isStill(300'000));
        takeUp.add(at(11, ConsumerActivity::Active), 300'001);
        QVERIFY(!takeUp.isStill(300'002));
        takeUp.add(at(100, ConsumerActivity::Active), 300'003);
        QVERIFY(!takeUp.isStill(999'999)); // nothing is left to read
    }

    void whatCannotBeReadIsUnknownAndNotStill()
    {
        TakeUp takeUp({row(90, 10)}, 0, std::chrono::seconds(300));
        ConsumerState state = at(10, ConsumerActivity::Active);
        state.positions[0].problem = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        takeUp.add(state, 1);
        QCOMPARE(takeUp.rows()[0].state, TakeUpState::Unknown);
        QVERIFY(!takeUp.hasElsewhere());
    }

    void aForwardResetToTheEndHasNothingLeft()
    {
        TakeUp takeUp({row(10, 100)}, 0, std::chrono::seconds(300));
        takeUp.add(at(100, ConsumerActivity::Empty), 1);
        QVERIFY(takeUp.isCaughtUp());
    }

    void aCheckpointThatIsGoneAgainIsDoneWith()
    {
        PlanRow removed = row(10, 0);
        removed.after.reset();
        TakeUp takeUp({removed}, 0, std::chrono::seconds(300));
        QVERIFY(takeUp.isToBeGone());
        QVERIFY(!takeUp.isCaughtUp()); // not looked at yet
        takeUp.add(at(std::nullopt, ConsumerActivity::Empty), 1);
        QVERIFY(takeUp.isCaughtUp());
        QVERIFY(!takeUp.hasElsewhere());
    }

private:
    static PlanRow row(qint64 before, qint64 after)
    {
        PlanRow row;
        row.stream = QStringLiteral("orders");
        row.before = before;
        row.after = after;
        row.end = 100;
        return row;
    }
    static ConsumerState at(std::optional<qint64> checkpoint, ConsumerActivity activity)
    {
        ConsumerState state;
        state.summary.activity = activity;
        ConsumerPosition position;
        position.stream = QStringLiteral("orders");
        position.checkpoint = checkpoint;
        position.end = 100;
        state.positions = {position};
        return state;
    }
};

QTEST_GUILESS_MAIN(TestTakeUp)
#include "tst_take_up.moc"
