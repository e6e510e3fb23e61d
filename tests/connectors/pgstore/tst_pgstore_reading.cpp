// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;

namespace {

constexpr EpochMs FirstTime = 1'700'000'000'000;

/// Thirty events a second apart: streams order-0 … order-2 in turn, every fifth in `audit` instead.
void fill(tests::PgStoreFixture &fixture)
{
    fixture.change([](pgstore::StoreWriter &writer) {
        for (int i = 1; i <= 30; ++i) {
            const QString stream = i % 5 == 0 ? u"audit"_qs : u"order-%1"_qs.arg(i % 3);
            std::ignore = writer.append({newEvent(stream, u"e-%1"_qs.arg(i), i)}, FirstTime + i * 1000);
        }
    });
}

ReadRequest of(const QString &stream)
{
    ReadRequest request;
    request.streams = {stream};
    return request;
}

QList<qint64> positionsOf(const std::shared_ptr<Connector> &store, const ReadRequest &request)
{
    const tests::ReadEvents events = tests::readAll(store->eventReader()->read(request));
    if (!events.result) {
        QTest::qFail(qPrintable(describe(events.result.error())), __FILE__, __LINE__);
        return {};
    }
    const std::vector<qint64> positions = events.positions();
    return QList<qint64>(positions.cbegin(), positions.cend());
}

} // namespace

