// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/job/job_list.h"
#include "models/journal/target_lock.h"
#include "models/replay/replay_session.h"
#include "tests/support/fake_system.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using namespace models::replay;
using models::journal::State;
using models::journal::TargetLock;

namespace {
const QString Orders = QStringLiteral("orders");
using PlanEdit = std::function<void(Plan &)>;
}
Q_DECLARE_METATYPE(PlanEdit)

class TestReplaySession final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<tests::FakeSystem>();
        m_factory = std::make_unique<tests::FakeFactory>(*m_system);
        m_system->put(Orders, 0, 0, 100, 90);
        m_system->put(Orders, 1, 0, 50, 20);
        m_session = newSession();
    }

    void cleanup() { m_session.reset(); }

    void aPlanIsStoredAndAppliedAndPutBack()
    {
        Change *change = planned(Earliest{});
        QCOMPARE(change->plan()->replayed(), 110);
        QVERIFY(!change->journalId().isEmpty());
        change->apply({}, QStringLiteral("OPS-7"), false);
        change->apply({}, {}, false); // pressed twice
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QCOMPARE(change->outcome()->state, State::Done);
        QCOMPARE(m_system->applies, 1);
        QVERIFY(change->takeUp());

        Change *undo = m_session->ofRecord(change->journalId(), {});
        QTRY_COMPARE(undo->stage(), Stage::Reviewing);
        QCOMPARE(undo->recordId(), change->journalId());
        undo->apply(requiredConfirmation(*undo->plan(), ConfirmationForm::Effect), {}, false);
        QTRY_COMPARE(undo->stage(), Stage::Ended);
        QCOMPARE(undo->outcome()->state, State::Done);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
    }

    void aChangeIsFoundAgainAndStartsOver()
    {
        Change *change = planned(Earliest{});
        QCOMPARE(m_session->resetOf(tests::fakeSpec(), m_system->consumer), change);
        change->startOver();
        QCOMPARE(change->stage(), Stage::Asking);
        QVERIFY(!change->plan());
    }

    void itTellsWhoIsLeftWhileItWaitsAndCanBeCancelled()
    {
        models::job::JobList jobs;
        m_session->setJobs(&jobs);
        activate();
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->runState(), State::Waiting);
        QTRY_COMPARE(change->membersLeft().size(), size_t(1));
        QVERIFY(m_session->isApplying());
        QCOMPARE(jobs.runningCount(), 1);
        jobs.cancelAll();
        QTRY_COMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(change->error()->code, ErrorCode::Cancelled);
        QCOMPARE(jobs.runningCount(), 0);
        QCOMPARE(m_system->applies, 0);
        m_session.reset();
    }

    void whatNeedsANewApprovalIsNotListedAsDone()
    {
        models::job::JobList jobs;
        m_session->setJobs(&jobs);
        Change *change = planned(Earliest{});
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->checkpoints[{Orders, 0}].position = 91;
        }
        change->apply({}, {}, false);
        QTRY_COMPARE(jobs.runningCount(), 0);
        const models::job::Job *job = jobs.jobs().front();
        QCOMPARE(job->state(), models::job::JobState::Failed);
        QCOMPARE(job->failureWords(), QStringLiteral("nothing was changed: it needs a new approval"));
        QCOMPARE(job->error()->message, QStringLiteral("Reset payments: nothing was changed: it needs a new approval."));
        QVERIFY(job->error()->advice.contains(QStringLiteral("was 90 and is now 91")));
        QCOMPARE(job->origin().page, QStringLiteral("replay"));
        QCOMPARE(job->origin().object, QStringLiteral("payments"));
        QTRY_VERIFY(change->stage() == Stage::Reviewing && change->isPlannedAnew());
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QCOMPARE(jobs.jobs().back()->state(), models::job::JobState::Succeeded);
        m_session->setJobs(nullptr);
    }

    void aSessionThatEndsStopsWaiting()
    {
        activate();
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->runState(), State::Waiting);
        m_session.reset();
        const auto journal = models::journal::Journal::open(path());
        QCOMPARE((*journal)->records()->front().state, State::Planned);
        QCOMPARE(m_system->applies, 0);
    }

    void aJournalThatCannotBeWrittenIsSaidWithThePlan()
    {
        QFile::remove(path());
        QVERIFY(QDir().mkpath(path())); // a folder where the file should be
        Change *change = planned(Earliest{});
        QVERIFY(change->storeProblem());
        change->apply({}, {}, false);
        QCOMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(m_system->applies, 0);
    }

    void aPlanInWhichNothingCanBeDoneIsNotKept()
    {
        Change *change = planned(AtPosition{999});
        QVERIFY(change->plan()->hasRefusals() && change->plan()->changes() == 0);
        QVERIFY(change->journalId().isEmpty() && !change->storeProblem());
        change->apply({}, {}, true);
        QCOMPARE(change->stage(), Stage::Reviewing);
        const auto journal = models::journal::Journal::openToRead(path());
        QVERIFY(!*journal || (*journal)->records()->empty());
        QCOMPARE(m_system->applies, 0);
    }

    void aPlanFileLeadsToItsRecord()
    {
        Change *change = planned(Earliest{});
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        write(file, toPlanFile(*change->plan()));
        const QString id = change->journalId();
        Change *other = newChange();
        other->openPlanFile(file);
        QTRY_COMPARE(other->stage(), Stage::Reviewing);
        QCOMPARE(other->journalId(), id);
        other->apply({}, {}, false);
        QTRY_COMPARE(other->stage(), Stage::Ended);
        // and once more: it says what became of it
        change->openPlanFile(file);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QCOMPARE(change->outcome()->state, State::Done);
        QCOMPARE(m_system->applies, 1);
    }

    void aPlanFileFromElsewhereIsStored()
    {
        Change *change = planned(Earliest{});
        change = openedElsewhere(change);
        QTRY_COMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(change->journalId(), QStringLiteral("1"));
        QVERIFY(change->isForeign());
        QVERIFY((*models::journal::Journal::open(path()))->find(QStringLiteral("1"))->change.isForeign);
    }

    void theTagOfAPlanFromElsewhereIsNotOurs()
    {
        Change *change = planned(Earliest{});
        QCOMPARE(change->environment(), Environment::Development);
        change = openedElsewhere(change);
        QTRY_COMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(change->environment(), Environment::Untagged);
        change->apply({}, {}, false); // as for development
        QTRY_VERIFY(change->error());
        QCOMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(m_system->applies, 0);
        const QString effect = tests::fakeSpec().name + u' ' + QString::number(change->plan()->replayed());
        change->apply(effect, QStringLiteral("OPS-1"), false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QCOMPARE(change->outcome()->state, State::Done);
        // and what puts it back is no more ours than the plan was
        Change *undo = m_session->ofRecord(change->journalId(), {});
        QTRY_COMPARE(undo->stage(), Stage::Reviewing);
        QVERIFY(undo->isForeign());
        QCOMPARE(undo->environment(), Environment::Untagged);
    }

    void aPlanFromElsewhereThatContradictsItselfIsRefused_data()
    {
        QTest::addColumn<PlanEdit>("edit");
        QTest::newRow("fewer events than lie between") << PlanEdit([](Plan &plan) { plan.rows[0].replayed = 1; });
        QTest::newRow("none skipped") << PlanEdit([](Plan &plan) { plan.rows[0].after = plan.rows[0].end; });
        QTest::newRow("more than any sum") << PlanEdit([](Plan &plan) { plan.rows[0].replayed = plan.rows[1].replayed = std::numeric_limits<qint64>::max(); });
        QTest::newRow("outside its own range") << PlanEdit([](Plan &plan) { plan.rows[0].after = *plan.rows[0].end + 1; });
        QTest::newRow("without a range") << PlanEdit([](Plan &plan) { plan.rows[0].start.reset(); });
        QTest::newRow("a deletion") << PlanEdit([](Plan &plan) { plan.rows[0].after.reset(); });
        QTest::newRow("no such partition") << PlanEdit([](Plan &plan) { plan.rows[0].partition = -1; });
        QTest::newRow("puts back somebody else's change") << PlanEdit([](Plan &plan) {
            plan.kind = PlanKind::Undo;
            plan.undoes = QStringLiteral("1");
        });
    }

    void aPlanFromElsewhereThatContradictsItselfIsRefused()
    {
        QFETCH(PlanEdit, edit);
        Plan plan = *planned(Earliest{})->plan();
        plan.planId = QStringLiteral("made-elsewhere");
        edit(plan);
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        write(file, toPlanFile(plan)); // with a hash that fits
        Change *change = newChange();
        change->openPlanFile(file);
        QTRY_VERIFY(change->error());
        QCOMPARE(change->error()->code, ErrorCode::Refused);
        QCOMPARE((*models::journal::Journal::open(path()))->records()->size(), size_t(1)); // the one that was planned here
    }

    void aPlanFileThatWasEditedIsRefused()
    {
        Change *change = planned(Earliest{});
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        write(file, toPlanFile(*change->plan()).replace("payments", "paymentz"));
        change->openPlanFile(file);
        QTRY_COMPARE(change->stage(), Stage::Asking);
        QCOMPARE(change->error()->code, ErrorCode::Refused);
    }

    void checkpointsAreReadFromAFile()
    {
        const QString file = m_folder->filePath(QStringLiteral("to.csv"));
        write(file, "orders,0,12\norders,1,3\n");
        Change *change = newChange();
        ResetRequest request;
        request.consumer = m_system->consumer;
        change->planReset(request, file);
        QTRY_COMPARE(change->stage(), Stage::Reviewing);
        QCOMPARE(change->plan()->rows[0].after, std::optional<qint64>(12));
        change->planReset(request, m_folder->filePath(QStringLiteral("none.csv")));
        QTRY_COMPARE(change->stage(), Stage::Asking);
        QVERIFY(change->error()->message.contains(QStringLiteral("none.csv")));
    }

    void whatWasInterruptedIsListedAndSettledByReading()
    {
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        m_system->isAppliedBeforeFault = true;
        Change *change = planned(Earliest{});
        m_system->readsBeforeFault = 1;
        m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("broker is down"), {}, true};
        change->apply({}, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(change->stage(), Stage::Ended, 30'000);
        QCOMPARE(change->outcome()->state, State::Unknown);
        const QString id = change->journalId();
        m_session.reset();

        m_session = newSession(); // the next start
        QTRY_COMPARE(m_session->journal().needingALook(), 1);
        Change *seen = m_session->ofRecord(id, {});
        QTRY_COMPARE(seen->stage(), Stage::Ended);
        seen->findOut();
        QTRY_VERIFY(seen->error()); // it still cannot be read
        QCOMPARE(seen->outcome()->state, State::Unknown);
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->readFault.reset();
        }
        QSignalSpy found(m_session.get(), &ReplaySession::foundOut);
        m_session->findOut(id);
        QTRY_COMPARE(found.size(), 1);
        QTRY_COMPARE(m_session->journal().needingALook(), 0);
        QCOMPARE(m_session->journal().find(id)->record.state, State::Done);
        QCOMPARE(m_system->applies, 1);
    }

    void aReadingThatNeverEndsIsGivenUpAtTheEnd()
    {
        m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        Change *change = planned(Earliest{});
        m_system->readsBeforeFault = 1;
        m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("broker is down"), {}, true};
        change->apply({}, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(change->stage(), Stage::Ended, 30'000);
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->isHanging = true;
        }
        const auto begun = m_system->reads;
        change->findOut();
        m_session->findOut(change->journalId()); // the same target: one of them waits for the other, or is refused
        QTRY_VERIFY(m_system->reads > begun);
        m_session.reset(); // would hang
        QCOMPARE((*models::journal::Journal::open(path()))->records()->front().state, State::Unknown);
    }

    void aClosedConnectionIsNotAskedAnyMore()
    {
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QObject page;
        change->setShown(&page, true);
        QTRY_VERIFY(change->takeUp()->takeUp().isSeen());
        m_session->closeConnection(QStringLiteral("another"));
        QCOMPARE(change->takeUp()->state(), WatchState::Watching);
        m_session->closeConnection(tests::fakeSpec().name);
        QCOMPARE(change->takeUp()->state(), WatchState::ConnectionClosed);
    }

    void whatNobodyLooksAtIsSeldomAskedFor()
    {
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QTRY_VERIFY(change->takeUp()->takeUp().isSeen());
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->checkpoints[{Orders, 0}].position = 30;
        }
        QTest::qWait(100); // five of the short intervals
        QVERIFY(!change->takeUp()->takeUp().hasStarted());
        {
            QObject page;
            change->setShown(&page, true);
            QTRY_VERIFY(change->takeUp()->takeUp().hasStarted());
        }
        QCOMPARE(change->takeUp()->state(), WatchState::Watching); // a page that is gone does not look
    }

    void aConsumerThatNeverMovesIsGivenUp()
    {
        using ms = std::chrono::milliseconds;
        m_session = newSession({ms(5), ms(1), ms(10), ms(60'000), {ms(10), ms(10), ms(30), ms(60'000)}});
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        QTRY_COMPARE(change->takeUp()->state(), WatchState::GivenUp);
    }

    void aCheckpointThatIsDeletedAgainEndsTheWatch()
    {
        m_system->checkpoints.clear();
        Change *change = planned(Earliest{});
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Ended);
        Change *undo = m_session->ofRecord(change->journalId(), {});
        QTRY_COMPARE(undo->stage(), Stage::Reviewing);
        undo->apply(requiredConfirmation(*undo->plan(), ConfirmationForm::Effect), {}, false);
        QTRY_COMPARE(undo->stage(), Stage::Ended);
        QTRY_COMPARE(undo->takeUp()->state(), WatchState::Settled);
    }

    void aStoredPlanIsJudgedByWhatItsConnectionIsNow()
    {
        Change *change = planned(Earliest{});
        QCOMPARE(change->environment(), Environment::Development);
        const QString id = change->journalId();
        m_system->saved = {tests::fakeSpec(Environment::Production)};
        Change *stored = m_session->ofRecord(id, {});
        QTRY_COMPARE(stored->stage(), Stage::Reviewing);
        QCOMPARE(stored->environment(), Environment::Production);
        stored->apply({}, {}, false);
        QTRY_VERIFY(stored->error());
        QCOMPARE(m_system->applies, 0);
        stored->apply(QStringLiteral("prod-eu 110"), QStringLiteral("OPS-1"), false, std::chrono::hours(8));
        QVERIFY(stored->approvedUntil() > QDateTime::currentMSecsSinceEpoch() + 7 * 3'600'000);
        QTRY_COMPARE(stored->stage(), Stage::Ended);
        QCOMPARE(m_system->applies, 1);
    }

    void aTargetThatIsLockedIsNotTouched()
    {
        Change *change = planned(Earliest{});
        const auto lock = TargetLock::acquire(path(), m_system->systemId, m_system->consumer);
        change->apply({}, {}, false);
        QTRY_COMPARE(change->stage(), Stage::Reviewing);
        QTRY_VERIFY(change->error());
        QCOMPARE(change->error()->code, ErrorCode::Conflict);
        QCOMPARE(m_system->applies, 0);
    }

    void verifyingNamesTheFirstBrokenEntry()
    {
        (void)planned(Earliest{});
        QSignalSpy verified(&m_session->journal(), &models::journal::JournalReader::verified);
        m_session->journal().verify();
        QTRY_COMPARE(verified.size(), 1);
        QVERIFY(verified[0][0].value<Result<models::journal::Verification>>()->isIntact());
    }

