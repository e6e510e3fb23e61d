// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/pgreadmodel/pg_tables.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace connectors;
using namespace tests;

namespace {

constexpr int Rows = 2'000;
constexpr int Swaps = 12; ///< there and back
constexpr int ContendedSwaps = 3;

} // namespace

/// Swaps while others go on.
class TestPgSwapTraffic final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<FreshDatabase>();
    }

    void init()
    {
        const auto database = m_fresh->open();
        empty(*database);
        database->execute("CREATE TABLE orders (order_id text PRIMARY KEY, customer text, total numeric, events bigint, is_paid boolean); CREATE INDEX ON orders (customer); CREATE VIEW v AS SELECT * FROM orders;"
                          "CREATE VIEW w AS SELECT * FROM v; INSERT INTO orders SELECT i, 'old', 1, 1, true FROM generate_series(1, 2000) i");
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        std::vector<ChangedRow> rows;
        for (int i = 1; i <= Rows; ++i)
            rows.push_back(orderRow(std::to_string(i), "new", i));
        VERIFY_DONE(writer->store(std::move(rows), checkpointAt(Rows)));
        VERIFY_DONE(writer->finishFilling());
    }

    /// Through the table, through a view on a view, and with a statement that was prepared before.
    void aReaderNeverMissesTheTableNorSeesAPartOfIt()
    {
        const std::vector<QByteArray> questions{"SELECT count(*), count(DISTINCT customer) FROM orders", "SELECT count(*), count(DISTINCT customer) FROM w",
                                                "SELECT (SELECT count(*) FROM v), count(DISTINCT o.customer) FROM orders o JOIN v USING (order_id)", "EXECUTE counted"};
        std::atomic<int> answers = 0;
        std::vector<QString> wrong(questions.size());
        std::vector<std::jthread> readers;
        for (size_t i = 0; i < questions.size(); ++i) {
            readers.emplace_back([&, i](const std::stop_token &stop) {
                const auto database = m_fresh->open();
                const auto asked = guarded([&] {
                    database->execute("SET lock_timeout = 0; PREPARE counted AS SELECT count(*), count(DISTINCT customer) FROM orders");
                    while (!stop.stop_requested() && wrong[i].isEmpty()) {
                        if (const QString answer = answerOf(*database, questions[i]); answer != u"2000|1")
                            wrong[i] = answer;
                        ++answers;
                    }
                });
                if (!asked)
                    wrong[i] = asked.error().message;
            });
        }
        const int made = swapThereAndBack(answers);
        readers.clear();
        for (const QString &each : wrong)
            QCOMPARE(each, QString());
        QCOMPARE(made, Swaps);
    }

    /// What a projector is told that it has stored is in the table that was live then.
    void aLiveProjectorLosesNoRow()
    {
        std::atomic<int> stored = 0;
        QString failed;
        std::jthread projector([&](const std::stop_token &stop) {
            const auto database = m_fresh->open();
            const auto done = guarded([&] {
                database->execute("SET lock_timeout = 0");
                while (!stop.stop_requested()) {
                    database->query("INSERT INTO orders (order_id, customer) VALUES ('live-' || $1::int, 'live') ON CONFLICT ON CONSTRAINT orders_pkey DO UPDATE SET customer = 'twice'", postgres::Parameters().add(qint64{stored}));
                    ++stored;
                }
            });
            if (!done)
                failed = done.error().message;
        });
        const int made = swapThereAndBack(stored);
        projector.request_stop();
        projector.join();
        QCOMPARE(failed, QString());
        QCOMPARE(made, Swaps);
        const auto database = m_fresh->open();
        QCOMPARE(answerOf(*database, "SELECT count(*), count(DISTINCT order_id), bool_or(customer = 'twice') FROM (SELECT order_id, customer FROM orders UNION ALL SELECT order_id, customer FROM orders__rb_ab12cd34) b WHERE order_id LIKE 'live-%'"),
                 QStringLiteral("%1|%1|f").arg(stored));
    }

    /// A transaction that takes the two tables in the other order must never be the one that is ended.
    void noOtherTransactionIsEndedForTheSwap()
    {
        m_fresh->open()->execute("CREATE TABLE notes (order_id text REFERENCES orders)");
        std::atomic<int> transactions = 0;
        std::array<QString, 2> failed;
        const auto work = [&](size_t which, const QByteArray &sql) {
            return std::jthread([&, which, sql](const std::stop_token &stop) {
                const auto database = m_fresh->open();
                const auto done = guarded([&] {
                    database->execute("SET lock_timeout = 0");
                    while (!stop.stop_requested()) {
                        database->execute(sql);
                        ++transactions;
                        std::this_thread::sleep_for(std::chrono::milliseconds(5));
                    }
                });
                if (!done)
                    failed[which] = done.error().message;
            });
        };
        std::jthread there = work(0, "BEGIN; SELECT count(*) FROM orders; SELECT pg_sleep(0.01); SELECT count(*) FROM notes; COMMIT");
        std::jthread back = work(1, "BEGIN; SELECT count(*) FROM notes; SELECT pg_sleep(0.01); SELECT count(*) FROM v; COMMIT");
        const int made = swapThereAndBack(transactions, ContendedSwaps);
        there = {};
        back = {};
        QCOMPARE(failed[0] + failed[1], QString());
        QVERIFY(made > 0);
    }

private:
    /// How many of the swaps were made; those that others were in the way of are not. Between two of them the others get on.
    int swapThereAndBack(const std::atomic<int> &progress, int swaps = Swaps)
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        int made = 0;
        for (int i = 0; i < swaps; ++i) {
            const int before = progress;
            for (int waited = 0; progress < before + 5 && waited < 400; ++waited)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            const auto swapped = made % 2 == 0 ? writer->swap(QStringLiteral("ab12cd34")) : writer->swapBack(QStringLiteral("ab12cd34"));
            if (!swapped && swapped.error().isRetryable)
                continue;
            if (!swapped)
                qWarning("%s", qPrintable(swapped.error().message));
            made += swapped ? 1 : 0;
        }
        return made;
    }

    std::unique_ptr<FreshDatabase> m_fresh;
};

QTEST_GUILESS_MAIN(TestPgSwapTraffic)
#include "tst_pg_swap_traffic.moc"
