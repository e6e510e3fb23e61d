// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/event_channel.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace connectors;

namespace {

EventBatchPtr batchOf(qsizetype bytes)
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.payload = builder.addBytes(std::string(static_cast<size_t>(bytes), 'x'));
    builder.add(record);
    return builder.take();
}

} // namespace

class TestEventChannel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void batchesWaitWhileTooManyOrTooLargeOnesAreUnread_data()
    {
        QTest::addColumn<int>("capacity");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("fitting");
        QTest::newRow("small ones by their number") << 3 << 100 << 3;
        QTest::newRow("large ones by their bytes") << 16 << 400'000 << 2;
        QTest::newRow("one that is too large alone") << 16 << 5'000'000 << 1;
    }

    void batchesWaitWhileTooManyOrTooLargeOnesAreUnread()
    {
        QFETCH(int, capacity);
        QFETCH(int, bytes);
        QFETCH(int, fitting);
        constexpr int All = 8;
        EventChannel channel(capacity, EventChannel::WhenFull::Wait, 1'000'000);
        std::atomic_int pushed = 0;
        std::atomic_int popped = 0;
        std::atomic_int mostUnread = 0;
        std::jthread connector([&] {
            for (int i = 0; i < All && channel.push(batchOf(bytes)); ++i) {
                ++pushed;
                mostUnread = std::max(mostUnread.load(), pushed - popped);
            }
            channel.finish(ReadReport());
        });
        QTRY_COMPARE(pushed.load(), fitting);
        while (const EventBatchPtr batch = channel.waitPop())
            ++popped;
        QCOMPARE(popped.load(), All);
        // One may have been taken that is not counted yet.
        QVERIFY(mostUnread <= fitting + 1);
    }

    void aLiveTailDropsWhatHasNoRoomAndCountsIt()
    {
        EventChannel channel(16, EventChannel::WhenFull::DropNewest, 1'000'000);
        for (int i = 0; i < 5; ++i)
            QVERIFY(channel.push(batchOf(400'000)));
        QCOMPARE(channel.progress().dropped, 3);
        QVERIFY(channel.tryPop());
        QVERIFY(channel.push(batchOf(400'000)));
        QCOMPARE(channel.progress().dropped, 3);
    }

    void aReaderThatCancelsWakesTheConnector()
    {
        EventChannel channel(1);
        QVERIFY(channel.push(batchOf(1)));
        std::jthread reader([&channel] { channel.cancel(); });
        QVERIFY(!channel.push(batchOf(1)));
    }
};

QTEST_GUILESS_MAIN(TestEventChannel)
#include "tst_event_channel.moc"
