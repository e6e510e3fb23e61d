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

/// Reads that the test feeds itself; their channels make the writer wait rather than drop.
class TailConnector final : public connectors::Connector, public connectors::EventReader
{
public:
    connectors::EventChannelPtr channel = std::make_shared<connectors::EventChannel>(); ///< of the latest read
    std::vector<connectors::ReadRequest> requests;

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override { return {}; }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return {}; }
    connectors::EventChannelPtr read(connectors::ReadRequest request) override
    {
        if (!requests.empty())
            channel = std::make_shared<connectors::EventChannel>();
        requests.push_back(std::move(request));
        return channel;
    }
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress>, qint64, std::stop_token) override { return {}; }
    QFuture<connectors::Result<connectors::EventPage>> fetchPage(connectors::PageRequest, std::stop_token) override { return {}; }
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

    void whatNobodyCanReadHasARowAndIsReadBehindWhenTold()
    {
        const auto connector = std::make_shared<TailConnector>();
        EventFeed feed(m_model, m_jobs);
        feed.start(connector, request(), QStringLiteral("Read orders"), -1);
        QVERIFY(!feed.canGoOnBehind());
        QVERIFY(connector->channel->push(tests::orderEvents(0, 3)));
        connector->channel->updateProgress(leavingOut(3, 10));
        connector->channel->finish(connectors::failure(connectors::ErrorCode::Incomplete, QStringLiteral("left out")));
        QTRY_VERIFY(!feed.isRunning());
        QCOMPARE(m_model.rowCount(), 4);
        const EventEntry row = m_model.list().entry(3);
        QCOMPARE(row.format, connectors::BodyFormat::LeftOut);
        QCOMPARE(row.position, 3);
        QCOMPARE(m_model.list().type(row), QStringLiteral("exceeds the limit"));
        QVERIFY(feed.canGoOnBehind());

        feed.goOnBehind();
        QCOMPARE(connector->requests.back().ranges.size(), size_t(1));
        QCOMPARE(connector->requests.back().ranges.front().from, 4);
        QCOMPARE(connector->requests.back().ranges.front().to, 10);
        QVERIFY(connector->channel->push(tests::orderEvents(4, 6)));
        connectors::ReadReport rest;
        rest.scanned = 6;
        connector->channel->finish(rest);
        QTRY_VERIFY(!feed.isRunning());
        QCOMPARE(m_model.rowCount(), 10);
        QCOMPARE(feed.report().scanned, 9);
        QCOMPARE(feed.report().leftOut.size(), size_t(1)); // it was left out all the same
        QVERIFY(!feed.error() && !feed.canGoOnBehind());
    }

    void whereWhatIsLeftOutEndsHasARowWhenItHasBeenFound()
    {
        const auto connector = std::make_shared<TailConnector>();
        EventFeed feed(m_model, m_jobs);
        feed.start(connector, request(), QStringLiteral("Read orders"), -1);
        connectors::ReadReport report = leavingOut(3, 20);
        connector->channel->updateProgress(report);
        QTRY_COMPARE(m_model.rowCount(), 1);
        report.leftOut.front().to = 11;
        connector->channel->updateProgress(report);
        QVERIFY(connector->channel->push(tests::orderEvents(11, 9)));
        connector->channel->finish(report);
        QTRY_VERIFY(!feed.isRunning());
        QCOMPARE(m_model.rowCount(), 11);
        QStringList words;
        for (qint64 row = 0; row < m_model.rowCount(); ++row) {
            if (const EventEntry entry = m_model.list().entry(row); entry.format == connectors::BodyFormat::LeftOut)
                words += QStringLiteral("%1: %2").arg(entry.position).arg(m_model.list().type(entry));
        }
        QCOMPARE(words.join(u'\n'), QStringLiteral("3: exceeds the limit\n10: left out up to here, from position 3 on"));
    }

    void behindTheLastEventThereIsNothingToRead()
    {
        const auto connector = std::make_shared<TailConnector>();
        EventFeed feed(m_model, m_jobs);
        feed.start(connector, request(), QStringLiteral("Read orders"), -1);
        connector->channel->updateProgress(leavingOut(9, 10));
        connector->channel->finish(connectors::failure(connectors::ErrorCode::Incomplete, QStringLiteral("left out")));
        QTRY_VERIFY(!feed.isRunning());
        QCOMPARE(m_model.rowCount(), 1);
        QVERIFY(!feed.canGoOnBehind());
        feed.goOnBehind();
        QCOMPARE(connector->requests.size(), size_t(1));
    }

    void aTailGoesOnBehindItWithoutLosingOrRepeatingAnything()
    {
        const auto connector = std::make_shared<TailConnector>();
        connectors::ReadRequest following = request();
        following.isFollowing = true;
        EventFeed feed(m_model, m_jobs);
        feed.start(connector, following, QStringLiteral("Tail orders"), -1);
        const connectors::EventChannelPtr first = connector->channel;
        connectors::ReadReport report = leavingOut(3, 10);
        report.partitions.push_back({QStringLiteral("orders"), 1, 0, 20, 20, 20});
        first->updateProgress(report);
        QTRY_VERIFY(feed.canGoOnBehind());
        QVERIFY(first->push(tests::orderEvents(20, 5, 1))); // after the report, and not taken yet
        feed.goOnBehind();
        QVERIFY(first->stopToken().stop_requested());
        first->finish(report);
        QTRY_COMPARE(connector->requests.size(), size_t(2));
        QVERIFY(connector->requests.back().isFollowing);
        QCOMPARE(connector->requests.back().ranges.at(0).from, 4);
        QCOMPARE(connector->requests.back().ranges.at(1).from, 25);
        QVERIFY(connector->channel->push(tests::orderEvents(25, 1, 1)));
        QTRY_COMPARE(m_model.rowCount(), 7);
        QVERIFY(feed.isFollowing());
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
    /// A report of partition 0 that ends at `position`.
    static connectors::ReadReport leavingOut(qint64 position, qint64 to)
    {
        connectors::ReadReport report;
        report.scanned = position;
        report.partitions = {{QStringLiteral("orders"), 0, 0, to, position, position}};
        report.leftOut = {{QStringLiteral("orders"), 0, position, std::nullopt, QStringLiteral("exceeds the limit")}};
        return report;
    }

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
