// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/quit_guard.h"
#include "tests/support/fake_system.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAbstractButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using namespace models::replay;

namespace {
const QString Orders = QStringLiteral("orders");
}

/// Leaving the program while a change waits for a member to stop.
class TestQuitGuard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<tests::FakeSystem>();
        m_factory = std::make_unique<tests::FakeFactory>(*m_system);
        m_system->put(Orders, 0, 0, 100, 90);
        Pace pace;
        pace.waitInterval = std::chrono::milliseconds(10);
        m_session = std::make_unique<ReplaySession>(*m_factory, m_folder->filePath(QStringLiteral("journal.db")), nullptr, pace);
        m_guard = std::make_unique<gui::QuitGuard>(*m_session);
        m_window = std::make_unique<QWidget>();
        m_window->show();
        m_warningsFail.emplace();
    }

    void cleanup()
    {
        m_warningsFail.reset();
        m_window.reset();
        m_guard.reset();
        m_session.reset();
    }

    void nothingIsAskedWhenNothingIsApplied()
    {
        QVERIFY(m_guard->mayClose(m_window.get()));
        QSignalSpy ready(m_guard.get(), &gui::QuitGuard::readyToQuit);
        m_guard->stopAndQuit();
        QCOMPARE(ready.size(), 1);
    }

    void whoStaysLetsTheChangeGoOn()
    {
        waitForAMember();
        QVERIFY(!m_guard->mayClose(m_window.get()));
        QVERIFY(!m_guard->mayClose(m_window.get())); // asked once
        QCOMPARE(m_window->findChildren<QWidget *>(QStringLiteral("quit-question")).size(), 1);
        press("quit-stay");
        QTRY_VERIFY(!question());
        QVERIFY(m_session->isApplying() && m_window->isVisible());
        leave();
        QTRY_COMPARE(m_change->stage(), Stage::Ended);
        QCOMPARE(m_change->outcome()->state, models::journal::State::Done);
        QVERIFY(m_window->isVisible());
    }

    void whoLeavesCancelsWhatWaitsAndChangesNothing()
    {
        waitForAMember();
        QVERIFY(!m_guard->mayClose(m_window.get()));
        press("quit-stop");
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(!m_session->isApplying());
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
        QCOMPARE(m_system->applies, 0);
    }

    void theQuestionGoesWhenTheChangeEnds()
    {
        waitForAMember();
        QVERIFY(!m_guard->mayClose(m_window.get()));
        leave();
        QTRY_COMPARE(m_change->stage(), Stage::Ended);
        QTRY_VERIFY(!question());
        QVERIFY(m_window->isVisible()); // nobody said that it should close
    }

    void aProgramThatIsToldToEndDoesNotAsk()
    {
        waitForAMember();
        QSignalSpy ready(m_guard.get(), &gui::QuitGuard::readyToQuit);
        m_guard->stopAndQuit();
        QTRY_COMPARE(ready.size(), 1);
        QVERIFY(!m_session->isApplying() && !question());
        QCOMPARE(m_system->at(Orders, 0), std::optional<qint64>(90));
    }

private:
    void waitForAMember()
    {
        {
            const std::lock_guard lock(m_system->mutex);
            m_system->activity = ConsumerActivity::Active;
            m_system->members = {{QStringLiteral("m-1"), QStringLiteral("pod-1"), QStringLiteral("/10.0.0.1"), {}}};
        }
        m_change = m_session->resetOf(tests::fakeSpec(), m_system->consumer);
        ResetRequest request;
        request.consumer = m_system->consumer;
        request.isAllStreams = true;
        request.target = PositionSpec(Earliest{});
        m_change->planReset(request);
        QTRY_COMPARE(m_change->stage(), Stage::Reviewing);
        m_change->apply({}, {}, false);
        QTRY_COMPARE(m_change->runState(), models::journal::State::Waiting);
    }

    void leave()
    {
        const std::lock_guard lock(m_system->mutex);
        m_system->activity = ConsumerActivity::Empty;
        m_system->members.clear();
    }

    [[nodiscard]] QWidget *question() const { return m_window->findChild<QWidget *>(QStringLiteral("quit-question")); }

    void press(const char *name)
    {
        auto *button = question()->findChild<QAbstractButton *>(QString::fromLatin1(name));
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeSystem> m_system;
    std::unique_ptr<tests::FakeFactory> m_factory;
    std::unique_ptr<ReplaySession> m_session;
    std::unique_ptr<gui::QuitGuard> m_guard;
    std::unique_ptr<QWidget> m_window;
    Change *m_change = nullptr;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestQuitGuard)
#include "tst_quit_guard.moc"
