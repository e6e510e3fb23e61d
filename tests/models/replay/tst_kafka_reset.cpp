// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/replay/kafka_reset_fixture.h"

#include <QRandomGenerator>
#include <QTest>

using namespace connectors;
using namespace models::replay;
using models::journal::State;
using tests::KafkaResetFixture;
using tests::Positions;
using tests::textOf;

namespace {

constexpr int Rounds = 100;
constexpr int Patience = 60'000;

/// From a group's checkpoints as a plan has them.
Positions expectedAfter(Positions now, const Plan &plan)
{
    for (const PlanRow &row : plan.rows) {
        if (!row.isChange())
            continue;
        if (row.after)
            now[row.id()] = {*row.after, row.afterMetadata};
        else
            now.erase(row.id());
    }
    return now;
}

} // namespace

/// Resets on a real Kafka: what the machine promises, read back on another way, at the end by Kafka's own tool.
class TestKafkaReset final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_bootstrap = tests::kafkaBootstrap();
        m_fixture = std::make_unique<KafkaResetFixture>(m_bootstrap);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aHundredRandomResetsComeBackExactly()
    {
        QRandomGenerator random(4711);
        std::map<QString, Positions> before;
        std::map<QString, Positions> target;
        std::map<QString, QString> journalIds;
        for (int round = 0; round < Rounds; ++round) {
            const QString group = randomGroup(random);
            before[group] = m_fixture->groups().committed(group);
            const auto plan = m_fixture->plan(m_fixture->request(group, randomTarget(random)));
            QVERIFY2(plan, plan ? "" : qPrintable(describe(plan.error())));
            target[group] = expectedAfter(before[group], *plan);
            if (plan->changes() == 0)
                continue;
            const auto done = m_fixture->apply(*plan, {}, true);
            QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
            QCOMPARE(models::journal::wordOf(done->state), QStringLiteral("DONE"));
            QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(target[group]));
            journalIds[group] = done->journalId;
        }
        QVERIFY(journalIds.size() > Rounds / 2);
        QCOMPARE(confirmedByKafkasTool(target), QString());
        for (const auto &[group, journalId] : journalIds) {
            const auto undone = m_fixture->undo(journalId);
            QVERIFY2(undone, undone ? "" : qPrintable(describe(undone.error())));
            QCOMPARE(models::journal::wordOf(undone->state), QStringLiteral("DONE"));
            QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(before[group]));
            QCOMPARE(m_fixture->journal().find(journalId)->undoneBy, undone->journalId);
        }
        QCOMPARE(confirmedByKafkasTool(before), QString());
        QVERIFY(m_fixture->journal().verify()->isIntact());
    }

    void aGroupWithoutAnyCheckpointComesBackToNone()
    {
        const QString group = tests::uniqueName(QStringLiteral("fresh"));
        {
            tests::KafkaMember member(m_bootstrap, group, m_fixture->topic(), QStringLiteral("pod-1"));
            QVERIFY(member.read(1) == 1);
        }
        const auto done = m_fixture->reset(group, PositionSpec(Latest{}));
        QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
        QCOMPARE(done->state, State::Done);
        QCOMPARE(m_fixture->groups().committed(group).size(), size_t(KafkaResetFixture::Partitions));
        const auto undone = m_fixture->undo(done->journalId);
        QVERIFY2(undone, undone ? "" : qPrintable(describe(undone.error())));
        QCOMPARE(undone->state, State::Done);
        QVERIFY(m_fixture->groups().committed(group).empty());
    }

    void aMistypedGroupIsRefusedAndNeverMade()
    {
        const QString group = m_fixture->group({1, 2, 3, 4, 5, 6}) + QStringLiteral("x");
        QCOMPARE(m_fixture->reset(group, PositionSpec(Earliest{})).error().code, ErrorCode::NotFound);
        QVERIFY(!m_fixture->groups().isListed(group));
    }

    void aGroupThatVanishedAfterPlanningIsNotMadeAnew()
    {
        const QString group = m_fixture->group({20, 20});
        auto plan = *m_fixture->plan(m_fixture->request(group, PositionSpec(Earliest{})));
        plan.consumer += QStringLiteral("-gone"); // as if it had been forgotten meanwhile
        QCOMPARE(m_fixture->apply(plan).error().code, ErrorCode::NotFound);
        QVERIFY(!m_fixture->groups().isListed(plan.consumer));
    }

    void anOffsetBeyondEitherEndIsRefusedWithTheRange_data()
    {
        QTest::addColumn<qint64>("position");
        QTest::newRow("below the start") << qint64(3);
        QTest::newRow("beyond the end") << qint64(101);
    }

    void anOffsetBeyondEitherEndIsRefusedWithTheRange()
    {
        QFETCH(qint64, position);
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{position})));
        QVERIFY(plan);
        QVERIFY(plan->rows[0].refused);
        QCOMPARE(plan->rows[0].refused->code, QStringLiteral("outOfRange"));
        QCOMPARE(plan->rows[0].refused->start, std::optional<qint64>(KafkaResetFixture::StartOfFirst));
        QCOMPARE(plan->rows[0].refused->end, std::optional<qint64>(KafkaResetFixture::End));
        QCOMPARE(m_fixture->apply(*plan).error().code, ErrorCode::Refused);
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 0}).first, qint64(20));
    }

    void aTimeWithoutAMatchIsRefused()
    {
        const QString group = m_fixture->group({20, 20});
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtTime{1'900'000'000'000})));
        QVERIFY2(plan, plan ? "" : qPrintable(describe(plan.error())));
        for (const PlanRow &row : plan->rows)
            QCOMPARE(row.refused ? row.refused->code : QString(), QStringLiteral("noMatch"));
        QCOMPARE(m_fixture->apply(*plan).error().code, ErrorCode::Refused);
    }

    void aPlanRunsOnce()
    {
        const QString group = m_fixture->group({20, 20, 20});
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(Latest{})));
        Machine machine = m_fixture->machine();
        const auto id = *machine.store(*plan);
        const Approval approval = approve(*plan, requiredConfirmation(*plan, ConfirmationForm::ConsumerName), QStringLiteral("a test"), false);
        QCOMPARE(machine.apply(id, approval, {}, {})->state, State::Done);
        m_fixture->groups().commit({{group, {{{m_fixture->topic(), 1}, 50}}}});
        QCOMPARE(machine.apply(id, approval, {}, {}).error().code, ErrorCode::Refused);
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 1}).first, qint64(50));
    }

    void aCommitBetweenPlanAndApplyGoesBackToReview()
    {
        const QString group = m_fixture->group({20, 20, 20});
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(Latest{})));
        m_fixture->groups().commit({{group, {{{m_fixture->topic(), 1}, 21}}}});
        const auto outcome = m_fixture->apply(*plan);
        QVERIFY(outcome);
        QCOMPARE(outcome->state, State::Planned);
        QVERIFY2(outcome->differences.front().contains(QStringLiteral("was 20 and is now 21")), qPrintable(outcome->differences.front()));
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 0}).first, qint64(20));
    }

    void anActiveGroupIsRefusedThenWaitedFor()
    {
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        auto member = std::make_unique<tests::KafkaMember>(m_bootstrap, group, m_fixture->topic(), QStringLiteral("pod-1"));
        QVERIFY(member->read(1) == 1);
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        QCOMPARE(plan->members.size(), size_t(1));
        const auto refused = m_fixture->apply(*plan);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("pod-1")), qPrintable(refused.error().message));

        const auto again = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        RunOptions options;
        options.maxWait = std::chrono::seconds(60);
        options.waitInterval = std::chrono::milliseconds(200);
        RunObserver observer;
        observer.membersLeft = [&](const auto &) { member.reset(); };
        Machine machine = m_fixture->machine(observer);
        const auto id = *machine.store(*again);
        const auto done = machine.apply(id, approve(*again, requiredConfirmation(*again, options.form), QStringLiteral("a test"), false), options, {});
        QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
        QCOMPARE(models::journal::wordOf(done->state), QStringLiteral("DONE"));
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 5}).first, qint64(30));
    }

    void theBrokerItselfRefusesAGroupThatStartedMeanwhile()
    {
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        const Positions before = m_fixture->groups().committed(group);
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        std::unique_ptr<tests::KafkaMember> member;
        m_fixture->factory().beforeWriting = [&] {
            member = std::make_unique<tests::KafkaMember>(m_bootstrap, group, m_fixture->topic(), QStringLiteral("late"));
            QCOMPARE(member->read(1), 1);
        };
        const auto outcome = m_fixture->apply(*plan);
        m_fixture->factory().beforeWriting = {};
        QVERIFY(outcome);
        QCOMPARE(models::journal::wordOf(outcome->state), QStringLiteral("NOT_APPLIED"));
        QVERIFY2(outcome->rows.front().problem.contains(QStringLiteral("is active")), qPrintable(outcome->rows.front().problem));
        QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(before));
    }

    void aPlanForAGroupOfTheNewProtocolWaitsUntilItHasStopped()
    {
        const QString group = tests::uniqueName(QStringLiteral("new"));
        auto consumer = std::make_unique<tests::ConsoleConsumer>(m_bootstrap, group, m_fixture->topic(), QStringLiteral("consumer"));
        // When it has read everything its further commits change nothing, so that the plan stays good.
        QTRY_COMPARE_WITH_TIMEOUT(textOf(m_fixture->groups().committed(group)), QStringLiteral("0:100, 1:100, 2:100, 3:100, 4:100, 5:100"), Patience);
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        QVERIFY2(plan, plan ? "" : qPrintable(describe(plan.error())));
        const auto refused = m_fixture->apply(*plan);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);

        const auto again = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        QVERIFY2(again, again ? "" : qPrintable(describe(again.error())));
        RunOptions options;
        options.maxWait = std::chrono::milliseconds(Patience);
        options.waitInterval = std::chrono::milliseconds(200);
        QString offsetsWhileWaiting;
        RunObserver observer;
        observer.membersLeft = [&](const auto &) {
            if (consumer)
                offsetsWhileWaiting = textOf(m_fixture->groups().committed(group));
            consumer.reset();
        };
        Machine machine = m_fixture->machine(observer);
        const auto id = *machine.store(*again);
        const auto done = machine.apply(id, approve(*again, requiredConfirmation(*again, options.form), QStringLiteral("a test"), false), options, {});
        QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
        QCOMPARE(models::journal::wordOf(done->state), QStringLiteral("DONE"));
        QCOMPARE(offsetsWhileWaiting, QStringLiteral("0:100, 1:100, 2:100, 3:100, 4:100, 5:100"));
        QCOMPARE(textOf(m_fixture->groups().committed(group)), QStringLiteral("0:30, 1:30, 2:30, 3:30, 4:30, 5:30"));
    }

