// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/pgreadmodel/pg_tables.h"

#include <QRandomGenerator>
#include <QTest>

#include <thread>

using namespace connectors;
using namespace tests;

namespace {

constexpr qint64 Events = 60'000;
constexpr qint64 ChunkEvents = 500;
constexpr qint64 Keys = 7'000;

/// A number that looks like chance and is always the same (splitmix64, Vigna).
quint64 scrambled(quint64 number)
{
    number += 0x9e3779b97f4a7c15ULL;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
    return number ^ (number >> 31);
}

/// What a fold does: an event adds to its row's count, every 50th deletes the row; one at or below the row's position is not
/// applied again.
Result<void> fillFrom(ReadModelWriter &writer, qint64 from, qint64 to)
{
    for (qint64 chunk = from; chunk < to; chunk += ChunkEvents) {
        std::vector<RowKey> keys;
        std::map<std::string, std::optional<Row>> rows;
        for (qint64 event = chunk; event < chunk + ChunkEvents; ++event)
            rows.emplace("key " + std::to_string(scrambled(static_cast<quint64>(event)) % Keys), std::nullopt);
        for (const auto &[key, row] : rows)
            keys.push_back({0, {key}});
        const auto loaded = writer.load(keys);
        if (!loaded)
            return tl::unexpected(loaded.error());
        for (size_t i = 0; i < keys.size(); ++i)
            rows[keys[i].parts[0]] = (*loaded)[i];
        for (qint64 event = chunk; event < chunk + ChunkEvents; ++event) {
            const std::string key = "key " + std::to_string(scrambled(static_cast<quint64>(event)) % Keys);
            std::optional<Row> &row = rows[key];
            if (row && row->position >= event)
                continue;
            const qint64 count = row ? std::stoll(row->cells[3].value_or("0")) + 1 : 1;
            if (event % 50 == 49)
                row.reset();
            else
                row = Row{{key, "customer", "0.5", std::to_string(count), {}}, event};
        }
        std::vector<ChangedRow> changed;
        for (auto &[key, row] : rows)
            changed.push_back({{0, {key}}, std::move(row)});
        if (Result<void> stored = writer.store(std::move(changed), checkpointAt(chunk + ChunkEvents)); !stored)
            return stored;
    }
    return {};
}

} // namespace

