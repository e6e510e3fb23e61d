// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_feed.h"
#include "tests/models/event/event_batches.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <thread>

using namespace models::event;
using models::job::JobState;

namespace {

/// A read that the test feeds itself; its channel makes the writer wait rather than drop.
class TailConnector final : public connectors::Connector, public connectors::EventReader
{
public:
    const connectors::EventChannelPtr channel = std::make_shared<connectors::EventChannel>();

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override { return {}; }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return {}; }
    connectors::EventChannelPtr read(connectors::ReadRequest) override { return channel; }
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress>, std::stop_token) override { return {}; }
};

} // namespace

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

    void aPausedTailShowsAllThatCameMeanwhile()
    {
        constexpr int Batches = 200; // many more than the channel holds
        const auto tail = std::make_shared<TailConnector>();
        EventFeed feed(m_model, m_jobs);
        connectors::ReadRequest following = request();
        following.isFollowing = true;
        feed.start(tail, following, QStringLiteral("Tail orders"), -1);
        feed.setPaused(true);
        std::atomic<int> pushed = 0;
        const std::jthread writer([&] {
            while (pushed < Batches && tail->channel->push(tests::orderEvents(pushed, 1)))
                ++pushed;
        });
        QTRY_COMPARE(pushed.load(), Batches);
        QCOMPARE(m_model.list().count(), 0);
        feed.setPaused(false);
        QTRY_COMPARE(m_model.rowCount(), Batches);
        feed.cancel();
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
