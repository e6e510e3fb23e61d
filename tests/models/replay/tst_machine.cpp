// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/machine.h"
#include "models/replay/reset_planner.h"
#include "models/replay/undo_planner.h"
#include "tests/support/fake_system.h"
#include "tests/support/full_disk.h"

#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace connectors;
using namespace models::replay;
using models::journal::Journal;
using models::journal::State;

namespace {
const QString Orders = QStringLiteral("orders");
}

class TestMachine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::move(*Journal::open(m_folder->filePath(QStringLiteral("journal.db"))));
        m_system = std::make_unique<tests::FakeSystem>();
        m_factory = std::make_unique<tests::FakeFactory>(*m_system);
        m_system->put(Orders, 0, 0, 100, 90, "meta");
        m_system->put(Orders, 1, 0, 50, 20);
        m_system->put(Orders, 2, 0, 5, {});
        m_states.clear();
    }

    void resetsThenPutsBackExactly()
    {
        const auto done = resetTo(Earliest{});
        QVERIFY(done);
        QCOMPARE(done->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(0));
        QCOMPARE(m_system->at(Orders, 2), std::optional<qint64>(0));
        QCOMPARE(m_states, (QStringList{QStringLiteral("APPROVED"), QStringLiteral("INTENT"), QStringLiteral("APPLYING"), QStringLiteral("VERIFYING"), QStringLiteral("DONE")}));
        m_states.clear();
        const auto undone = undo(done->journalId);
        QVERIFY(undone);
        QCOMPARE(undone->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        QCOMPARE((m_system->checkpoints[{Orders, 0}].metadata), QByteArray("meta"));
        QCOMPARE(m_system->at(Orders, 1), std::optional<qint64>(20));
        QCOMPARE(m_system->at(Orders, 2), std::optional<qint64>());
        // alter, then delete, each with an intent of its own
        QCOMPARE(m_states.count(QStringLiteral("INTENT")), 2);
        QCOMPARE(m_journal->find(done->journalId)->undoneBy, undone->journalId);
        QVERIFY(m_journal->verify()->isIntact());
    }

    void runsAPlanOnce()
    {
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        QVERIFY(apply(plan, *id));
        const auto second = apply(plan, *id);
        QCOMPARE(second.error().code, ErrorCode::Refused);
        QCOMPARE(m_system->applies, 1);
    }

    void twoAtOnceApplyOnce()
    {
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        std::atomic<int> successes = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                auto journal = Journal::open(m_journal->path());
                Machine one(**journal, *m_factory);
                successes += one.apply(id, approve(plan, {}, {}, false), {}, {}).has_value();
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(successes.load(), 1);
        QCOMPARE(m_system->applies, 1);
    }

    void refusesWhenNotApproved()
    {
        const Plan plan = *planReset(**m_factory->open({}), tests::fakeSpec(Environment::Production), {m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}}, {});
        const auto id = machine().store(plan);
        QCOMPARE(machine().apply(*id, approve(plan, {}, {}, false), {}, {}).error().code, ErrorCode::Refused);
        QCOMPARE(m_system->applies, 0);
        QCOMPARE(m_journal->find(*id)->state, State::Planned);
    }

    void aPlanFromElsewhereLogsInToNoOtherMachine()
    {
        ConnectionSpec spec = tests::fakeSpec();
        spec.via = QStringLiteral("ssh:ops@bastion");
        const Plan plan = *planReset(**m_factory->open({}), spec, {m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}}, {});
        const auto foreign = machine().store(plan, true);
        m_system->opened = {};
        const auto refused = machine().apply(*foreign, approve(plan, {}, {}, false), {}, {});
        QVERIFY(!refused && refused.error().message.contains(QStringLiteral("no other machine is logged in to")));
        QCOMPARE(m_system->opened, ConnectionSpec());
        // One that is saved here is known.
        m_system->saved = {spec};
        QVERIFY(machine().apply(*foreign, approve(plan, {}, {}, false), {}, {}).has_value());
        QCOMPARE(m_system->opened.via, spec.via);
    }

    void oneRefusedRowRefusesThePlanUnlessLeftOut()
    {
        const Plan plan = planned(AtPosition{40});
        const auto id = machine().store(plan);
        QVERIFY(!apply(plan, *id));
        QCOMPARE(m_system->applies, 0);
        const auto done = machine().apply(*id, approve(plan, {}, {}, true), {}, {});
        QCOMPARE(done->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(40));
        QCOMPARE(m_system->at(Orders, 2), std::optional<qint64>());
    }

    void goesBackToReviewWhenSomethingChanged_data()
    {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("said");
        QTest::newRow("a commit moved") << 0 << QStringLiteral("was 90 and is now 91");
        QTest::newRow("another system answers") << 1 << QStringLiteral("fake-2");
        QTest::newRow("the stream was made anew") << 2 << QStringLiteral("made anew");
        QTest::newRow("retention passed the target") << 3 << QStringLiteral("outside its range");
        QTest::newRow("the metadata changed") << 4 << QStringLiteral("metadata");
    }

    void goesBackToReviewWhenSomethingChanged()
    {
        QFETCH(int, what);
        QFETCH(QString, said);
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        if (what == 0)
            m_system->checkpoints[{Orders, 0}].position = 91;
        else if (what == 1)
            m_system->systemId = QStringLiteral("fake-2");
        else if (what == 2)
            m_system->ranges[{Orders, 0}] = {0, 7};
        else if (what == 3)
            m_system->ranges[{Orders, 0}] = {30, 100};
        else
            m_system->checkpoints[{Orders, 0}].metadata = "other";
        const auto outcome = apply(plan, *id);
        QVERIFY(outcome);
        QCOMPARE(outcome->state, State::Planned);
        QVERIFY2(outcome->differences.front().contains(said), qPrintable(outcome->differences.front()));
        QCOMPARE(m_system->applies, 0);
        QCOMPARE(m_journal->find(*id)->state, State::Planned);
    }

    void refusesAConsumerThatIsRead()
    {
        activate();
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        const auto refused = apply(plan, *id);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(refused.error().message.contains(QStringLiteral("pod-1 on /10.0.0.1")));
        QCOMPARE(m_system->applies, 0);
    }

    void waitsUntilNobodyReadsAndGoesOn()
    {
        activate();
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        m_system->beforeRead = [this, count = 0]() mutable {
            if (++count == 3) {
                m_system->activity = ConsumerActivity::Empty;
                m_system->members.clear();
            }
        };
        const auto done = machine().apply(*id, approve(plan, {}, {}, false), waiting(), {});
        QVERIFY(done);
        QCOMPARE(done->state, State::Done);
        QVERIFY(m_states.contains(QStringLiteral("WAITING")));
    }

    void showsTheDifferenceWhenItCommittedWhileStopping()
    {
        activate();
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        m_system->beforeRead = [this, count = 0]() mutable {
            if (++count == 2) {
                m_system->activity = ConsumerActivity::Empty;
                m_system->members.clear();
                m_system->checkpoints[{Orders, 0}].position = 95;
            }
        };
        const auto outcome = machine().apply(*id, approve(plan, {}, {}, false), waiting(), {});
        QCOMPARE(outcome->state, State::Planned);
        QCOMPARE(m_system->applies, 0);
    }

    void aCancelWhileWaitingChangesNothing()
    {
        activate();
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        std::stop_source stop;
        m_system->beforeRead = [&] { stop.request_stop(); };
        QCOMPARE(machine().apply(*id, approve(plan, {}, {}, false), waiting(), stop.get_token()).error().code, ErrorCode::Cancelled);
        QCOMPARE(m_system->applies, 0);
        QCOMPARE(m_journal->find(*id)->state, State::Planned);
    }

    void aLostAnswerIsSettledByReading_data()
    {
        QTest::addColumn<bool>("isApplied");
        QTest::addColumn<QString>("state");
        QTest::newRow("it had been done") << true << QStringLiteral("DONE");
        QTest::newRow("it had not") << false << QStringLiteral("NOT_APPLIED");
    }

    void aLostAnswerIsSettledByReading()
    {
        QFETCH(bool, isApplied);
        QFETCH(QString, state);
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        m_system->isAppliedBeforeFault = isApplied;
        const auto outcome = resetTo(Earliest{});
        QCOMPARE(models::journal::wordOf(outcome->state), state);
        QVERIFY(m_states.contains(QStringLiteral("UNKNOWN")));
        QCOMPARE(m_system->applies, 1); // never repeated blindly
    }

    void whatOneAttemptLeftUnknownStaysSoInTheNext()
    {
        m_system->partFaults = {{{Orders, 0}, Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false}},
                                {{Orders, 1}, Error{ErrorCode::Refused, QStringLiteral("coordinator moves"), {}, true}}};
        m_system->partFaultCount = 2; // so that the second attempt, of partition 1, is without a fault
        std::vector<State> states;
        RunObserver observer;
        observer.stateReached = [&states](State state) { states.push_back(state); };
        const Plan plan = planned(Earliest{});
        Machine machine(*m_journal, *m_factory, observer);
        const auto id = *machine.store(plan);
        RunOptions options;
        options.retryDelay = options.settleTime = std::chrono::milliseconds(1);
        const auto outcome = machine.apply(id, approve(plan, {}, {}, false), options, {});
        QCOMPARE(m_system->applies, 2);
        QVERIFY(std::find(states.begin(), states.end(), State::Unknown) != states.end());
        QCOMPARE(outcome->state, State::Partial);
    }

    void staysUnknownUntilItCanBeRead()
    {
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        m_system->isAppliedBeforeFault = true;
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("broker is down"), {}, true};
        m_system->readsBeforeFault = 1; // the check before
        QCOMPARE(apply(plan, id)->state, State::Unknown);
        QVERIFY(!machine().resolve(id, {}, std::chrono::milliseconds(1)));
        // and as long, nothing else may touch that consumer
        m_system->readFault.reset();
        const Plan other = planned(Latest{});
        const auto otherId = machine().store(other);
        QVERIFY(apply(other, *otherId).error().message.contains(QStringLiteral("not settled")));
        QCOMPARE(machine().resolve(id, {}, std::chrono::milliseconds(1))->state, State::Done);
        QCOMPARE(m_system->applies, 1);
    }

    void whatMayBeUnderWayIsGivenTimeBeforeItIsRead()
    {
        const QString id = *machine().store(planned(Earliest{}));
        QVERIFY(m_journal->append(id, State::Approved));
        QVERIFY(m_journal->append(id, State::Intent)); // and then its process died, with the request on its way
        RunObserver observer;
        observer.settling = [this](std::chrono::milliseconds) { // the system gets to it only now
            const std::lock_guard lock(m_system->mutex);
            for (auto &[partition, checkpoint] : m_system->checkpoints)
                checkpoint = {m_system->ranges[partition].start, {}};
            m_system->checkpoints[{Orders, 2}] = {0, {}};
        };
        const auto outcome = Machine(*m_journal, *m_factory, observer).resolve(id, {}, std::chrono::milliseconds(1));
        QCOMPARE(outcome->state, State::Done);
        QCOMPARE(m_system->applies, 0);
    }

    void whatIsStoppedWhileItSettlesStaysOpen()
    {
        const QString id = *machine().store(planned(Earliest{}));
        QVERIFY(m_journal->append(id, State::Intent));
        std::stop_source stop;
        RunObserver observer;
        observer.settling = [&stop](std::chrono::milliseconds) { stop.request_stop(); };
        const auto outcome = Machine(*m_journal, *m_factory, observer).resolve(id, stop.get_token(), std::chrono::hours(1));
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QCOMPARE(m_journal->find(id)->state, State::Intent);
    }

    void onlyWhatWasSentLatelyAndNotAnsweredMayBeUnderWay()
    {
        constexpr EpochMs Now = 1'000'000'000;
        const auto mayBe = [](const std::vector<std::pair<State, EpochMs>> &entries) {
            models::journal::Record record;
            for (const auto &[state, at] : entries)
                record.entries.push_back({0, 1, state, at, {}});
            return mayBeUnderWay(record, Now);
        };
        QVERIFY(!mayBe({{State::Planned, Now}, {State::Approved, Now}}));
        QVERIFY(mayBe({{State::Approved, Now}, {State::Intent, Now - 60'000}}));
        QVERIFY(!mayBe({{State::Intent, Now - 3'600'000}}));
        QVERIFY(mayBe({{State::Intent, Now + 3'600'000}})); // the clock was put back
        QVERIFY(!mayBe({{State::Intent, Now}, {State::Applying, Now}, {State::Verifying, Now}}));
        QVERIFY(mayBe({{State::Intent, Now}, {State::Applying, Now}, {State::Intent, Now}})); // its second step
        QVERIFY(mayBe({{State::Intent, Now}, {State::Unknown, Now}, {State::Verifying, Now}}));
    }

    void aConsumerThatIsForgottenWithItsLastCheckpointHasNone()
    {
        m_system->checkpoints.clear();
        const auto done = resetTo(Earliest{});
        QCOMPARE(done->state, State::Done);
        m_system->beforeRead = [this] {
            if (m_system->checkpoints.empty())
                m_system->consumer = QStringLiteral("another");
        };
        QCOMPARE(undo(done->journalId)->state, State::Done);
    }

    void anAnswerOfAnotherSystemProvesNothing()
    {
        RunObserver observer;
        observer.stateReached = [this](State state) {
            if (state == State::Verifying)
                m_system->systemId = QStringLiteral("fake-2");
        };
        const Plan plan = planned(Earliest{});
        Machine moved(*m_journal, *m_factory, observer);
        const auto outcome = moved.apply(*moved.store(plan), approve(plan, {}, {}, false), quick(), {});
        QVERIFY(outcome);
        QCOMPARE(outcome->state, State::Unknown);
    }

    void aRefusedPartitionMakesItPartial()
    {
        m_system->partFaults[{Orders, 1}] = Error{ErrorCode::Refused, QStringLiteral("UNKNOWN_MEMBER_ID"), {}, false};
        const auto outcome = resetTo(Earliest{});
        QCOMPARE(outcome->state, State::Partial);
        QCOMPARE(outcome->rows[1].problem, QStringLiteral("UNKNOWN_MEMBER_ID"));
        // and only what was moved is put back
        m_system->partFaults.clear();
        QCOMPARE(undo(outcome->journalId)->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        QCOMPARE(m_system->at(Orders, 1), std::optional<qint64>(20));
    }

    void retriesOnlyWhatTheSystemAsksFor()
    {
        m_system->partFaults[{Orders, 1}] = Error{ErrorCode::Refused, QStringLiteral("NOT_COORDINATOR"), {}, true};
        m_system->partFaultCount = 2;
        QCOMPARE(resetTo(Earliest{})->state, State::Done);
        QCOMPARE(m_system->applies, 3);
    }

    void anUndoRefusesAConsumerThatHasMovedOn()
    {
        const auto done = resetTo(Earliest{});
        m_system->checkpoints[{Orders, 0}].position = 30;
        const auto plan = planUndo(**m_factory->open({}), tests::fakeSpec(), *m_journal->find(done->journalId), false, {});
        QCOMPARE(plan->rows[0].refused->code, QStringLiteral("movedOn"));
        const auto accepted = planUndo(**m_factory->open({}), tests::fakeSpec(), *m_journal->find(done->journalId), true, {});
        const QString warnings = QStringList(accepted->warnings.begin(), accepted->warnings.end()).join(u'\n');
        QVERIFY2(warnings.contains(QStringLiteral("30 of 110 events")), qPrintable(warnings));
        QCOMPARE(accepted->rows[0].skipped, std::optional<qint64>(60));
        QCOMPARE(requiredConfirmation(*accepted, ConfirmationForm::Effect), QStringLiteral("SKIP 80"));
    }

    void anUndoWritesTheSavedValueEvenOutOfRange()
    {
        const auto done = resetTo(Latest{});
        m_system->ranges[{Orders, 0}] = {95, 100};
        const auto undone = undo(done->journalId);
        QVERIFY(undone);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
    }

    void whatWasPutBackIsNotPutBackTwice()
    {
        const auto done = resetTo(Earliest{});
        const auto undone = undo(done->journalId);
        QVERIFY(undone);
        const auto twice = undo(done->journalId);
        QVERIFY(!twice);
        QCOMPARE(twice.error().code, ErrorCode::Refused);
        QVERIFY2(twice.error().message.contains(undone->journalId), qPrintable(twice.error().message));
        QVERIFY(twice.error().message.contains(QStringLiteral("nothing to do")));
    }

    void whatWasPutBackIsNotPutBackTwiceThoughItsConsumerHasReadOn()
    {
        const auto done = resetTo(Earliest{});
        const auto undone = undo(done->journalId);
        QVERIFY(undone);
        m_system->put(Orders, 0, 0, 100, 95);
        m_system->put(Orders, 1, 0, 50, 30);
        m_system->put(Orders, 2, 0, 5, 4);
        const auto twice = undo(done->journalId);
        QVERIFY(!twice);
        QVERIFY2(twice.error().message.contains(undone->journalId), qPrintable(twice.error().message));
        QVERIFY(twice.error().message.contains(QStringLiteral("nothing to do")));
    }

    void whatWasDoneAgainCanBePutBackAgain()
    {
        const auto done = resetTo(Earliest{});
        const auto undone = undo(done->journalId);
        QVERIFY(undo(undone->journalId));
        const auto again = undo(done->journalId);
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
    }

    void anUndoOfAnUndoDoesItAgain()
    {
        const auto done = resetTo(Earliest{});
        const auto undone = undo(done->journalId);
        QCOMPARE(undo(undone->journalId)->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(0));
        QCOMPARE(m_system->at(Orders, 2), std::optional<qint64>(0));
    }

    void classifiesByReadingAlone_data()
    {
        QTest::addColumn<qint64>("before");
        QTest::addColumn<qint64>("target");
        QTest::addColumn<qint64>("now");
        QTest::addColumn<QString>("result");
        constexpr qint64 None = -1;
        QTest::newRow("at the target") << 90LL << 10LL << 10LL << QStringLiteral("DONE");
        QTest::newRow("at the old place") << 90LL << 10LL << 90LL << QStringLiteral("NOT_APPLIED");
        QTest::newRow("back, and read on") << 90LL << 10LL << 40LL << QStringLiteral("DONE_IN_USE");
        QTest::newRow("back, beyond before") << 90LL << 10LL << 91LL << QStringLiteral("DIVERGED");
        QTest::newRow("forward, read on from before") << 10LL << 90LL << 40LL << QStringLiteral("NOT_APPLIED_IN_USE");
        QTest::newRow("forward, beyond the target") << 10LL << 90LL << 91LL << QStringLiteral("DIVERGED");
        QTest::newRow("new, absent") << None << 10LL << None << QStringLiteral("NOT_APPLIED");
        QTest::newRow("new, elsewhere") << None << 10LL << 11LL << QStringLiteral("DIVERGED");
        QTest::newRow("deleted") << 10LL << None << None << QStringLiteral("DONE");
        QTest::newRow("not deleted") << 10LL << None << 10LL << QStringLiteral("NOT_APPLIED");
        QTest::newRow("gone") << 10LL << 20LL << None << QStringLiteral("DIVERGED");
    }

    void classifiesByReadingAlone()
    {
        QFETCH(qint64, before);
        QFETCH(qint64, target);
        QFETCH(qint64, now);
        QFETCH(QString, result);
        const auto number = [](qint64 value) { return value < 0 ? std::nullopt : std::optional(value); };
        PlanRow row;
        row.before = number(before);
        row.after = number(target);
        QCOMPARE(wordOf(classify(row, number(now), {})), result);
    }

    void aSecondStepThatCannotBeWrittenDownDoesNotHideTheFirst()
    {
        const auto done = resetTo(Earliest{});
        const Plan back = *planUndo(**m_factory->open({}), tests::fakeSpec(), *m_journal->find(done->journalId), false, {});
        const auto id = *machine().store(back);
        std::unique_ptr<tests::FullDisk> full;
        RunObserver observer;
        observer.stateReached = [&](State state) {
            if (state == State::Applying) // the first step was sent, and that is written; the second is a deletion
                full = std::make_unique<tests::FullDisk>();
        };
        const auto outcome = Machine(*m_journal, *m_factory, observer).apply(id, approve(back, {}, {}, false), quick(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::OutcomeUnknown);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        full.reset();
        QCOMPARE(machine().resolve(id, {}, std::chrono::milliseconds(1))->state, State::Partial);
        QCOMPARE(m_system->at(Orders, 2), std::optional<qint64>(0));
    }

    void aChangeThatIsCarriedOutLateCanBePutBack()
    {
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        const auto given = resetTo(Earliest{});
        QCOMPARE(given->state, State::NotApplied);
        m_system->applyFault.reset();
        QCOMPARE(undo(given->journalId).error().code, ErrorCode::Refused); // it is not there
        m_system->checkpoints[{Orders, 0}] = {0, {}};
        QCOMPARE(undo(given->journalId)->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        QCOMPARE(m_system->at(Orders, 1), std::optional<qint64>(20));
    }

    void aConnectionThatIsProductionNowIsConfirmedAsSuch()
    {
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        m_system->saved = {tests::fakeSpec(Environment::Production)};
        QCOMPARE(machine().apply(id, approve(plan, {}, {}, false), quick(), {}).error().code, ErrorCode::Refused);
        QCOMPARE(m_system->applies, 0);
        const auto done = machine().apply(id, approve(plan, m_system->consumer, QStringLiteral("OPS-1"), false), quick(), {});
        QCOMPARE(done->state, State::Done);
    }

    void whatWasPlannedOnProductionIsPutBackAsSuch()
    {
        const Plan plan = *planReset(**m_factory->open({}), tests::fakeSpec(Environment::Production), {m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}}, {});
        const auto id = *machine().store(plan);
        QVERIFY(machine().apply(id, approve(plan, m_system->consumer, QStringLiteral("OPS-1"), false), quick(), {}));
        const Plan back = *planUndo(**m_factory->open({}), tests::fakeSpec(), *m_journal->find(id), false, {});
        QCOMPARE(requiredConfirmation(back, ConfirmationForm::ConsumerName), m_system->consumer);
    }

    void aConnectionThatBecomesProductionWhileItWaitsIsLookedAtAgain()
    {
        activate();
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        m_system->beforeRead = [this, count = 0]() mutable {
            if (++count == 2) {
                m_system->activity = ConsumerActivity::Empty;
                m_system->members.clear();
                m_system->saved = {tests::fakeSpec(Environment::Production)};
            }
        };
        const auto outcome = machine().apply(id, approve(plan, {}, {}, false), waiting(), {});
        QVERIFY(outcome->differences.front().contains(QStringLiteral("counts as production now")));
        QCOMPARE(m_system->applies, 0);
    }

    void aConnectionThatLeadsElsewhereIsPlannedAgain_data()
    {
        QTest::addColumn<QString>("property");
        QTest::newRow("another host") << QString();
        QTest::newRow("another protocol") << QStringLiteral("security.protocol");
    }

    void aConnectionThatLeadsElsewhereIsPlannedAgain()
    {
        QFETCH(QString, property);
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        ConnectionSpec now = tests::fakeSpec();
        if (property.isEmpty())
            now.hosts = {QStringLiteral("elsewhere:9092")};
        else
            now.properties.insert(property, QStringLiteral("SASL_PLAINTEXT"));
        m_system->saved = {now};
        const auto refused = apply(plan, id);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(refused.error().message.contains(QStringLiteral("has changed since the plan was made")));
        QCOMPARE(m_system->applies, 0);
        m_system->saved = {tests::fakeSpec()};
        QCOMPARE(apply(plan, id)->state, State::Done);
    }

    void whatHasMovedIsReadWhereItIsNow()
    {
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        const Plan plan = planned(Earliest{});
        const auto id = *machine().store(plan);
        m_system->readsBeforeFault = 1;
        m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("gone"), {}, true};
        QCOMPARE(apply(plan, id)->state, State::Unknown);
        m_system->readFault.reset();
        ConnectionSpec now = tests::fakeSpec();
        now.hosts = {QStringLiteral("new-home:9092")};
        m_system->saved = {now};
        QCOMPARE(machine().resolve(id, {}, std::chrono::milliseconds(1))->state, State::NotApplied);
        QCOMPARE(m_system->opened.hosts, now.hosts);
    }

    void aNameWithAPlaceholderInItIsKept()
    {
        const QString odd = QStringLiteral("a%2%1");
        m_system->put(odd, 3, 0, 10, 5);
        const Plan plan = *planReset(**m_factory->open({}), tests::fakeSpec(), {m_system->consumer, {odd}, false, {}, PositionSpec(AtPosition{77}), {}}, {});
        QCOMPARE(plan.rows[0].refused->message, QStringLiteral("77 is outside a%2%1 partition 3, which goes from 0 to 10."));
    }

    void startsNothingWithoutAJournal()
    {
        const Plan plan = planned(Earliest{});
        const auto id = machine().store(plan);
        QFile::remove(m_journal->path()); // the file is another one now: writes go nowhere a restart could find
        const auto journal = Journal::open(m_folder->filePath(QStringLiteral("journal.db")));
        Machine elsewhere(**journal, *m_factory);
        QVERIFY(!elsewhere.apply(*id, approve(plan, {}, {}, false), {}, {}));
        QCOMPARE(m_system->applies, 0);
    }

private:
    Machine machine()
    {
        RunObserver observer;
        observer.stateReached = [this](State state) { m_states.append(models::journal::wordOf(state)); };
        return Machine(*m_journal, *m_factory, observer);
    }
    RunOptions quick() const { RunOptions options; options.retryDelay = options.settleTime = std::chrono::milliseconds(1); return options; }
    RunOptions waiting() const
    {
        RunOptions options = quick();
        options.maxWait = std::chrono::seconds(30);
        options.waitInterval = std::chrono::milliseconds(5);
        return options;
    }
    void activate()
    {
        m_system->activity = ConsumerActivity::Active;
        m_system->members = {{QStringLiteral("m-1"), QStringLiteral("pod-1"), QStringLiteral("/10.0.0.1"), {}}};
    }
    Plan planned(PositionSpec target)
    {
        return *planReset(**m_factory->open({}), tests::fakeSpec(), {m_system->consumer, {Orders}, false, {}, target, {}}, {});
    }
    Result<RunOutcome> apply(const Plan &plan, const QString &id)
    {
        return machine().apply(id, approve(plan, requiredConfirmation(plan, ConfirmationForm::ConsumerName), {}, false), quick(), {});
    }
    Result<RunOutcome> resetTo(PositionSpec target)
    {
        const Plan plan = planned(target);
        return apply(plan, *machine().store(plan));
    }
    Result<RunOutcome> undo(const QString &journalId)
    {
        const auto plan = planUndo(**m_factory->open({}), tests::fakeSpec(), *m_journal->find(journalId), false, {});
        if (!plan)
            return tl::unexpected(plan.error());
        return apply(*plan, *machine().store(*plan));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<tests::FakeSystem> m_system;
    std::unique_ptr<tests::FakeFactory> m_factory;
    QStringList m_states;
};

QTEST_GUILESS_MAIN(TestMachine)
#include "tst_machine.moc"
