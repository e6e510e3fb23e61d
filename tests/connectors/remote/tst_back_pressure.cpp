// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "connectors/remote/worker_connector.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/resident_memory.h"
#include "tests/support/store_fixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>
#include <thread>

using namespace connectors;
using namespace connectors::remote;
using tests::answerOf;

namespace {

constexpr qint64 StoredEvents = 150'000;
constexpr int BodyBytes = 1'000;
/// What may be under way: a few dozen batches on both sides, as they are and as messages.
#ifdef STREAMGAUGE_SANITIZED
constexpr qint64 MostGrowth = (200LL + 256) * 1024 * 1024; // a sanitizer keeps 256 MiB of what was freed
#else
constexpr qint64 MostGrowth = 200LL * 1024 * 1024;
#endif

constexpr qint64 DurationMs = 6'000;
constexpr qint64 PatienceMs = 120'000; ///< with a disk that is busy
/// More events than all channels between the store and a window hold: 64 MiB behind, 32 batches of a transaction before.
constexpr qint64 MostOnTheWay = 300'000;

} // namespace

/// A window that takes nothing stops its worker's reading, and the memory of both stays as it is.
class TestBackPressure final : public QObject
{
    Q_OBJECT

private:
    tests::StoreFixture m_fixture;
    std::shared_ptr<Connector> m_connector;
    pid_t m_worker = 0;
    qint64 m_written = 0;

    void write(qint64 events)
    {
        const auto database = eventstore::openForWriting(m_fixture.path(), true);
        eventstore::StoreWriter writer(*database);
        sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
        std::vector<NewEvent> batch;
        for (qint64 i = 0; i < events; ++i) {
            NewEvent event = tests::newEvent(u"orders"_qs, u"e-%1"_qs.arg(m_written++));
            event.payload = "{\"filling\":\"" + QByteArray(BodyBytes, 'x') + "\"}";
            batch.push_back(std::move(event));
        }
        std::ignore = writer.append(batch, 1'700'000'000'000 + m_written);
        transaction.commit();
    }

    [[nodiscard]] qint64 bytesRead()
    {
        // A worker tells with its next answer.
        return answerOf(m_connector->identify({})) ? m_connector->traffic().bytesRead : -1;
    }

    /// Both processes, for DurationMs and until `isEnough`; `meanwhile` is done again and again.
    template<typename Meanwhile>
    [[nodiscard]] std::pair<qint64, qint64> largestGrowth(Meanwhile meanwhile, const std::function<bool()> &isEnough = [] { return true; })
    {
        const qint64 own = tests::residentBytes(getpid());
        const qint64 its = tests::residentBytes(m_worker);
        std::pair<qint64, qint64> most{0, 0};
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < DurationMs || (!isEnough() && clock.elapsed() < PatienceMs)) {
            meanwhile();
            most.first = std::max(most.first, tests::residentBytes(getpid()) - own);
            most.second = std::max(most.second, tests::residentBytes(m_worker) - its);
        }
        return most;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (qint64 i = 0; i < StoredEvents; i += 10'000)
            write(10'000);
    }

    void init()
    {
        const auto opened = openThroughWorker({{tests::programFolder() + u"/streamgauge-worker"_qs}, {m_fixture.spec(), {}}});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        m_connector = *opened;
        QVERIFY(answerOf(m_connector->identify({})));
        QCOMPARE(tests::childProcesses().size(), size_t(1));
        m_worker = tests::childProcesses().front();
    }

    void cleanup() { m_connector.reset(); }

    void aStreamThatNobodyTakesIsNotReadOn()
    {
        const EventChannelPtr channel = m_connector->eventReader()->read({});
        qint64 before = -1;
        const auto standsStill = [&] {
            QTest::qWait(500);
            const qint64 now = bytesRead();
            return now > 0 && std::exchange(before, now) == now;
        };
        QTRY_VERIFY_WITH_TIMEOUT(standsStill(), 60'000);
        const auto [own, its] = largestGrowth([] { QTest::qWait(100); });
        QCOMPARE(bytesRead(), before);
        QVERIFY2(before < StoredEvents * BodyBytes * 3 / 4, qPrintable(QString::number(before)));
        QVERIFY2(own < MostGrowth && its < MostGrowth, qPrintable(u"grown by %1 and %2"_qs.arg(own).arg(its)));
        const auto events = tests::readAll(channel); // and goes on where it stood
        QVERIFY(events.result);
        QCOMPARE(std::ssize(events.positions()), m_written);
        QCOMPARE(events.result->dropped, 0);
    }

    void aTailThatNobodyTakesWaits()
    {
        ReadRequest request;
        request.from = AtPosition{m_written + 1}; // the next
        request.isFollowing = true;
        const qint64 writtenBefore = m_written;
        const EventChannelPtr channel = m_connector->eventReader()->read(request);
        const auto [own, its] = largestGrowth([this] { write(5'000); });
        const qint64 written = m_written - writtenBefore;
        QVERIFY2(own < MostGrowth && its < MostGrowth, qPrintable(u"grown by %1 and %2 while %3 were written"_qs.arg(own).arg(its).arg(written)));
        qint64 received = 0;
        const auto takeAll = [&] {
            while (const EventBatchPtr batch = channel->tryPop())
                received += batch->count();
            return received == written;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(takeAll(), qPrintable(u"%1 of %2"_qs.arg(received).arg(written)), 120'000);
        channel->cancel();
        QTRY_VERIFY(channel->isFinished());
        QCOMPARE(channel->result()->dropped, 0);
    }

    void aTailThatDropsCountsExactly()
    {
        ReadRequest request;
        request.from = AtPosition{m_written + 1}; // the next
        request.isFollowing = true;
        request.isDroppingWhenFull = true;
        const qint64 writtenBefore = m_written;
        const EventChannelPtr channel = m_connector->eventReader()->read(request);
        const auto [own, its] = largestGrowth([this] { write(5'000); }, [&] { return m_written - writtenBefore > MostOnTheWay; });
        const qint64 written = m_written - writtenBefore;
        QVERIFY2(own < MostGrowth && its < MostGrowth, qPrintable(u"grown by %1 and %2 while %3 were written"_qs.arg(own).arg(its).arg(written)));
        qint64 received = 0;
        const auto isAllAccountedFor = [&] {
            while (const EventBatchPtr batch = channel->tryPop())
                received += batch->count();
            const ReadReport report = channel->progress();
            return report.matched == written && received + report.dropped == written;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(isAllAccountedFor(), qPrintable(u"%1 of %2, dropped %3"_qs.arg(received).arg(written).arg(channel->progress().dropped)), 60'000);
        QVERIFY(received > 0 && received < written);
        channel->cancel();
        QTRY_VERIFY(channel->isFinished());
        QCOMPARE(channel->result()->matched, written);
        QCOMPARE(channel->result()->dropped, written - received);
    }
};

QTEST_GUILESS_MAIN(TestBackPressure)
#include "tst_back_pressure.moc"