/// The server dies at any moment of a filling, as often as it likes.
class TestPgRebuildKills final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES(); // the programs of a server are here
        m_server = std::make_unique<FreshPostgres>();
        m_database = std::make_unique<FreshDatabase>(m_server->url());
    }

    void aFillingThatWasKilledEndsWithTheRowsOfOneThatWasNot()
    {
        const QByteArray whole = filledHash(QStringLiteral("whole000"), [](ReadModelWriter &writer) { return fillFrom(writer, 0, Events); });
        QVERIFY(!whole.isEmpty());
        const QString job = QStringLiteral("killed00");
        VERIFY_DONE(writerOf(m_database->spec(), {tableOf(job)})->begin(rebuildOf({tableOf(job)}, job)));
        const int kills = qEnvironmentVariableIntValue("STREAMGAUGE_TEST_LONG") != 0 ? 20 : 4;
        int died = 0;
        for (int kill = 0; kill < kills; ++kill)
            died += fillUntilKilled(job, (kill + 1) * Events / kills) ? 1 : 0;
        QVERIFY(died > 0);
        const auto writer = writerOf(m_database->spec(), {tableOf(job)});
        forgetHeartbeat();
        const auto taken = writer->takeOver(job);
        VERIFY_DONE(taken);
        VERIFY_DONE(fillFrom(*writer, taken->checkpoint.events, Events));
        VERIFY_DONE(writer->finishFilling());
        QCOMPARE(hashOf(job), whole);
    }

    /// Done or not done, and told so; there is no third case.
    void aSwapThatWasKilledIsDoneOrNotDone()
    {
        const int kills = qEnvironmentVariableIntValue("STREAMGAUGE_TEST_LONG") != 0 ? 10 : 2;
        m_database->open()->execute("CREATE TABLE live (order_id text PRIMARY KEY, customer text, total numeric, events bigint, is_paid boolean); CREATE VIEW v AS SELECT * FROM live; CREATE INDEX by_customer ON live (customer);"
                                    "INSERT INTO live VALUES ('old')");
        const TableSpec table = ordersTable(QStringLiteral("live"));
        const QString job = QStringLiteral("swapkill");
        const auto writer = writerOf(m_database->spec(), {table});
        VERIFY_DONE(writer->begin(rebuildOf({table}, job)));
        VERIFY_DONE(writer->store({orderRow("new", "x", 1)}, checkpointAt(1)));
        VERIFY_DONE(writer->finishFilling());
        for (int kill = 0; kill < kills; ++kill) {
            const bool isBack = stateOf(job) == RebuildState::Swapped;
            std::jthread killer([this] {
                std::this_thread::sleep_for(std::chrono::milliseconds(QRandomGenerator::global()->bounded(60)));
                m_server->kill();
            });
            const auto swapped = isBack ? writer->swapBack(job) : writer->swap(job);
            killer.join();
            m_server->restart();
            const bool isSwapped = stateOf(job) == RebuildState::Swapped;
            QVERIFY(!swapped || isSwapped != isBack);
            QVERIFY(swapped || swapped.error().code == ErrorCode::OutcomeUnknown || isSwapped == isBack);
            QCOMPARE(answerOf(*m_database->open(), "SELECT v.order_id, live.order_id, (SELECT tablename FROM pg_indexes WHERE indexname = 'by_customer') FROM v, live"),
                     isSwapped ? QStringLiteral("new|new|live") : QStringLiteral("old|old|live"));
        }
    }

private:
    static TableSpec tableOf(const QString &job) { return ordersTable(QStringLiteral("orders_") + job); }

    template<typename Filling>
    QByteArray filledHash(const QString &job, Filling filling)
    {
        const auto writer = writerOf(m_database->spec(), {tableOf(job)});
        const auto begun = writer->begin(rebuildOf({tableOf(job)}, job));
        const auto filled = begun ? filling(*writer) : begun;
        return filled && writer->finishFilling() ? hashOf(job) : QByteArray();
    }

    QByteArray hashOf(const QString &job)
    {
        const auto compared = modelOf(m_database->spec())->compare(rebuildOf({tableOf(job)}, job), tableOf(job), 0, 0, {}, {}, {});
        return compared && compared->newRows > 100 ? compared->hash : QByteArray();
    }

    RebuildState stateOf(const QString &job)
    {
        const auto rebuilds = modelOf(m_database->spec())->rebuilds();
        for (const Rebuild &each : rebuilds.value()) {
            if (each.job == job)
                return each.state;
        }
        return RebuildState::Filling;
    }

    /// So that nobody waits until the lease has run out.
    void forgetHeartbeat() { m_database->open()->execute("UPDATE streamgauge_rebuilds SET heartbeat = 0"); }

    /// False where it was quicker than the one that kills.
    bool fillUntilKilled(const QString &job, qint64 to)
    {
        const auto writer = writerOf(m_database->spec(), {tableOf(job)});
        forgetHeartbeat();
        const auto taken = writer->takeOver(job);
        if (!taken)
            qFatal("%s", qPrintable(taken.error().message));
        std::jthread killer([this] {
            std::this_thread::sleep_for(std::chrono::milliseconds(QRandomGenerator::global()->bounded(10, 250)));
            m_server->kill();
        });
        const Result<void> filled = fillFrom(*writer, taken->checkpoint.events, to);
        killer.join();
        m_server->restart();
        return !filled;
    }

    std::unique_ptr<FreshPostgres> m_server;
    std::unique_ptr<FreshDatabase> m_database;
};

QTEST_GUILESS_MAIN(TestPgRebuildKills)
#include "tst_pg_rebuild_kills.moc"
