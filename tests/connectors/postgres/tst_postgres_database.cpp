// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/copy.h"
#include "connectors/postgres/transaction.h"
#include "tests/support/postgres_server.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace connectors;
using namespace connectors::postgres;
using namespace std::string_view_literals;

class TestPostgresDatabase final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<tests::FreshDatabase>();
    }

    void valuesGoInAndComeBack()
    {
        const auto database = m_fresh->open();
        Parameters parameters;
        parameters.add(qint64(-9007199254740993)).add(QStringLiteral("ü\"'\\")).addNull().addOptional({}).addArray({"a,b", "c\"d"});
        const Rows rows = database->query("SELECT $1::bigint, $2::text, $3::text, $4::text, ($5::text[])[2], true", parameters);
        QCOMPARE(rows.count(), 1);
        QCOMPARE(rows.columns(), 6);
        QCOMPARE(rows.integer(0, 0), qint64(-9007199254740993));
        QCOMPARE(rows.string(0, 1), QStringLiteral("ü\"'\\"));
        QVERIFY(rows.isNull(0, 2) && rows.isNull(0, 3));
        QCOMPARE(rows.string(0, 4), QStringLiteral("c\"d"));
        QVERIFY(rows.boolean(0, 5));
        QVERIFY(rows.bytes() > 20);
        QVERIFY(database->serverVersion() >= 130000);
    }

    void whatTheServerRefusesHasItsStateAndNamesThePlace()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE one (id int CONSTRAINT only_once UNIQUE); INSERT INTO one VALUES (1)");
        try {
            database->query("INSERT INTO one VALUES ($1)", Parameters().add(qint64(1)));
            QFAIL("It was taken twice.");
        } catch (const SqlError &failed) {
            QCOMPARE(failed.sqlState, QByteArray("23505"));
            QCOMPARE(failed.constraint, QStringLiteral("only_once"));
            QCOMPARE(failed.error.code, ErrorCode::Conflict);
            QVERIFY(failed.error.message.contains(m_fresh->name()) && failed.error.message.contains(u"127.0.0.1"));
        }
        QCOMPARE(guarded([&] { database->query("SELECT * FROM nowhere"); }).error().code, ErrorCode::NotFound);
        QVERIFY(database->isUsable());
        QCOMPARE(database->query("SELECT count(*) FROM one").integer(0, 0), 1);
    }

    void lookingWritesNothing()
    {
        const auto options = optionsOf(m_fresh->spec(), {});
        Database looking(*options, Database::Access::Look);
        const auto refused = guarded([&] { looking.execute("CREATE TABLE made_by_looking (a int)"); });
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(looking.query("SELECT to_regclass('made_by_looking') IS NULL").boolean(0, 0), true);
        QCOMPARE(looking.query("SHOW application_name").string(0, 0).section(u'/', 0, 0), QStringLiteral("streamgauge"));
    }

    void aTransactionThatIsNotCommittedLeavesNothing()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE kept (a int)");
        {
            Transaction transaction(*database, Transaction::Kind::Write);
            database->execute("INSERT INTO kept VALUES (1)");
        }
        {
            Transaction transaction(*database, Transaction::Kind::Write);
            database->execute("INSERT INTO kept VALUES (2)");
            transaction.commit();
        }
        {
            Transaction failed(*database, Transaction::Kind::Write);
            database->execute("INSERT INTO kept VALUES (3)");
            QVERIFY(!guarded([&] { database->execute("SELECT 1/0"); }));
            QVERIFY(!guarded([&] { failed.commit(); }));
        }
        QCOMPARE(database->query("SELECT string_agg(a::text, ',') FROM kept").string(0, 0), QStringLiteral("2"));
    }

    void aStatementIsCancelledFromAnotherThread()
    {
        const auto database = m_fresh->open();
        std::atomic<bool> isCancelled = false;
        database->setCancelledCheck([&] { return isCancelled.load(); });
        const auto observer = m_fresh->open();
        std::jthread canceller([&] {
            while (observer->query("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)' AND state = 'active'").count() == 0)
                std::this_thread::yield();
            isCancelled = true;
        });
        QCOMPARE(guarded([&] { database->query("SELECT pg_sleep(300)"); }).error().code, ErrorCode::Cancelled);
        canceller.join();
        isCancelled = false;
        QVERIFY(database->isUsable());
        QCOMPARE(database->query("SELECT 5").integer(0, 0), 5);
    }

    void rowsAreCopiedInAndOut()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE copied (n bigint, body text)");
        constexpr int Count = 50'000;
        CopyIn in(*database, "COPY copied FROM STDIN");
        CopyLine line;
        for (int i = 0; i < Count; ++i) {
            line.add(qint64(i));
            in.write((i % 2 ? line.addNull() : line.add("a\tb\\"sv)).take());
        }
        QCOMPARE(in.finish(), Count);
        CopyOut out(*database, "COPY (SELECT * FROM copied ORDER BY n) TO STDOUT");
        int i = 0;
        while (const auto row = out.next()) {
            const auto fields = CopyOut::fieldsOf(*row);
            QCOMPARE(fields.at(0), std::optional(QByteArray::number(i)));
            QCOMPARE(fields.at(1), i % 2 ? std::nullopt : std::optional(QByteArray("a\tb\\")));
            ++i;
        }
        QCOMPARE(i, Count);
    }

    void aCopyThatIsLeftStoresNothing()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE half (n bigint)");
        {
            CopyIn in(*database, "COPY half FROM STDIN");
            in.write("1\n2\n");
        }
        QCOMPARE(database->query("SELECT count(*) FROM half").integer(0, 0), 0);
        database->execute("INSERT INTO half SELECT generate_series(1, 200000)");
        {
            CopyOut out(*database, "COPY half TO STDOUT");
            QVERIFY(out.next().has_value());
        }
        QVERIFY(database->isUsable());
        QCOMPARE(database->query("SELECT count(*) FROM half").integer(0, 0), 200'000);
        const auto wrong = guarded([&] {
            CopyIn in(*database, "COPY half FROM STDIN");
            in.write("no number\n");
            in.finish();
        });
        QCOMPARE(wrong.error().code, ErrorCode::InvalidInput);
        QVERIFY(!guarded([&] { CopyIn(*database, "COPY nowhere FROM STDIN"); }));
        QVERIFY(database->isUsable());
    }

    void aListenerIsTold()
    {
        const auto listening = m_fresh->open();
        const auto sending = m_fresh->open();
        listening->listen(QStringLiteral("a \"channel\""));
        QVERIFY(!listening->waitForNotification(std::chrono::milliseconds(0)));
        sending->execute("NOTIFY \"a \"\"channel\"\"\"");
        QVERIFY(listening->waitForNotification(std::chrono::seconds(20)));
        QVERIFY(!listening->waitForNotification(std::chrono::milliseconds(0)));
    }

    void aConnectionThatTheServerEndsIsTold()
    {
        const auto database = m_fresh->open();
        const QByteArray pid = QByteArray::number(database->query("SELECT pg_backend_pid()").integer(0, 0));
        const auto other = m_fresh->open();
        QVERIFY(other->query("SELECT pg_terminate_backend($1::int, 20000)", Parameters().add(pid)).boolean(0, 0));
        const auto lost = guarded([&] { database->query("SELECT 1"); });
        QCOMPARE(lost.error().code, ErrorCode::CannotConnect);
        QVERIFY(lost.error().isRetryable);
        QVERIFY(!database->isUsable());
    }

    void whyThereIsNoConnection_data()
    {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("database");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("wrong password") << QStringLiteral("keyed") << QStringLiteral("wrong") << QString() << ErrorCode::NotAuthenticated;
        QTest::newRow("no password") << QStringLiteral("keyed") << QString() << QString() << ErrorCode::NotAuthenticated;
        QTest::newRow("no such user") << QStringLiteral("nobody-knows") << QStringLiteral("wrong") << QString() << ErrorCode::NotAuthenticated;
        QTest::newRow("no such database") << QString() << QString() << QStringLiteral("no_such_database") << ErrorCode::NotFound;
    }

    void whyThereIsNoConnection()
    {
        QFETCH(QString, user);
        QFETCH(QString, password);
        QFETCH(QString, database);
        QFETCH(ErrorCode, code);
        const QByteArray role = "keyed_" + m_fresh->name().toUtf8();
        const auto owner = m_fresh->open();
        owner->execute("DROP ROLE IF EXISTS " + role + "; CREATE ROLE " + role + " LOGIN PASSWORD 'alice-secret'");
        ConnectionSpec spec = m_fresh->spec();
        if (!user.isEmpty())
            spec.userName = user == u"keyed" ? QString::fromUtf8(role) : user;
        if (!database.isEmpty())
            spec.path = database;
        const auto options = optionsOf(spec, {password, {}, {}, {}});
        const auto failed = guarded([&] { Database(*options, Database::Access::Look); });
        QVERIFY(!failed);
        QVERIFY2(failed.error().code == code, qPrintable(describe(failed.error())));
        QVERIFY(failed.error().message.contains(spec.hosts.front()) && !failed.error().advice.isEmpty());
        QVERIFY(!failed.error().message.contains(u"wrong"));
        const auto right = optionsOf(postgresUser(spec, role), {QStringLiteral("alice-secret"), {}, {}, {}});
        QVERIFY(guarded([&] { Database(*right, Database::Access::Look); }).has_value());
        owner->execute("DROP ROLE " + role);
    }

    void nobodyAnswersAtAClosedPort()
    {
        ConnectionSpec spec = m_fresh->spec();
        spec.hosts = {QStringLiteral("127.0.0.1:1")};
        const auto failed = guarded([&] { Database(*optionsOf(spec, {}), Database::Access::Look); });
        QCOMPARE(failed.error().code, ErrorCode::CannotConnect);
        QVERIFY(failed.error().isRetryable);
    }

private:
    ConnectionSpec postgresUser(ConnectionSpec spec, const QByteArray &role) const
    {
        spec.userName = QString::fromUtf8(role);
        spec.path = m_fresh->name();
        return spec;
    }

    std::unique_ptr<tests::FreshDatabase> m_fresh;
};

QTEST_GUILESS_MAIN(TestPostgresDatabase)
#include "tst_postgres_database.moc"