private:
    QString randomGroup(QRandomGenerator &random)
    {
        std::vector<qint64> offsets;
        for (int p = 0; p < KafkaResetFixture::Partitions; ++p)
            offsets.push_back(p > 0 && random.bounded(4) == 0 ? -1 : random.bounded(static_cast<int>(KafkaResetFixture::StartOfFirst), 100));
        return m_fixture->group(offsets);
    }

    ResetTarget randomTarget(QRandomGenerator &random)
    {
        switch (random.bounded(5)) {
        case 0: return PositionSpec(Earliest{});
        case 1: return PositionSpec(Latest{});
        case 2: return PositionSpec(AtPosition{random.bounded(10, 101)});
        case 3: return ShiftBy{random.bounded(-20, 20)};
        default: break;
        }
        std::vector<CheckpointLine> lines;
        for (int p = 0; p < KafkaResetFixture::Partitions; p += 2)
            lines.push_back({{m_fixture->topic(), p}, random.bounded(10, 101)});
        return lines;
    }

    /// The first difference; empty: none.
    QString confirmedByKafkasTool(const std::map<QString, Positions> &expected)
    {
        std::map<QString, std::map<PartitionId, qint64>> told;
        for (const auto &[key, row] : tests::describeAllGroups(m_bootstrap)) {
            if (row.offset)
                told[key.first][key.second] = *row.offset;
        }
        for (const auto &[group, positions] : expected) {
            std::map<PartitionId, qint64> offsets;
            for (const auto &[id, position] : positions)
                offsets[id] = position.first;
            if (told[group] != offsets)
                return group;
        }
        return {};
    }

    QString m_bootstrap;
    std::unique_ptr<KafkaResetFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestKafkaReset)
#include "tst_kafka_reset.moc"
