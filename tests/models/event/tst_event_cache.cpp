// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_cache.h"

#include "tests/support/answered.h"

#include <QSignalSpy>
#include <QTest>

using namespace connectors;
using models::event::EventCache;

namespace {

constexpr qint64 LargeBytes = 30'000'000;

EventBatchPtr batchAt(qint64 position, qsizetype bytes)
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.position = position;
    record.payload = builder.addBytes(std::string(static_cast<size_t>(bytes), 'x'));
    record.size = bytes;
    builder.add(record);
    return builder.take();
}

/// Gives the events that are asked for, with small bodies, and notes how many at a time.
class Bodies final : public Connector, public EventReader
{
public:
    std::vector<size_t> rounds;

    QFuture<Result<SystemIdentity>> identify(std::stop_token) override { return tests::answered<SystemIdentity>(SystemIdentity()); }
    [[nodiscard]] Traffic traffic() const override { return {}; }
    EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(Ability) const override { return {}; }
    EventChannelPtr read(ReadRequest) override { return std::make_shared<EventChannel>(); }
    QFuture<Result<EventPage>> fetchPage(PageRequest, std::stop_token) override { return {}; }
    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64, std::stop_token) override
    {
        rounds.push_back(addresses.size());
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses)
            builder.addFrom(*batchAt(address.position, 10), 0);
        return tests::answered<EventBatchPtr>(builder.take());
    }
};

} // namespace

/// Memory does not grow with the bodies that are read, however many and however large they are.
class TestEventCache final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofWhatCameByTheNewestIsKept()
    {
        EventCache cache;
        const EventBatchPtr large = batchAt(0, LargeBytes); // the same again and again takes no memory here, and is counted
        for (qint64 sequence = 0; sequence < 100; ++sequence) {
            cache.keepRead(sequence, large);
            QVERIFY(cache.memoryBytes() <= EventCache::ReadLimitBytes);
            QVERIFY(cache.find(sequence));
        }
        QVERIFY(!cache.find(0));
    }

    void oneThatIsTooLargeAloneIsKeptAsLongAsItIsTheNewest()
    {
        EventCache cache;
        cache.keepRead(0, batchAt(0, EventCache::ReadLimitBytes + 1));
        QVERIFY(cache.find(0));
        cache.keepRead(1, batchAt(1, 10));
        QVERIFY(!cache.find(0) && cache.find(1));
        QVERIFY(cache.memoryBytes() < 1000);
    }

    void largeBodiesAreAskedForFewAtATime()
    {
        const auto bodies = std::make_shared<Bodies>();
        EventCache cache;
        cache.reset(bodies);
        const QSignalSpy received(&cache, &EventCache::received);
        for (qint64 sequence = 0; sequence < 20; ++sequence)
            cache.request(sequence, {QStringLiteral("orders"), 0, sequence}, LargeBytes, PageBytes);
        QTRY_COMPARE(received.size(), 3);
        QCOMPARE(bodies->rounds, (std::vector<size_t>{8, 8, 4}));
        QVERIFY(cache.isPaged(0) && cache.isPaged(19));
        for (qint64 sequence = 20; sequence < 25; ++sequence) // of these the beginning is enough
            cache.request(sequence, {QStringLiteral("orders"), 0, sequence}, LargeBytes);
        QTRY_COMPARE(received.size(), 4);
        QCOMPARE(bodies->rounds.back(), size_t(5));
        QVERIFY(!cache.isPaged(20));
    }
};

QTEST_GUILESS_MAIN(TestEventCache)
#include "tst_event_cache.moc"
