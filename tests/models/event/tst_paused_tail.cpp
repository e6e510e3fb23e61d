// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/answer_of.h"
#include "connectors/remote/worker_connector.h"
#include "models/event/event_feed.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/kafka_server.h"
#include "tests/support/resident_memory.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <atomic>
#include <thread>

using namespace connectors;
using models::event::EventFeed;

namespace {

constexpr int BodyBytes = 420;
constexpr int EventsAtOnce = 5'000;
/// Of what has found its size; the client library's queue goes up and down within it. What is written in a third of the time is far more.
constexpr qint64 MostGrowth = 48 * 1024 * 1024;

/// More events than the feed sets aside and all channels before it hold.
constexpr qint64 MostOnTheWay = 800'000;

/// A minute where there is time.
qint64 durationMs()
{
    return qEnvironmentVariableIsSet("STREAMGAUGE_TEST_LONG") ? 60'000 : 9'000;
}

/// Writes into a topic as fast as the broker takes it, until it is stopped.
class FullSpeedWriter final
{
public:
    explicit FullSpeedWriter(const QString &topic)
        : m_thread([this, topic](const std::stop_token &stop) {
            const std::vector<tests::TestRecord> records(EventsAtOnce, {0, {}, "{\"filling\":\"" + QByteArray(BodyBytes - 14, 'x') + "\"}", {}, 0});
            tests::KafkaProducer producer(tests::kafkaBootstrap());
            while (!stop.stop_requested()) {
                producer.write(topic, records);
                m_written += EventsAtOnce;
            }
        })
    {
    }
    void stop()
    {
        m_thread.request_stop();
        m_thread.join();
    }
    [[nodiscard]] qint64 written() const { return m_written; }

private:
    std::atomic<qint64> m_written = 0;
    std::jthread m_thread;
};

/// A producer that had to try again may have written some twice.
qint64 storedIn(Connector &connector, const QString &topic)
{
    StreamListRequest request;
    request.streams = {topic};
    const auto list = answerOf(connector.streamCatalog()->listStreams(request, {}));
    return list ? list->streams.front().partitions.front().end.value_or(-1) : -1;
}

} // namespace

/// A window that takes nothing, before a real Kafka into which events come as fast as it takes them.
class TestPausedTail final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_KAFKA(); }

    void theMemoryOfBothStaysFlatAndEveryEventIsAccountedFor()
    {
        const QString topic = tests::uniqueName(u"paused"_qs);
        tests::KafkaProducer(tests::kafkaBootstrap()).createTopic(topic, 1, {{u"compression.type"_qs, u"lz4"_qs}}); // a minute of them is gigabytes
        const auto connector = remote::openThroughWorker({{tests::programFolder() + u"/streamgauge-worker"_qs}, {tests::kafkaSpec(tests::kafkaBootstrap()), {}}}).value();
        const pid_t worker = tests::childProcesses().front();
        models::event::EventTableModel model;
        models::job::JobList jobs;
        EventFeed feed(model, jobs);
        ReadRequest request;
        request.streams = {topic};
        request.isFollowing = true;
        request.isDroppingWhenFull = true;
        request.previewBytes = TablePreviewBytes;
        feed.start(connector, request, u"tail"_qs, -1);
        FullSpeedWriter writer(topic);
        QTRY_VERIFY_WITH_TIMEOUT(model.rowCount() > 0, 30'000);
        feed.setPaused(true);
        const qint64 whenPaused = writer.written();
        QTRY_VERIFY_WITH_TIMEOUT(writer.written() - whenPaused > MostOnTheWay, 120'000); // whatever is bounded is full now

        std::array<std::pair<qint64, qint64>, 3> most{}; // ours and its, in each third of the time
        QElapsedTimer clock;
        clock.start();
        for (qint64 now = 0; now < durationMs(); now = clock.elapsed()) {
            auto &third = most[static_cast<size_t>(std::min<qint64>(2, 3 * now / durationMs()))];
            third = {std::max(third.first, tests::residentBytes()), std::max(third.second, tests::residentBytes(worker))};
            QTest::qWait(20);
        }
        writer.stop();
        const auto [before, after] = std::pair(most[1], most[2]);
        QVERIFY2(after.first - before.first < MostGrowth && after.second - before.second < MostGrowth,
                 qPrintable(u"%1 and %2 bytes more, while %3 events were written"_qs.arg(after.first - before.first).arg(after.second - before.second).arg(writer.written())));
        feed.setPaused(false);
        const qint64 stored = storedIn(*connector, topic);
        QTRY_VERIFY2_WITH_TIMEOUT(model.list().end() + feed.report().dropped == stored,
                                  qPrintable(u"%1 shown and %2 dropped of %3, of which %4 were read; %5 were written"_qs.arg(model.list().end()).arg(feed.report().dropped).arg(stored)
                                                 .arg(feed.report().scanned).arg(writer.written())), 120'000);
        QVERIFY(feed.report().dropped > 0);
        feed.cancel();
        QTRY_VERIFY(!feed.isRunning());
    }
};

QTEST_GUILESS_MAIN(TestPausedTail)
#include "tst_paused_tail.moc"
