// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QDateTime>
#include <QTest>

#include <thread>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;

class TestPgStoreConsumers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_POSTGRES(); }

    void init()
    {
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        m_fixture->change([](pgstore::StoreWriter &writer) {
            for (int i = 1; i <= 10; ++i)
                std::ignore = writer.append({newEvent(i % 2 ? u"order-1"_qs : u"audit"_qs, u"e-%1"_qs.arg(i), i)}, 1000 + i);
        });
        m_store = *pgstore::openEventStore(m_fixture->spec(), {});
    }

    void cleanup()
    {
        m_store.reset();
        m_fixture.reset();
    }

    void lagIsCountedInTheConsumersScope()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) {
            writer.saveCheckpoint(u"billing"_qs, u"order-*"_qs, 4, "m", 42);
            writer.saveCheckpoint(u"billing"_qs, u"$all"_qs, 4, {}, 42);
            writer.saveCheckpoint(u"billing"_qs, u"audit"_qs, 11, {}, 42);
            writer.saveCheckpoint(u"billing"_qs, u"none-yet"_qs, 0, {}, 42);
        });
        const std::vector<ConsumerPosition> positions = states({u"billing"_qs})->consumers.front().positions;
        QCOMPARE(positions.size(), size_t(4));
        const auto lagOf = [&positions](const QString &stream) {
            const auto found = std::find_if(positions.cbegin(), positions.cend(), [&](const ConsumerPosition &position) { return position.stream == stream; });
            return found->scopeLag.value_or(-1);
        };
        QCOMPARE(lagOf(u"order-*"_qs), 3); // 5, 7 and 9
        QCOMPARE(lagOf(u"$all"_qs), 7);
        QCOMPARE(lagOf(u"audit"_qs), 0);
        QCOMPARE(lagOf(u"none-yet"_qs), 0);
        for (const ConsumerPosition &position : positions) {
            QCOMPARE(position.end, std::optional<qint64>(11));
            QCOMPARE(position.checkpointTime, std::optional<EpochMs>(42));
            QVERIFY(*position.start <= *position.checkpoint); // nothing is ever lost in a store
        }
    }

    void lagStaysRightHoweverTheCheckpointMoves()
    {
        int appended = 10;
        for (const qint64 checkpoint : {4, 8, 8, 2, 0, 11, 13, 3, 14, 5}) {
            m_fixture->change([&](pgstore::StoreWriter &writer) {
                for (const QString &stream : {u"order-*"_qs, u"$all"_qs, u"audit"_qs})
                    writer.saveCheckpoint(u"billing"_qs, stream, checkpoint, {}, 42);
                ++appended;
                std::ignore = writer.append({newEvent(appended % 2 ? u"order-1"_qs : u"audit"_qs, u"e-%1"_qs.arg(appended), appended)});
            });
            const auto later = states({u"billing"_qs});
            const auto asked = answerOf((*pgstore::openEventStore(m_fixture->spec(), {}))->consumerCatalog()->consumerStates({}, {}));
            for (size_t i = 0; i < 3; ++i) {
                const ConsumerPosition &position = later->consumers.front().positions.at(i);
                QCOMPARE(position.scopeLag, asked->consumers.front().positions.at(i).scopeLag);
                qint64 waiting = 0;
                for (qint64 p = std::max<qint64>(checkpoint, 1); p <= appended; ++p)
                    waiting += position.stream == u"$all" || (p % 2 == 1) == (position.stream == u"order-*") ? 1 : 0;
                QCOMPARE(position.scopeLag, std::optional(waiting));
            }
        }
    }

    void aCheckpointBeyondTheEndHasNoLag()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) { writer.saveCheckpoint(u"ahead"_qs, u"$all"_qs, 99, {}, 42); });
        const ConsumerPosition position = states({u"ahead"_qs})->consumers.front().positions.front();
        QCOMPARE(position.checkpoint, std::optional<qint64>(99));
        QVERIFY(!position.scopeLag);
    }

    void activityFollowsTheHeartbeats()
    {
        const EpochMs now = QDateTime::currentMSecsSinceEpoch();
        m_fixture->change([now](pgstore::StoreWriter &writer) {
            writer.saveCheckpoint(u"silent"_qs, u"$all"_qs, 1, {}, now);
            writer.heartbeat(u"running"_qs, u"m1"_qs, u"host-a"_qs, now);
            writer.heartbeat(u"running"_qs, u"m2"_qs, u"host-b"_qs, now - 60'000);
            writer.heartbeat(u"gone"_qs, u"m1"_qs, u"host-a"_qs, now - 60'000);
            writer.heartbeat(u"left"_qs, u"m1"_qs, u"host-a"_qs, 0);
        });
        const auto list = answerOf(m_store->consumerCatalog()->listConsumers({}));
        QCOMPARE(*list, (std::vector<ConsumerSummary>{{u"gone"_qs, u"store consumer"_qs, ConsumerActivity::Empty},
                                                      {u"left"_qs, u"store consumer"_qs, ConsumerActivity::Empty},
                                                      {u"running"_qs, u"store consumer"_qs, ConsumerActivity::Active},
                                                      {u"silent"_qs, u"store consumer"_qs, ConsumerActivity::NotTold}}));
        const auto running = states({u"running"_qs});
        QVERIFY(running->consumers.front().members.has_value());
        QCOMPARE(running->consumers.front().members->size(), size_t(1)); // the other one is silent for too long
        QCOMPARE(running->consumers.front().members->front().host, u"host-a"_qs);
    }

    void anUnknownConsumerIsNotFound()
    {
        const auto unknown = states({u"nobody"_qs});
        const bool isTold = !unknown ? unknown.error().code == ErrorCode::NotFound
                                     : unknown->consumers.front().problem && unknown->consumers.front().problem->code == ErrorCode::NotFound;
        QVERIFY(isTold);
    }

    void checkpointsArePutAndDeletedExactly()
    {
        const auto writer = *pgstore::openEventStoreCheckpointWriter(m_fixture->spec(), {});
        const auto put = writer->apply(u"billing"_qs, {{u"order-*"_qs, 0, 7, "meta"}, {u"audit"_qs, 0, 1'000'000, {}}});
        QVERIFY2(put.has_value(), put ? "" : qPrintable(describe(put.error())));
        QCOMPARE(put->size(), size_t(2));
        QVERIFY(!put->front().error);
        std::vector<ConsumerPosition> positions = states({u"billing"_qs})->consumers.front().positions;
        QCOMPARE(positions[1].checkpoint, std::optional<qint64>(7));
        QCOMPARE(positions[1].metadata, QByteArray("meta"));
        QCOMPARE(positions[0].checkpoint, std::optional<qint64>(1'000'000)); // whether it makes sense is for the plan to say
        QVERIFY(writer->apply(u"billing"_qs, {{u"audit"_qs, 0, std::nullopt, {}}}).has_value());
        positions = states({u"billing"_qs})->consumers.front().positions;
        QCOMPARE(positions.size(), size_t(1));
        QCOMPARE(positions.front().stream, u"order-*"_qs);
    }

    void aStepIsDoneAsAWholeOrNotAtAll()
    {
        const auto writer = *pgstore::openEventStoreCheckpointWriter(m_fixture->spec(), {});
        const auto refused = writer->apply(u"billing"_qs, {{u"order-*"_qs, 0, 7, {}}, {u"audit"_qs, 3, 7, {}}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(answerOf(m_store->consumerCatalog()->listConsumers({}))->empty());
        QCOMPARE(writer->apply(u"billing"_qs, {{u"order-*"_qs, 0, -1, {}}}).error().code, ErrorCode::InvalidInput);
    }

    void aRunningConsumerIsNotChanged()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) {
            writer.saveCheckpoint(u"billing"_qs, u"$all"_qs, 5, {}, 42);
            writer.heartbeat(u"billing"_qs, u"m1"_qs, u"host"_qs, QDateTime::currentMSecsSinceEpoch());
        });
        const auto writer = *pgstore::openEventStoreCheckpointWriter(m_fixture->spec(), {});
        const auto refused = writer->apply(u"billing"_qs, {{u"$all"_qs, 0, 1, {}}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(states({u"billing"_qs})->consumers.front().positions.front().checkpoint, std::optional<qint64>(5));
        m_fixture->change([](pgstore::StoreWriter &leaving) { leaving.heartbeat(u"billing"_qs, u"m1"_qs, u"host"_qs, 0); });
        QVERIFY(writer->apply(u"billing"_qs, {{u"$all"_qs, 0, 1, {}}}).has_value());
    }

    void aCheckpointWriterMakesNoStore()
    {
        const tests::FreshDatabase empty;
        const auto writer = *pgstore::openEventStoreCheckpointWriter(empty.spec(true), {});
        QCOMPARE(writer->apply(u"billing"_qs, {{u"$all"_qs, 0, 1, {}}}).error().code, ErrorCode::NotFound);
        QVERIFY(empty.open()->query("SELECT to_regnamespace('streamgauge') IS NULL").boolean(0, 0));
    }

    void aMemberOfThePastDoesNotComeBack()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) {
            QVERIFY(writer.heartbeat(u"billing"_qs, u"m1"_qs, u"host-a"_qs, 1000, 2));
            QVERIFY(writer.heartbeat(u"billing"_qs, u"m1"_qs, u"host-a"_qs, 2000, 2));
            QVERIFY(!writer.heartbeat(u"billing"_qs, u"m1"_qs, u"host-b"_qs, 3000, 1));
            QVERIFY(writer.heartbeat(u"billing"_qs, u"m1"_qs, u"host-b"_qs, 4000, 3));
        });
    }

    void aMemberThatIsJustComingIsWaitedForAndSeen()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) { writer.saveCheckpoint(u"billing"_qs, u"$all"_qs, 5, {}, 42); });
        const auto member = m_fixture->open(postgres::Database::Access::Write);
        postgres::Transaction coming(member->database, postgres::Transaction::Kind::Write);
        pgstore::StoreWriter(*member).heartbeat(u"billing"_qs, u"m1"_qs, u"host"_qs, QDateTime::currentMSecsSinceEpoch() + 60'000);
        std::optional<Error> refused;
        std::jthread resetting([&] {
            const auto answer = (*pgstore::openEventStoreCheckpointWriter(m_fixture->spec(), {}))->apply(u"billing"_qs, {{u"$all"_qs, 0, 1, {}}});
            refused = answer ? std::nullopt : std::optional(answer.error());
        });
        const QByteArray waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'members'::regclass";
        while (m_fixture->store().database.query(waiting).count() == 0)
            continue;
        coming.commit();
        resetting.join();
        QVERIFY(refused.has_value());
        QCOMPARE(refused->code, ErrorCode::Refused);
        QCOMPARE(states({u"billing"_qs})->consumers.front().positions.front().checkpoint, std::optional<qint64>(5));
    }

    void deadLettersAreCountedByConsumerAndShownNewestFirst()
    {
        m_fixture->change([](pgstore::StoreWriter &writer) {
            writer.addDeadLetter({u"billing"_qs, 3, u"no price"_qs, u"PriceError"_qs, u"validate"_qs, u"at a\nat b"_qs}, 5000);
            writer.addDeadLetter({u"billing"_qs, 5, u"no price"_qs, {}, {}, {}}, 6000);
            writer.addDeadLetter({u"shipping"_qs, 3, u"no address"_qs, {}, {}, {}}, 5500);
            writer.addDeadLetter({u"billing"_qs, 3, u"still no price"_qs, u"PriceError"_qs, u"validate"_qs, {}}, 7000);
        });
        const auto queues = answerOf(m_store->deadLetterSource()->deadLetterQueues({}));
        QCOMPARE(queues->size(), size_t(2));
        const DeadLetterQueue &billing = queues->front();
        QCOMPARE(billing.consumer, u"billing"_qs);
        QCOMPARE(billing.depth, std::optional<qint64>(2));
        QCOMPARE(billing.oldest, std::optional<EpochMs>(6000));
        QCOMPARE(billing.newest, std::optional<EpochMs>(7000));
        QCOMPARE(billing.evidence, DeadLetterEvidence::StoreTable);

        const auto letters = answerOf(m_store->deadLetterSource()->letters(billing.stream, 10, {}));
        QCOMPARE(letters->size(), size_t(2));
        const DeadLetter &newest = letters->front();
        QCOMPARE(newest.reason, u"still no price"_qs);
        QCOMPARE(newest.attempts, std::optional<qint64>(2));
        QCOMPARE(newest.diedAt, 7000);
        QCOMPARE(newest.original->position, 3);
        QCOMPARE(newest.originalStream, u"order-*"_qs);
        QCOMPARE(newest.eventId, u"e-3"_qs);
        QCOMPARE(newest.correlationId, u"flow-3"_qs);
        QCOMPARE(answerOf(m_store->deadLetterSource()->letters(billing.stream, 1, {}))->size(), size_t(1));
    }

    void aLetterNeedsItsEvent()
    {
        const auto refused = guarded([this] {
            m_fixture->change([](pgstore::StoreWriter &writer) { writer.addDeadLetter({u"billing"_qs, 4711, u"?"_qs, {}, {}, {}}, 5000); });
        });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(answerOf(m_store->deadLetterSource()->deadLetterQueues({}))->empty());
    }

private:
    Result<ConsumerStates> states(const std::vector<QString> &consumers)
    {
        ConsumerStateRequest request;
        request.consumers = consumers;
        return answerOf(m_store->consumerCatalog()->consumerStates(request, {}));
    }

    std::unique_ptr<tests::PgStoreFixture> m_fixture;
    std::shared_ptr<Connector> m_store;
};

QTEST_GUILESS_MAIN(TestPgStoreConsumers)
#include "tst_pgstore_consumers.moc"
