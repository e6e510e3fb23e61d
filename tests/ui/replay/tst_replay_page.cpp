// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/target_lock.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_system.h"
#include "tests/support/full_disk.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/replay/approve_step.h"
#include "ui/replay/replay_page.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/state_view.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using models::journal::Journal;
using models::journal::State;
using ui::replay::ReplayPage;
using ui::replay::Step;
using ui::widgets::Notice;

namespace {

const QString Orders = QStringLiteral("orders");

} // namespace

class TestReplayPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_planGoodFor = models::replay::Pace().planGoodFor;
        m_system = std::make_unique<tests::FakeSystem>();
        m_factory = std::make_unique<tests::FakeFactory>(*m_system);
        m_system->put(Orders, 0, 0, 100, 90);
        m_system->put(Orders, 1, 0, 50, 20);
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_workspace.reset();
        m_warningsFail.reset();
    }

    void theFocusGoesAlongWithTheSteps()
    {
        open(Environment::Development);
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page->window()));
        find<QPushButton>(QStringLiteral("reset-plan"))->setFocus();
        plan();
        QTRY_VERIFY(QApplication::focusWidget() != nullptr);
        QTRY_COMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("plan-approve"));
    }

    void withoutAConsumerItSaysWhereToChooseOne()
    {
        open(Environment::Development, false);
        QCOMPARE(find<ui::widgets::StateView>(QStringLiteral("state-view"))->title(), QStringLiteral("No consumer is chosen"));
        QVERIFY(!m_page->isInNavigation());
        QVERIFY(!m_page->targetEnvironment());
    }

    void aResetIsPlannedApprovedAndVerified()
    {
        open(Environment::Development);
        plan();
        QCOMPARE(m_page->step(), Step::Plan);
        QVERIFY(label("plan-headline").contains(QStringLiteral("all 2 partitions change")));
        QVERIFY(notice("plan-again").contains(QStringLiteral("will process again 110 events")));
        QVERIFY(find<Notice>(QStringLiteral("plan-skip"))->isHidden());
        QVERIFY(label("plan-reversible").startsWith(QStringLiteral("partly")));
        click("plan-approve");
        QCOMPARE(m_page->step(), Step::Approve);
        QVERIFY(!find<QPushButton>(QStringLiteral("approve-apply"))->isDefault());
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Result);
        QVERIFY(label("result-title").endsWith(QStringLiteral("done")));
        QCOMPARE(find<QTableView>(QStringLiteral("result-rows"))->model()->rowCount(), 2);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(0));
        QTRY_VERIFY(notice("result-take-up").contains(QStringLiteral("Nobody reads as payments yet")));
        put(Orders, 0, 40);
        QTRY_VERIFY(notice("result-take-up").contains(QStringLiteral("has taken it up from the targets")));
        put(Orders, 1, -1);
        QTRY_VERIFY(notice("result-take-up").startsWith(QStringLiteral("ALARM")));
        QSignalSpy places(m_page.get(), &ReplayPage::placeRequested);
        click("result-undo");
        click("result-journal");
        QCOMPARE(places[0][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("replay"), {}, QStringLiteral("1"), {}}));
        QCOMPARE(places[1][0].value<ui::frame::Place>().page, QStringLiteral("journal"));
    }

    void theCommandsAreThoseOfTheStepThatIsShown()
    {
        open(Environment::Development);
        const auto visible = [this] {
            QStringList names;
            for (const QAction *action : m_page->commands())
                if (action->isVisible())
                    names += action->objectName() + (action->isEnabled() ? QString() : QStringLiteral(" (grey)"));
            return names.join(u' ');
        };
        QTRY_COMPARE(visible(), QStringLiteral("command-reset-plan command-reset-open-plan"));
        m_page->commands().front()->trigger(); // makes the plan
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QTRY_VERIFY2(visible().contains(QStringLiteral("command-plan-copy-command command-plan-copy-summary command-plan-approve")), qPrintable(visible()));
        QVERIFY(!visible().contains(QStringLiteral("command-reset-plan")));
        QVERIFY(!visible().contains(QStringLiteral("command-approve-apply")));
    }

    void whoReadsAndWhoElseReadsIsSaid()
    {
        m_system->otherConsumers = {{QStringLiteral("audit"), Orders}, {QStringLiteral("mail"), QStringLiteral("elsewhere")}};
        activate();
        open(Environment::Development);
        plan();
        QCOMPARE(label("plan-others"), QStringLiteral("1, not touched: audit"));
        QVERIFY2(label("plan-members").startsWith(QStringLiteral("1: pod-")), qPrintable(label("plan-members")));
        QCOMPARE(label("plan-effects"), QStringLiteral("not known: the events of this connection cannot be read"));
        deactivate();
        m_workspace->connections().front()->refresh();
        QTRY_COMPARE(label("plan-members"), QStringLiteral("none ✓ (was 1)"));
    }

    void streamsWithoutACheckpointCanBeChosenToo()
    {
        m_system->put(QStringLiteral("fresh"), 0, 0, 7, {});
        open(Environment::Development);
        auto *others = find<QCheckBox>(QStringLiteral("reset-other-streams"));
        auto *streams = find<QListWidget>(QStringLiteral("reset-streams"));
        QTRY_COMPARE(others->text(), QStringLiteral("Also offer the one stream in which it has no checkpoint"));
        streams->item(0)->setCheckState(Qt::Unchecked);
        others->click();
        QCOMPARE(streams->count(), 2);
        QCOMPARE(streams->item(0)->checkState(), Qt::Unchecked); // what was chosen stays so
        QCOMPARE(streams->item(1)->text(), QStringLiteral("fresh"));
        QCOMPARE(streams->item(1)->checkState(), Qt::Unchecked);
        streams->item(1)->setCheckState(Qt::Checked);
        plan();
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(m_system->at(QStringLiteral("fresh"), 0), std::optional<qint64>(0));
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
    }

    void aTargetIsThatOfItsConsumerAndFoundAgainThere()
    {
        open(Environment::Development);
        const auto goTo = [this](const QString &connection, const QString &consumer) {
            m_page->goTo({QStringLiteral("replay"), connection, consumer, {}});
            QTRY_VERIFY(label("replay-consumer").startsWith(consumer));
        };
        auto *target = find<QComboBox>(QStringLiteral("reset-target"));
        auto *streams = find<QListWidget>(QStringLiteral("reset-streams"));
        choose(4); // a position
        type("reset-position", QStringLiteral("400"));
        type("reset-partitions", QStringLiteral("1"));
        streams->item(0)->setCheckState(Qt::Unchecked);
        goTo(QStringLiteral("prod-eu"), QStringLiteral("billing"));
        QCOMPARE(target->currentIndex(), 0);
        QCOMPARE(find<QLineEdit>(QStringLiteral("reset-position"))->text(), QString());
        QCOMPARE(find<QLineEdit>(QStringLiteral("reset-partitions"))->text(), QString());
        choose(2); // a point in time
        goTo(QStringLiteral("prod-eu"), m_system->consumer);
        QCOMPARE(target->currentIndex(), 4);
        QCOMPARE(find<QLineEdit>(QStringLiteral("reset-position"))->text(), QStringLiteral("400"));
        QCOMPARE(find<QLineEdit>(QStringLiteral("reset-partitions"))->text(), QStringLiteral("1"));
        QCOMPARE(streams->item(0)->checkState(), Qt::Unchecked);
        ConnectionSpec elsewhere = tests::fakeSpec();
        elsewhere.name = QStringLiteral("prod-us");
        m_workspace->add(elsewhere, *m_factory->open({}));
        m_page->goTo({QStringLiteral("replay"), elsewhere.name, m_system->consumer, {}});
        QTRY_COMPARE(label("replay-consumer"), QStringLiteral("payments on prod-us"));
        QCOMPARE(target->currentIndex(), 0);
        QTRY_COMPARE(streams->count(), 1);
        QCOMPARE(streams->item(0)->checkState(), Qt::Checked);
    }

    void aPlanThatWasMadeBeforeIsOfferedAgain()
    {
        open(Environment::Development);
        plan();
        click("plan-back");
        auto *stored = find<QPushButton>(QStringLiteral("reset-stored-plans"));
        QTRY_VERIFY(stored->isVisible());
        QCOMPARE(stored->menu()->actions().size(), 1);
        QSignalSpy places(m_page.get(), &ReplayPage::placeRequested);
        stored->menu()->actions().front()->trigger();
        QCOMPARE(places[0][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("replay"), {}, QStringLiteral("1"), {}}));
        m_page->goTo(places[0][0].value<ui::frame::Place>());
        QTRY_VERIFY(find<QTableView>(QStringLiteral("plan-rows"))->isVisible());
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(records().size(), size_t(1));
    }

    void anOldPlanThatNobodyApprovedIsMadeAgainForWhoComesBack()
    {
        const ui::frame::Place reset{QStringLiteral("replay"), QStringLiteral("prod-eu"), m_system->consumer, {}};
        m_planGoodFor = std::chrono::minutes(10);
        open(Environment::Development);
        plan();
        const QString planId = m_session->changes().front()->plan()->planId;
        m_page->hide(); // another page is looked at meanwhile
        m_page->goTo(reset);
        m_page->show();
        QCOMPARE(m_session->changes().front()->stage(), models::replay::Stage::Reviewing);
        QCOMPARE(m_session->changes().front()->plan()->planId, planId);
        cleanup();
        init();
        m_planGoodFor = std::chrono::milliseconds(-1);
        open(Environment::Development);
        plan();
        put(Orders, 0, 91);
        m_page->goTo(reset); // it is being looked at
        QCOMPARE(m_session->changes().front()->stage(), models::replay::Stage::Reviewing);
        m_page->hide();
        m_page->goTo(reset);
        m_page->show();
        QTRY_VERIFY2(notice("plan-again").contains(QStringLiteral("111 events")), qPrintable(notice("plan-again")));
        QCOMPARE(m_page->step(), Step::Plan);
        put(Orders, 0, 92);
        approveAndApply();
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("was 91 and is now 92")));
        QTRY_COMPARE(m_session->changes().front()->stage(), models::replay::Stage::Reviewing);
        m_page->hide();
        m_page->goTo(reset); // why it came back is not lost
        m_page->show();
        QVERIFY(notice("plan-problem").contains(QStringLiteral("was 91 and is now 92")));
    }

    void theAgeOfAPlanIsSaidWhereItIsApproved()
    {
        ui::replay::ApproveStep step;
        models::replay::Plan plan;
        plan.created = QDateTime::currentMSecsSinceEpoch();
        step.show(plan, Environment::Development, {}, false, {});
        const auto *age = step.findChild<Notice *>(QStringLiteral("approve-age"));
        QVERIFY(age->text().isEmpty());
        plan.created -= 5 * 60'000;
        step.show(plan, Environment::Development, {}, false, {});
        QVERIFY2(age->text().startsWith(QStringLiteral("Planned 5 min ago")), qPrintable(age->text()));
    }

    void theRememberedPaceTellsHowLongItTakes()
    {
        open(Environment::Development, false);
        const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
        for (int poll = 0; poll < 3; ++poll) {
            models::history::PollSamples samples;
            samples.time = now - 60'000 + poll * 10'000;
            samples.samples = {{m_system->consumer, Orders, 0, poll * 110, 0, 1000, {}}};
            m_history->record(m_system->systemId, samples);
        }
        m_page->goTo({QStringLiteral("replay"), QStringLiteral("prod-eu"), m_system->consumer, {}});
        QTRY_COMPARE(find<QListWidget>(QStringLiteral("reset-streams"))->count(), 1);
        plan();
        QTRY_VERIFY2(notice("plan-again").contains(QStringLiteral("≈ 10")), qPrintable(notice("plan-again")));
    }

    void productionMustBeTypedAndGivenAReason()
    {
        open(Environment::Production);
        QCOMPARE(label("replay-environment"), QStringLiteral("PRODUCTION"));
        QCOMPARE(m_page->targetEnvironment(), std::optional(Environment::Production));
        plan();
        auto *approve = find<QPushButton>(QStringLiteral("plan-approve"));
        QVERIFY(!approve->isEnabled());
        QCOMPARE(label("plan-why-not"), QStringLiteral("A change on production needs a reason."));
        type("plan-reason", QStringLiteral("OPS-7"));
        QVERIFY(approve->isEnabled());
        click("plan-approve");
        QCOMPARE(label("approve-wanted"), QStringLiteral("prod-eu 110"));
        auto *apply = find<QPushButton>(QStringLiteral("approve-apply"));
        QVERIFY(!apply->isEnabled());
        type("approve-typed", QStringLiteral("prod-eu 111"));
        QVERIFY(!apply->isEnabled());
        QVERIFY(notice("approve-missing").contains(QStringLiteral("prod-eu 110")));
        type("approve-typed", QStringLiteral("prod-eu 110"));
        QVERIFY(apply->isEnabled());
        QTest::keyClick(find<QLineEdit>(QStringLiteral("approve-typed")), Qt::Key_Return); // Enter never applies
        QCOMPARE(m_page->step(), Step::Approve);
        QCOMPARE(m_system->applies, 0);
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(records().front().reason, QStringLiteral("OPS-7"));
    }

    void skippingHasAWordOfItsOwnAndIsTyped()
    {
        open(Environment::Development);
        choose(1); // the end
        plan();
        QVERIFY(notice("plan-skip").contains(QStringLiteral("SKIP 40 events")));
        click("plan-approve");
        QCOMPARE(label("approve-wanted"), QStringLiteral("SKIP 40"));
        QVERIFY(!find<QPushButton>(QStringLiteral("approve-apply"))->isEnabled());
        type("approve-typed", QStringLiteral("SKIP 40"));
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Result);
        // Nobody has read anything: that is no catching up.
        QTRY_COMPARE(notice("result-take-up"), QStringLiteral("Nothing waits for payments: its checkpoints are at the ends of the streams."));
    }

    void aReaderWithoutANameIsWaitedForWithoutAList()
    {
        m_system->activity = ConsumerActivity::Active; // as a group of Kafka's new protocol
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_COMPARE(label("waiting-left"), QStringLiteral("Somebody reads, but this system does not tell who."));
        QVERIFY(find<QListWidget>(QStringLiteral("waiting-members"))->isHidden());
        deactivate();
        QTRY_COMPARE(m_page->step(), Step::Result);
    }

    void refusedRowsSayTheRealRangeAndCanBeLeftOut()
    {
        open(Environment::Development);
        choose(4); // a position
        type("reset-position", QStringLiteral("70"));
        plan();
        auto *rows = find<QTableView>(QStringLiteral("plan-rows"));
        QVERIFY(rows->model()->index(1, 4).data().toString().contains(QStringLiteral("goes from 0 to 50")));
        QVERIFY(!find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
        QTest::mouseClick(find<QCheckBox>(QStringLiteral("plan-leave-out")), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_VERIFY(find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(70));
        QCOMPARE(m_system->at(Orders, 1), std::optional<qint64>(20));
    }

    void aPlanInWhichNothingCanBeDoneOffersNothing()
    {
        open(Environment::Development);
        choose(4); // a position
        type("reset-position", QStringLiteral("999"));
        plan();
        QCOMPARE(label("plan-why-not"), QStringLiteral("None of the rows can be done."));
        QVERIFY(!find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
        QVERIFY(find<QCheckBox>(QStringLiteral("plan-leave-out"))->isHidden());
        QVERIFY(label("plan-reversible").startsWith(QStringLiteral("no, because")));
    }

    void itWaitsForMembersAndGoesOn()
    {
        activate();
        open(Environment::Development);
        plan();
        QVERIFY(label("plan-members").contains(QStringLiteral("pod-<b>1</b> on /10.0.0.1")));
        approveAndApply();
        QTRY_COMPARE(label("waiting-title"), QStringLiteral("Waiting until nobody reads as payments"));
        QTRY_COMPARE(find<QListWidget>(QStringLiteral("waiting-members"))->count(), 1);
        QVERIFY(label("waiting-until").contains(QStringLiteral("The approval is good until")));
        m_page->hide(); // another page is looked at meanwhile
        deactivate();
        QTRY_COMPARE(m_session->changes().front()->stage(), models::replay::Stage::Ended);
        m_page->show();
        QCOMPARE(m_page->step(), Step::Result);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(0));
    }

    void waitingCanBeCancelled()
    {
        activate();
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_COMPARE(label("waiting-title"), QStringLiteral("Waiting until nobody reads as payments"));
        click("waiting-cancel");
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QVERIFY(notice("plan-problem").contains(QStringLiteral("cancelled")));
        QCOMPARE(m_system->applies, 0);
        QVERIFY(find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled()); // the plan can still be used
    }

    void aSystemThatIsSilentAtApplySaysThatNothingWasChanged()
    {
        open(Environment::Development);
        plan();
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->readFault = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        }
        approveAndApply();
        QTRY_VERIFY2(notice("plan-problem").startsWith(QStringLiteral("Nothing was changed. no answer")), qPrintable(notice("plan-problem")));
        QCOMPARE(m_page->step(), Step::Plan);
        QCOMPARE(m_system->applies, 0);
    }

    void aDifferenceGoesBackToReviewWithAPlanOfWhatIsSoNow()
    {
        open(Environment::Development);
        plan();
        put(Orders, 0, 91);
        approveAndApply();
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("was 90 and is now 91")));
        QCOMPARE(m_page->step(), Step::Plan);
        QTRY_VERIFY(notice("plan-again").contains(QStringLiteral("111 events")));
        QCOMPARE(m_system->applies, 0);
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
    }

    void whoReadsUntilTheyAreStoppedIsPlannedAnewWithoutThem()
    {
        activate();
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_COMPARE(find<QListWidget>(QStringLiteral("waiting-members"))->count(), 1);
        put(Orders, 0, 95);
        deactivate();
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("was 90 and is now 95")));
        QTRY_COMPARE(label("plan-members"), QStringLiteral("none ✓"));
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(0));
    }

    void aStoredPlanThatDiffersCannotBePlannedAnewByItself()
    {
        open(Environment::Development);
        plan();
        click("plan-save");
        const QString saved = m_folder->filePath(QStringLiteral("plan.json"));
        answerDialog("plan-save-dialog", saved);
        QTRY_VERIFY(QFile::exists(saved));
        click("plan-back");
        click("reset-open-plan");
        answerDialog("plan-file-dialog", saved);
        QTRY_COMPARE(m_page->step(), Step::Plan);
        put(Orders, 0, 91);
        approveAndApply();
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("Plan again with what is so now.")));
        QVERIFY(!find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
    }

    void anUnknownResultIsFoundOutByReading()
    {
        open(Environment::Development);
        plan();
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
            m_system->isAppliedBeforeFault = true;
            m_system->beforeRead = [this] {
                if (m_system->applies > 0)
                    m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("broker is down"), {}, true};
            };
        }
        approveAndApply();
        QTRY_VERIFY_WITH_TIMEOUT(m_page->step() == Step::Result, 30'000);
        QVERIFY(label("result-title").endsWith(QStringLiteral("UNKNOWN")));
        QVERIFY(find<QPushButton>(QStringLiteral("result-undo"))->isHidden());
        click("result-find-out");
        QTRY_VERIFY(notice("result-problem").contains(QStringLiteral("broker is down")));
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->beforeRead = {};
            m_system->readFault.reset();
        }
        click("result-find-out");
        QTRY_VERIFY(label("result-title").endsWith(QStringLiteral("done")));
        QCOMPARE(m_system->applies, 1);
    }

    void whatWasGivenUpAndCarriedOutLateIsPutBack()
    {
        open(Environment::Development);
        plan();
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->applyFault = Error{ErrorCode::OutcomeUnknown, QStringLiteral("timed out"), {}, false};
        }
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QVERIFY2(label("result-title").endsWith(QStringLiteral("not applied")), qPrintable(label("result-title")));
        put(Orders, 0, 0); // the broker is slow, not dead
        put(Orders, 1, 0);
        QSignalSpy places(m_page.get(), &ReplayPage::placeRequested);
        click("result-undo");
        QCOMPARE(places.count(), 1);
        m_page->goTo(places[0][0].value<ui::frame::Place>());
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QTRY_COMPARE(label("replay-title"), QStringLiteral("Put checkpoints back"));
        const auto *rows = find<QTableView>(QStringLiteral("plan-rows"))->model();
        QTRY_COMPARE(rows->rowCount(), 2);
    }

    void aPartialResultShowsWhichRows()
    {
        m_system->partFaults[{Orders, 1}] = Error{ErrorCode::Refused, QStringLiteral("<b>UNKNOWN_MEMBER_ID</b>"), {}, false};
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        QVERIFY(label("result-title").endsWith(QStringLiteral("PARTIAL")));
        const auto *model = find<QTableView>(QStringLiteral("result-rows"))->model();
        QVERIFY(model->index(1, 5).data().toString().startsWith(QStringLiteral("NOT APPLIED")));
        click("result-find-out");
        QTRY_VERIFY(label("result-explanation").contains(QStringLiteral("This is how it is now")));
    }

    void aJournalThatCannotBeWrittenStopsEverything()
    {
        QVERIFY(QDir().mkpath(path())); // a folder where the file should be
        open(Environment::Development);
        plan();
        QVERIFY(notice("plan-problem").contains(QStringLiteral("could not be written to the journal")));
        QVERIFY(!find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
    }

    void aJournalThatCannotBeWrittenAtApplyChangesNothing()
    {
        open(Environment::Development);
        plan();
        click("plan-approve");
        QVERIFY(QFile::remove(path()));
        QFile::remove(path() + QStringLiteral("-wal"));
        QVERIFY(QDir().mkpath(path()));
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QTRY_VERIFY(!find<Notice>(QStringLiteral("plan-problem"))->isHidden());
        QCOMPARE(m_system->applies, 0);
    }

    void aFullDiskAtApplyChangesNothing()
    {
        open(Environment::Development);
        plan();
        click("plan-approve");
        {
            const tests::FullDisk fullDisk;
            click("approve-apply");
            QTRY_COMPARE(m_page->step(), Step::Plan);
        }
        QTRY_VERIFY(!find<Notice>(QStringLiteral("plan-problem"))->isHidden());
        QVERIFY2(notice("plan-problem").contains(path()), qPrintable(notice("plan-problem")));
        QCOMPARE(m_system->applies, 0);
        approveAndApply(); // there is room again
        QTRY_COMPARE(m_page->step(), Step::Result);
    }

    void aTargetThatSomebodyElseChangesIsSaid()
    {
        open(Environment::Development);
        plan();
        const auto lock = models::journal::TargetLock::acquire(path(), m_system->systemId, m_system->consumer);
        approveAndApply();
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("Another change of “payments” is under way")));
        QCOMPARE(m_system->applies, 0);
    }

    void aSavedPlanIsUsedOnce()
    {
        open(Environment::Development);
        plan();
        click("plan-save");
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        answerDialog("plan-save-dialog", file);
        QTRY_VERIFY(QFile::exists(file));
        click("plan-back");
        QTRY_COMPARE(m_page->step(), Step::What);
        click("reset-open-plan");
        answerDialog("plan-file-dialog", file);
        QTRY_COMPARE(m_page->step(), Step::Plan);
        click("plan-copy-command");
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("streamgaugectl apply ")));
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        click("result-again");
        QTRY_COMPARE(m_page->step(), Step::What);
        click("reset-open-plan");
        answerDialog("plan-file-dialog", file);
        QTRY_COMPARE(m_page->step(), Step::Result); // it was used: its result, and nothing to press twice
        QCOMPARE(m_system->applies, 1);
    }

    void aPlanThatWasEditedIsRefused()
    {
        open(Environment::Development);
        plan();
        const QString file = m_folder->filePath(QStringLiteral("plan.json"));
        QFile edited(file);
        QVERIFY(edited.open(QIODevice::WriteOnly));
        edited.write(toPlanFile(*m_session->changes().front()->plan()).replace("\"after\": 0", "\"after\": 1"));
        edited.close();
        click("plan-back");
        QTRY_COMPARE(m_page->step(), Step::What);
        click("reset-open-plan");
        answerDialog("plan-file-dialog", file);
        QTRY_VERIFY(notice("replay-what-notice").contains(QStringLiteral("hash does not fit")));
    }

    void whatIsTypedWrongIsSaidAtTheForm()
    {
        open(Environment::Development);
        type("reset-partitions", QStringLiteral("0,x"));
        click("reset-plan");
        QVERIFY(notice("replay-what-notice").contains(QStringLiteral("“x” names no partitions")));
        type("reset-partitions", QString());
        choose(3); // a while back
        type("reset-back", QStringLiteral("soon"));
        click("reset-plan");
        QVERIFY(notice("replay-what-notice").contains(QStringLiteral("soon")));
        find<QListWidget>(QStringLiteral("reset-streams"))->item(0)->setCheckState(Qt::Unchecked);
        click("reset-plan");
        QVERIFY(notice("replay-what-notice").contains(QStringLiteral("No stream is chosen")));
        QCOMPARE(m_page->step(), Step::What);
    }

    void aStoredPlanOfWhatIsProductionNowIsTypedAndGivenAReason()
    {
        open(Environment::Development);
        plan();
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->saved = {tests::fakeSpec(Environment::Production)};
        }
        click("plan-approve");
        click("approve-apply"); // it was looked at as development
        QTRY_VERIFY(notice("plan-problem").contains(QStringLiteral("must be confirmed")));
        QCOMPARE(m_system->applies, 0);
        m_page->goTo({QStringLiteral("replay"), {}, QStringLiteral("1"), {}});
        QTRY_COMPARE(label("replay-environment"), QStringLiteral("PRODUCTION"));
        QTRY_COMPARE(label("plan-why-not"), QStringLiteral("A change on production needs a reason."));
        type("plan-reason", QStringLiteral("OPS-7"));
        click("plan-approve");
        QCOMPARE(label("approve-environment"), QStringLiteral("PRODUCTION"));
        QVERIFY(!find<QPushButton>(QStringLiteral("approve-apply"))->isEnabled());
        type("approve-typed", QStringLiteral("prod-eu 110"));
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Result);
    }

    void anApprovalMayBeGoodForAChangeWindow()
    {
        activate();
        open(Environment::Development);
        plan();
        click("plan-approve");
        auto *validFor = find<QComboBox>(QStringLiteral("approve-valid-for"));
        QCOMPARE(validFor->currentText(), QStringLiteral("15 minutes"));
        validFor->setCurrentIndex(2);
        click("approve-apply");
        const auto *change = m_session->changes().front().get();
        QVERIFY(change->approvedUntil() > QDateTime::currentMSecsSinceEpoch() + 7 * 3'600'000);
        QTRY_COMPARE(label("waiting-title"), QStringLiteral("Waiting until nobody reads as payments"));
        click("waiting-cancel");
        QTRY_COMPARE(m_page->step(), Step::Plan);
        click("plan-approve");
        QCOMPARE(validFor->currentIndex(), 0); // a longer one is chosen each time
    }

    void aClosedConnectionEndsTheWatch()
    {
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_VERIFY(notice("result-take-up").contains(QStringLiteral("Nobody reads as payments yet")));
        m_workspace->close(QStringLiteral("prod-eu"));
        QTRY_VERIFY2(notice("result-take-up").startsWith(QStringLiteral("The connection was closed")), qPrintable(notice("result-take-up")));
    }

    void theCommandAndTheSummarySayTheSame()
    {
        open(Environment::Development);
        type("reset-partitions", QStringLiteral("0"));
        choose(6); // so many positions
        type("reset-shift", QStringLiteral("-10"));
        plan();
        type("plan-reason", QStringLiteral("it's OPS-7"));
        click("plan-copy-command");
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("streamgaugectl reset 'prod-eu' 'payments' --stream 'orders' --partition 0 --shift=-10 --reason 'it'\\''s OPS-7'"));
        click("plan-copy-summary");
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("orders partition 0: 90 → 80, process again 10")));
    }

    void anUndoOfAConsumerThatHasMovedOnMustBeAccepted()
    {
        open(Environment::Development);
        plan();
        approveAndApply();
        QTRY_COMPARE(m_page->step(), Step::Result);
        put(Orders, 0, 30);
        m_page->goTo({QStringLiteral("replay"), {}, QStringLiteral("1"), {}});
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QTRY_COMPARE(label("replay-title"), QStringLiteral("Put checkpoints back"));
        auto *accept = find<QCheckBox>(QStringLiteral("plan-moved-on"));
        QTRY_VERIFY(accept->isVisible());
        QVERIFY(!find<QPushButton>(QStringLiteral("plan-approve"))->isEnabled());
        accept->click();
        QTRY_VERIFY(notice("plan-skip").contains(QStringLiteral("SKIP 80")));
        QVERIFY(notice("plan-warnings").contains(QStringLiteral("30 of 110 events")));
        QCOMPARE(m_page->place(), (ui::frame::Place{QStringLiteral("replay"), {}, QStringLiteral("1"), {}}));
        click("plan-approve");
        type("approve-typed", QStringLiteral("SKIP 80"));
        click("approve-apply");
        QTRY_COMPARE(m_page->step(), Step::Result);
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        QCOMPARE(m_system->at(Orders, 1), std::optional<qint64>(20));
    }

    void whatCannotBePutBackSaysWhy()
    {
        open(Environment::Development);
        m_page->goTo({QStringLiteral("replay"), {}, QStringLiteral("77"), {}});
        QTRY_COMPARE(find<ui::widgets::StateView>(QStringLiteral("state-view"))->title(), QStringLiteral("There is no plan to put this back"));
    }

    void aConnectionThatIsNotOpenIsWaitedFor()
    {
        open(Environment::Development, false, false);
        m_page->goTo({QStringLiteral("replay"), QStringLiteral("prod-eu"), m_system->consumer, {}});
        QCOMPARE(find<ui::widgets::StateView>(QStringLiteral("state-view"))->title(), QStringLiteral("prod-eu is not open"));
        m_workspace->add(tests::fakeSpec(), *m_factory->open({}));
        QTRY_VERIFY(find<QListWidget>(QStringLiteral("reset-streams"))->isVisible());
    }

