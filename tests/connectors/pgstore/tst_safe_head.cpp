// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "connectors/pgstore/safe_head.h"
#include "connectors/stream_scope.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <atomic>
#include <set>
#include <thread>

using namespace connectors;
using namespace connectors::pgstore;
using postgres::Database;
using postgres::Transaction;
using tests::answerOf;
using tests::newEvent;

namespace {

/// An application that appends, in a transaction that stays open until it is told.
class Application final
{
public:
    explicit Application(const tests::PgStoreFixture &fixture)
        : m_store(fixture.open(Database::Access::Write))
    {
    }
    /// Its position.
    qint64 append(const QString &stream, const QString &id)
    {
        if (!m_transaction)
            m_transaction.emplace(m_store->database, Transaction::Kind::Write);
        return StoreWriter(*m_store).append({newEvent(stream, id)}).front().position;
    }
    void commit()
    {
        m_transaction->commit();
        m_transaction.reset();
    }
    void rollBack() { m_transaction.reset(); }
    void execute(const QByteArray &sql) { m_store->database.execute(sql); }

private:
    std::unique_ptr<StoreConnection> m_store;
    std::optional<Transaction> m_transaction;
};

} // namespace

class TestSafeHead final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_POSTGRES(); }

    void init()
    {
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        m_store = *pgstore::openEventStore(m_fixture->spec(), {});
    }

    void cleanup()
    {
        m_store.reset();
        m_fixture.reset();
    }

    void anOpenTransactionHoldsTheHeadAndNothingIsSkipped()
    {
        Application slow(*m_fixture);
        Application fast(*m_fixture);
        QCOMPARE(fast.append(u"a"_qs, u"e1"_qs), 1);
        fast.commit();
        QCOMPARE(slow.append(u"b"_qs, u"e2"_qs), 2);
        QCOMPARE(fast.append(u"a"_qs, u"e3"_qs), 3);
        fast.commit();

        const StoreHead held = readHead(m_fixture->store());
        QCOMPARE(held.start, 1);
        QCOMPARE(held.safeHead, 2);
        QCOMPARE(held.end, 4);
        const tests::ReadEvents before = tests::readAll(m_store->eventReader()->read({}));
        QCOMPARE(before.positions(), (std::vector<qint64>{1}));
        QVERIFY2(before.result->note.contains(u"Positions 2 to 3 wait behind an open transaction (process "_qs), qPrintable(before.result->note));
        QVERIFY2(before.result->note.contains(u"user streamgauge, application streamgauge/"_qs), qPrintable(before.result->note));

        slow.commit();
        const tests::ReadEvents after = tests::readAll(m_store->eventReader()->read({}));
        QCOMPARE(after.positions(), (std::vector<qint64>{1, 2, 3}));
        QVERIFY(after.result->note.isEmpty());
        QCOMPARE(readHead(m_fixture->store()).safeHead, 4);
    }

    void transactionsThatTakePositionsInTurnAreBothWaitedFor()
    {
        Application left(*m_fixture);
        Application right(*m_fixture);
        QCOMPARE(left.append(u"a"_qs, u"e1"_qs), 1);
        QCOMPARE(right.append(u"b"_qs, u"e2"_qs), 2);
        QCOMPARE(left.append(u"a"_qs, u"e3"_qs), 3);
        left.commit(); // the older of the two transactions, and yet position 3 must wait for 2
        QCOMPARE(readHead(m_fixture->store()).safeHead, 2);
        QCOMPARE(tests::readAll(m_store->eventReader()->read({})).positions(), (std::vector<qint64>{1}));
        right.commit();
        QCOMPARE(tests::readAll(m_store->eventReader()->read({})).positions(), (std::vector<qint64>{1, 2, 3}));
    }

    void aTransactionThatAppendsNothingHoldsNobody()
    {
        Application idle(*m_fixture);
        idle.execute("CREATE TABLE elsewhere (a int); BEGIN; INSERT INTO elsewhere VALUES (1)");
        Application fast(*m_fixture);
        fast.append(u"a"_qs, u"e1"_qs);
        fast.commit();
        QCOMPARE(readHead(m_fixture->store()).safeHead, 2);
        idle.execute("ROLLBACK");
    }

    void whatIsRolledBackLeavesAGapThatIsPassed()
    {
        Application failing(*m_fixture);
        Application fast(*m_fixture);
        QCOMPARE(failing.append(u"b"_qs, u"e1"_qs), 1);
        QCOMPARE(fast.append(u"a"_qs, u"e2"_qs), 2);
        fast.commit();
        QVERIFY(tests::readAll(m_store->eventReader()->read({})).positions().empty());
        failing.rollBack();
        const tests::ReadEvents events = tests::readAll(m_store->eventReader()->read({}));
        QCOMPARE(events.positions(), (std::vector<qint64>{2}));
        QCOMPARE(events.result->scanned, 1);
        QCOMPARE(events.result->partitions.front().events, 1);
        const auto list = answerOf(m_store->streamCatalog()->listStreams({}, {}));
        QCOMPARE(list->streams.front().partitions.front().events, std::optional<qint64>(1));
    }

    void aSavepointThatIsRolledBackIsNoMoreWaitedFor()
    {
        Application careful(*m_fixture);
        Application fast(*m_fixture);
        careful.execute("BEGIN; SAVEPOINT before");
        careful.execute("INSERT INTO events (stream, stream_version, event_id, event_type, timestamp, version, payload) VALUES ('s', 1, 'x', 'T', '', 1, '{}')");
        careful.execute("ROLLBACK TO before");
        fast.append(u"a"_qs, u"e1"_qs);
        fast.commit();
        QCOMPARE(readHead(m_fixture->store()).safeHead, 3);
        careful.execute("INSERT INTO events (stream, stream_version, event_id, event_type, timestamp, version, payload) VALUES ('s', 1, 'x', 'T', '', 1, '{}')");
        fast.append(u"a"_qs, u"e2"_qs);
        fast.commit();
        QCOMPARE(readHead(m_fixture->store()).safeHead, 3);
        careful.execute("COMMIT");
        QCOMPARE(tests::readAll(m_store->eventReader()->read({})).positions(), (std::vector<qint64>{2, 3, 4}));
    }

    void aTailGoesOnWhenTheTransactionEnds()
    {
        ReadRequest request;
        request.isFollowing = true;
        const EventChannelPtr channel = m_store->eventReader()->read(request);
        Application slow(*m_fixture);
        Application fast(*m_fixture);
        fast.append(u"a"_qs, u"e1"_qs);
        fast.commit();
        QCOMPARE(positionsOf(channel->waitPop()), QList<qint64>{1});
        slow.append(u"b"_qs, u"e2"_qs);
        fast.append(u"a"_qs, u"e3"_qs);
        fast.commit();
        slow.commit();
        QList<qint64> seen;
        while (seen.size() < 2)
            seen += positionsOf(channel->waitPop());
        QCOMPARE(seen, (QList<qint64>{2, 3}));
        slow.append(u"b"_qs, u"e4"_qs);
        fast.append(u"a"_qs, u"e5"_qs);
        fast.commit();
        slow.rollBack(); // nobody is told of it
        QCOMPARE(positionsOf(channel->waitPop()), QList<qint64>{5});
        channel->cancel();
    }

    void consumersAreToldHowMuchIsHeldBack()
    {
        m_fixture->change([](StoreWriter &writer) {
            std::ignore = writer.append({newEvent(u"a"_qs, u"e1"_qs)});
            writer.saveCheckpoint(u"billing"_qs, u"$all"_qs, 1, {}, 42);
        });
        Application slow(*m_fixture);
        Application fast(*m_fixture);
        slow.append(u"b"_qs, u"e2"_qs);
        fast.append(u"a"_qs, u"e3"_qs);
        fast.commit();
        const auto states = answerOf(m_store->consumerCatalog()->consumerStates({}, {}));
        const ConsumerPosition position = states->consumers.front().positions.front();
        QCOMPARE(position.safeHead, std::optional<qint64>(2));
        QCOMPARE(position.end, std::optional<qint64>(4));
        QCOMPARE(position.scopeLag, std::optional<qint64>(2));
        QVERIFY2(position.heldBackBy.startsWith(u"process "_qs) && position.heldBackBy.contains(u", since "_qs), qPrintable(position.heldBackBy));
        StreamListRequest all;
        all.withInternal = true;
        const auto list = answerOf(m_store->streamCatalog()->listStreams(all, {}));
        QCOMPARE(list->streams.front().stream, AllStreams);
        QCOMPARE(list->streams.front().partitions.front().safeHead, std::optional<qint64>(2));
        QCOMPARE(list->streams.front().partitions.front().events, std::optional<qint64>(2));
        slow.commit();
        const auto later = answerOf(m_store->streamCatalog()->listStreams(all, {}));
        QCOMPARE(later->streams.front().partitions.front().events, std::optional<qint64>(3));
        QCOMPARE(later->streams.at(1).partitions.front().events, std::optional<qint64>(2));
    }

    void aTailSeesEveryEventOnceInOrderWhileMoreThanOneAppend()
    {
        ReadRequest request;
        request.isFollowing = true;
        request.batchEvents = 7;
        const EventChannelPtr channel = m_store->eventReader()->read(request);
        constexpr int Writers = 4;
        constexpr int Transactions = 60;
        std::atomic<int> appended = 0;
        std::vector<std::jthread> writers;
        for (int w = 0; w < Writers; ++w) {
            writers.emplace_back([this, w, &appended] {
                Application application(*m_fixture);
                for (int i = 0; i < Transactions; ++i) {
                    const QString stream = QStringLiteral("s-%1").arg(w);
                    for (int j = 0; j < 3; ++j)
                        application.append(stream, QStringLiteral("%1-%2-%3").arg(w).arg(i).arg(j));
                    if (i % 5 == 4) {
                        application.rollBack();
                    } else {
                        application.commit();
                        appended += 3;
                    }
                }
            });
        }
        constexpr int Expected = Writers * Transactions * 3 * 4 / 5;
        QList<qint64> seen;
        while (seen.size() < Expected)
            seen += positionsOf(channel->waitPop());
        writers.clear();
        channel->cancel();
        QCOMPARE(appended.load(), Expected);
        QCOMPARE(seen.size(), Expected);
        QVERIFY(std::is_sorted(seen.cbegin(), seen.cend()));
        QCOMPARE(std::set<qint64>(seen.cbegin(), seen.cend()).size(), size_t(Expected));
    }

private:
    static QList<qint64> positionsOf(const EventBatchPtr &batch)
    {
        QList<qint64> positions;
        for (qsizetype row = 0; batch && row < batch->count(); ++row)
            positions += batch->record(row).position;
        return positions;
    }

    std::unique_ptr<tests::PgStoreFixture> m_fixture;
    std::shared_ptr<Connector> m_store;
};

QTEST_GUILESS_MAIN(TestSafeHead)
#include "tst_safe_head.moc"
