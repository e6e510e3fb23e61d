// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_feed.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"

#include <QSignalSpy>
#include <QTest>

using namespace models::event;
using models::job::JobState;

class TestEventFeed final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_connector = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        for (int i = 0; i < 50; ++i)
            m_connector->add(QStringLiteral("orders"), {QStringLiteral("e%1").arg(i), QStringLiteral("OrderPlaced"), {}, {}, {}, {}});
    }

    void aReadFillsTheTableAndTellsWhatItDid()
    {
        const tests::QtWarningsFail warningsFail;
        EventFeed feed(m_model, m_jobs);
        QSignalSpy finished(&feed, &EventFeed::finished);
        feed.start(m_connector, request(), QStringLiteral("Read orders"), 50);
        QVERIFY(feed.isRunning());
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(m_model.rowCount(), 50);
        QCOMPARE(feed.report().scanned, 50);
        QVERIFY(!feed.histogram().isEmpty());
        QCOMPARE(feed.job()->state(), JobState::Succeeded);
        QCOMPARE(feed.job()->done(), 50);
    }

    void aRefusalIsTheReadsResult()
    {
        m_connector->failWith({connectors::ErrorCode::InvalidInput, QStringLiteral("There is no column eventTyp."), {}, false});
        EventFeed feed(m_model, m_jobs);
        feed.start(m_connector, request(), QStringLiteral("Read orders"), -1);
        QTRY_VERIFY(feed.error());
        QCOMPARE(feed.error()->message, QStringLiteral("There is no column eventTyp."));
        QCOMPARE(feed.job()->state(), JobState::Failed);
    }

    void aReadThatHangsIsCancelledFromItsJob()
    {
        m_connector->hang();
        EventFeed feed(m_model, m_jobs);
        QSignalSpy finished(&feed, &EventFeed::finished);
        feed.start(m_connector, request(), QStringLiteral("Read orders"), -1);
        feed.job()->cancel();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(feed.job()->state(), JobState::Cancelled);
        QCOMPARE(feed.report().stopReason, connectors::StopReason::Cancelled);
    }

    void whilePausedNothingIsTaken()
    {
        EventFeed feed(m_model, m_jobs);
        feed.start(m_connector, request(), QStringLiteral("Read orders"), 50);
        feed.setPaused(true);
        QTRY_COMPARE(m_connector->scanned(), 50);
        QTest::qWait(100); // several turns in which it could take something
        QCOMPARE(m_model.list().count(), 0);
        feed.setPaused(false);
        QTRY_COMPARE(m_model.rowCount(), 50);
    }

    void anotherReadEndsTheFirst()
    {
        m_connector->hang();
        EventFeed feed(m_model, m_jobs);
        feed.start(m_connector, request(), QStringLiteral("first"), -1);
        const QPointer<models::job::Job> first = feed.job();
        feed.start(m_connector, request(), QStringLiteral("second"), -1);
        QCOMPARE(first->state(), JobState::Cancelled);
        QVERIFY(feed.isRunning());
        feed.clear();
        QVERIFY(!feed.isRunning());
        QCOMPARE(m_jobs.runningCount(), 0);
    }

private:
    static connectors::ReadRequest request()
    {
        connectors::ReadRequest made;
        made.streams = {QStringLiteral("orders")};
        return made;
    }

    std::shared_ptr<tests::FakeEventConnector> m_connector;
    EventTableModel m_model;
    models::job::JobList m_jobs;
};

QTEST_GUILESS_MAIN(TestEventFeed)
#include "tst_event_feed.moc"