class TestPgStoreReading final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_POSTGRES(); }

    void init()
    {
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        fill(*m_fixture);
        m_store = *pgstore::openEventStore(m_fixture->spec(), {});
    }

    void cleanup()
    {
        m_store.reset();
        m_fixture.reset();
    }

    void aStreamACategoryAndAllGiveTheirEvents()
    {
        QCOMPARE(positionsOf(m_store, of(u"audit"_qs)), (QList<qint64>{5, 10, 15, 20, 25, 30}));
        QCOMPARE(positionsOf(m_store, of(u"order-1"_qs)), (QList<qint64>{1, 4, 7, 13, 16, 19, 22, 28}));
        QCOMPARE(positionsOf(m_store, of(u"order-*"_qs)).size(), 24);
        QCOMPARE(positionsOf(m_store, of(u"$all"_qs)).size(), 30);
        QCOMPARE(positionsOf(m_store, {}).size(), 30);
    }

    void rangesCountPositionsOfTheWholeStore()
    {
        ReadRequest request = of(u"audit"_qs);
        request.from = AtPosition{6};
        request.to = AtPosition{20};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{10, 15}));
        request.from = AtTime{FirstTime + 14'500};
        request.to = AtTime{FirstTime + 25'000};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{15, 20}));
        request.from = Newest{2};
        request.to = Latest{};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{25, 30}));
        request.from = Newest{100};
        QCOMPARE(positionsOf(m_store, request).size(), 6);
        request.from = Newest{0};
        QCOMPARE(positionsOf(m_store, request).size(), 0);
    }

    void severalStreamsAreReadOneAfterTheOther()
    {
        ReadRequest request;
        request.streams = {u"audit"_qs, u"order-0"_qs};
        const tests::ReadEvents events = tests::readAll(m_store->eventReader()->read(request));
        QCOMPARE(events.result->partitions.size(), size_t(2));
        QCOMPARE(events.result->partitions[0].events + events.result->partitions[1].events, events.result->scanned);
    }

    void theLimitEndsASearchAndACondition()
    {
        ReadRequest request;
        request.limit = 2;
        request.search = ExactSearch{SearchField::CorrelationId, {"flow-3"}};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{3, 13}));
        request.search.reset();
        request.where = u"field('/n') > 7 AND stream LIKE 'order-%'"_qs;
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{8, 9}));
    }

    void whatIsPushedDownChangesNothingButTheCost_data()
    {
        QTest::addColumn<QString>("where");
        for (const QString &where : {u"time >= '2023-11-14T22:13:40Z'"_qs, u"time > '2023-11-14T22:13:40Z' AND eventType = 'ThingHappened'"_qs,
                                     u"correlationId = 'flow-4'"_qs, u"eventId IN ('e-3', 'e-20', 'none')"_qs, u"aggregateId = 'audit' AND field('/n') > 12"_qs,
                                     u"time >= '2023-11-14T22:13:40Z' AND correlationId = 'flow-4'"_qs, u"time < '2023-11-14T22:13:25Z'"_qs,
                                     u"time BETWEEN '2023-11-14T22:13:25Z' AND '2023-11-14T22:13:30Z'"_qs, u"time < '2023-11-14T22:13:25Z' AND time > '2023-11-14T22:13:30Z'"_qs,
                                     u"key = 'none'"_qs, u"causationId = 'none'"_qs, u"time > '2099-01-01'"_qs})
            QTest::newRow(qPrintable(where)) << where;
    }

    void whatIsPushedDownChangesNothingButTheCost()
    {
        QFETCH(QString, where);
        for (const QString &stream : {u"audit"_qs, u"order-*"_qs, u"$all"_qs}) {
            ReadRequest request = of(stream);
            request.where = where;
            const QList<qint64> found = positionsOf(m_store, request);
            request.where = u"(%1) OR 0"_qs.arg(where); // nothing can be pushed down here
            QCOMPARE(found, positionsOf(m_store, request));
        }
    }

    void whatAConditionRulesOutByTimeIsNotRead()
    {
        ReadRequest request = of(u"$all"_qs);
        request.where = u"time BETWEEN '2023-11-14T22:13:25Z' AND '2023-11-14T22:13:30Z'"_qs;
        const tests::ReadEvents events = tests::readAll(m_store->eventReader()->read(request));
        QCOMPARE(events.result->scanned, events.result->matched);
        QVERIFY(events.result->matched > 0 && events.result->matched < 30);
        QCOMPARE(events.result->partitions.front().next, events.result->partitions.front().to);
    }

    void aTimeWithoutAMatchIsTold()
    {
        ReadRequest request = of(u"order-1"_qs);
        request.from = AtTime{FirstTime + 31'000};
        const tests::ReadEvents late = tests::readAll(m_store->eventReader()->read(request));
        QVERIFY(late.result && late.positions().empty());
        QVERIFY2(late.result->note == u"No event at or after 2023-11-14T22:13:51.000Z in order-1."_qs, qPrintable(late.result->note));
        request.from = AtTime{FirstTime + 2'000};
        QCOMPARE(tests::readAll(m_store->eventReader()->read(request)).result->note, QString());
    }

    void aTailWaitsForAStreamThatIsYetToCome()
    {
        ReadRequest request = of(u"payment-1"_qs);
        request.isFollowing = true;
        request.where = u"field('/n') = 2"_qs;
        const EventChannelPtr channel = m_store->eventReader()->read(request);
        const auto other = *pgstore::openEventStore(m_fixture->spec(), {});
        QVERIFY(answerOf(other->eventWriter()->append({newEvent(u"payment-1"_qs, u"p1"_qs, 1), newEvent(u"payment-2"_qs, u"p2"_qs, 2),
                                                       newEvent(u"payment-1"_qs, u"p3"_qs, 2)}))
                    .has_value());
        const EventBatchPtr batch = channel->waitPop();
        QVERIFY(batch != nullptr);
        QCOMPARE(batch->count(), 1);
        QCOMPARE(batch->record(0).position, 33);
        channel->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(channel->isFinished(), 20'000);
    }

    void bodiesThatAreBigAreCutIntoSeveralBatches()
    {
        const auto other = *pgstore::openEventStore(m_fixture->spec(), {});
        for (int i = 0; i < 3; ++i) {
            NewEvent big = newEvent(u"big"_qs, u"big-%1"_qs.arg(i));
            big.payload = '"' + QByteArray(12'000'000, 'x') + '"';
            QVERIFY(answerOf(other->eventWriter()->append({big})).has_value());
        }
        const tests::ReadEvents events = tests::readAll(m_store->eventReader()->read(of(u"big"_qs)));
        QCOMPARE(events.positions().size(), size_t(3));
        QVERIFY(events.batches.size() > 1);
        QVERIFY(events.result->bytes > 36'000'000);
    }

    void anEventIsFetchedOnlyThroughAStreamThatHasIt()
    {
        const auto fetched = answerOf(m_store->eventReader()->fetch({{u"audit"_qs, 0, 5}, {u"audit"_qs, 0, 6}, {u"order-*"_qs, 0, 6}, {u"$all"_qs, 0, 31}}, 0, {}));
        QVERIFY(fetched.has_value());
        QCOMPARE((*fetched)->count(), 2);
        QCOMPARE((*fetched)->record(0).position, 5);
        QCOMPARE((*fetched)->record(1).position, 6);
        QCOMPARE((*fetched)->streamOf(1), u"order-0"_qs);
    }

    void timesThatOverlapAreAllFound()
    {
        // Two transactions that append at the same moment: the later position has the earlier time.
        const auto left = m_fixture->open(postgres::Database::Access::Write);
        const auto right = m_fixture->open(postgres::Database::Access::Write);
        postgres::Transaction first(left->database, postgres::Transaction::Kind::Write);
        postgres::Transaction second(right->database, postgres::Transaction::Kind::Write);
        std::ignore = pgstore::StoreWriter(*left).append({newEvent(u"late"_qs, u"l"_qs)}, FirstTime + 100'500);
        std::ignore = pgstore::StoreWriter(*right).append({newEvent(u"early"_qs, u"r"_qs)}, FirstTime + 100'000);
        first.commit();
        second.commit();
        ReadRequest request = of(u"$all"_qs);
        request.from = AtTime{FirstTime + 100'000};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{31, 32}));
        request.from = AtTime{FirstTime + 100'400};
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{31, 32}));
        request.from = Earliest{};
        request.where = u"time < '2023-11-14T22:15:00.300Z' AND time >= '2023-11-14T22:15:00Z'"_qs;
        QCOMPARE(positionsOf(m_store, request), (QList<qint64>{32}));
        QCOMPARE(*answerOf(m_store->streamCatalog()->positionsAt(u"early"_qs, FirstTime + 100'000, {})), (std::vector<TimePosition>{{0, 32}}));
    }

    void valuesThatCannotBeStoredAreFoundNowhere()
    {
        ReadRequest request;
        request.search = ExactSearch{SearchField::EventId, {QByteArray("e-3\0", 4), "\xff", "e-\\\"{},", "e-4"}};
        QCOMPARE(positionsOf(m_store, request), QList<qint64>{4});
    }

    void rangesEndWhereTheyAreAskedTo()
    {
        ReadRequest request;
        request.ranges = {{u"order-*"_qs, 0, 3, 9, 0, 0}, {u"audit"_qs, 0, 20, 1000, 0, 0}};
        const tests::ReadEvents events = tests::readAll(m_store->eventReader()->read(request));
        QCOMPARE(events.positions(), (std::vector<qint64>{3, 4, 6, 7, 8, 20, 25, 30}));
        QCOMPARE(events.result->partitions.at(1).next, 1000);
    }

    void categoriesAreListedAndSingleStreamsOnRequest()
    {
        const auto list = answerOf(m_store->streamCatalog()->listStreams({}, {}));
        QCOMPARE(list->streams.size(), size_t(2));
        QCOMPARE(list->streams[0].stream, u"audit"_qs);
        QCOMPARE(list->streams[1].stream, u"order-*"_qs);
        QCOMPARE(list->streams[1].partitions.front().events, std::optional<qint64>(24));
        StreamListRequest all;
        all.withInternal = true;
        QCOMPARE(answerOf(m_store->streamCatalog()->listStreams(all, {}))->streams.size(), size_t(6));
    }

private:
    std::unique_ptr<tests::PgStoreFixture> m_fixture;
    std::shared_ptr<Connector> m_store;
};

QTEST_GUILESS_MAIN(TestPgStoreReading)
#include "tst_pgstore_reading.moc"