private:
    QString path() const { return m_folder->filePath(QStringLiteral("journal.db")); }
    void open(Environment environment, bool isGoing = true, bool isConnected = true)
    {
        using ms = std::chrono::milliseconds;
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_history = std::make_unique<models::history::History>(QString());
        m_session = std::make_unique<models::replay::ReplaySession>(*m_factory, path(), nullptr, models::replay::Pace{ms(5), ms(1), ms(20), ms(600'000), {}, ms(1), m_planGoodFor});
        m_page = std::make_unique<ReplayPage>(*m_workspace, *m_history, *m_session);
        m_page->resize(1100, 700);
        m_page->show();
        if (isConnected)
            m_workspace->add(tests::fakeSpec(environment), *m_factory->open({}));
        if (isGoing) {
            m_page->goTo({QStringLiteral("replay"), QStringLiteral("prod-eu"), m_system->consumer, {}});
            QTRY_COMPARE(find<QListWidget>(QStringLiteral("reset-streams"))->count(), 1);
        }
    }
    void plan()
    {
        click("reset-plan");
        QTRY_COMPARE(m_page->step(), Step::Plan);
        QTRY_VERIFY(find<QTableView>(QStringLiteral("plan-rows"))->isVisible());
    }
    void approveAndApply()
    {
        click("plan-approve");
        click("approve-apply");
    }
    void choose(int target) { find<QComboBox>(QStringLiteral("reset-target"))->setCurrentIndex(target); }
    void click(const char *name)
    {
        auto *button = find<QPushButton>(QString::fromLatin1(name));
        QTRY_VERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void type(const char *name, const QString &text)
    {
        auto *line = find<QLineEdit>(QString::fromLatin1(name));
        line->clear();
        QTest::keyClicks(line, text);
    }
    void answerDialog(const char *name, const QString &file)
    {
        auto *dialog = find<QFileDialog>(QString::fromLatin1(name));
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
    }
    QString label(const char *name) { return find<QLabel>(QString::fromLatin1(name))->text(); }
    QString notice(const char *name) { return find<Notice>(QString::fromLatin1(name))->text(); }
    std::vector<models::journal::Record> records() { return *(*Journal::open(path()))->records(); }
    void put(const QString &stream, int partition, qint64 position)
    {
        const std::lock_guard lock(m_system->mutex);
        if (position < 0)
            m_system->checkpoints.erase({stream, partition});
        else
            m_system->checkpoints[{stream, partition}].position = position;
    }
    void activate()
    {
        m_system->activity = ConsumerActivity::Active;
        m_system->members = {{QStringLiteral("m-1"), QStringLiteral("pod-<b>1</b>"), QStringLiteral("/10.0.0.1"), {}}};
    }
    void deactivate()
    {
        const std::lock_guard lock(m_system->mutex);
        m_system->activity = ConsumerActivity::Empty;
        m_system->members.clear();
    }
    template<typename T>
    T *find(const QString &name)
    {
        T *widget = m_page->findChild<T *>(name);
        if (!widget)
            qFatal("no widget %s", qPrintable(name));
        return widget;
    }

    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeSystem> m_system;
    std::chrono::milliseconds m_planGoodFor = models::replay::Pace().planGoodFor;
    std::unique_ptr<tests::FakeFactory> m_factory;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<models::history::History> m_history;
    std::unique_ptr<models::replay::ReplaySession> m_session;
    std::unique_ptr<ReplayPage> m_page;
};

QTEST_MAIN(TestReplayPage)
#include "tst_replay_page.moc"