private:
    QString path() const { return m_folder->filePath(QStringLiteral("data/journal.db")); }
    std::unique_ptr<ReplaySession> newSession(Pace pace = {std::chrono::milliseconds(5), std::chrono::milliseconds(1), std::chrono::milliseconds(20), std::chrono::milliseconds(60'000), {}, std::chrono::milliseconds(1)})
    {
        QDir().mkpath(m_folder->filePath(QStringLiteral("data")));
        return std::make_unique<ReplaySession>(*m_factory, path(), nullptr, pace);
    }
    Change *newChange() { return m_session->resetOf(tests::fakeSpec(), m_system->consumer); }
    /// The plan as a file, opened where nobody knows of it.
    Change *openedElsewhere(Change *change)
    {
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        write(file, toPlanFile(*change->plan()));
        m_session.reset();
        if (!QFile::remove(path()))
            qFatal("the journal stays");
        m_session = newSession();
        change = newChange();
        change->openPlanFile(file);
        return change;
    }

    Change *planned(PositionSpec target)
    {
        Change *change = newChange();
        change->planReset({m_system->consumer, {Orders}, false, {}, target, {}});
        if (!QTest::qWaitFor([&] { return change->stage() == Stage::Reviewing; }, 10'000))
            qFatal("no plan");
        return change;
    }
    void activate()
    {
        m_system->activity = ConsumerActivity::Active;
        m_system->members = {{QStringLiteral("m-1"), QStringLiteral("pod-1"), QStringLiteral("/10.0.0.1"), {}}};
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeSystem> m_system;
    std::unique_ptr<tests::FakeFactory> m_factory;
    std::unique_ptr<ReplaySession> m_session;
};

QTEST_GUILESS_MAIN(TestReplaySession)
#include "tst_replay_session.moc"
