// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/pgreadmodel/pg_tables.h"

#include <QTest>

#include <thread>

using namespace connectors;
using namespace tests;

class TestPgReadModelWriter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<FreshDatabase>();
    }

    void init() { empty(*m_fresh->open()); }

    void rowsAndTheirCheckpointAreStoredTogether()
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        const Rebuild rebuild = rebuildOf({ordersTable()});
        VERIFY_DONE(writer->begin(rebuild));
        VERIFY_DONE(writer->store({orderRow("b", "two", 2), orderRow("a", "one", 1), deletedRow("c")}, checkpointAt(3)));
        VERIFY_DONE(writer->store({orderRow("a", "one again", 4), deletedRow("b"), orderRow("d", "four", 5)}, checkpointAt(6)));
        const auto database = m_fresh->open();
        QCOMPARE(answerOf(*database, "SELECT * FROM orders__rb_ab12cd34 ORDER BY 1"), QStringLiteral("a|one again|1.5|1|t|4\nd|four|1.5|1|t|5"));
        const auto rebuilds = modelOf(m_fresh->spec())->rebuilds();
        VERIFY_DONE(rebuilds);
        QCOMPARE(rebuilds->size(), size_t(1));
        Rebuild expected = rebuild;
        expected.checkpoint = checkpointAt(6);
        expected.heartbeat = rebuilds->front().heartbeat;
        QVERIFY(rebuilds->front() == expected);
        QVERIFY(expected.heartbeat > rebuild.created);
        VERIFY_DONE(writer->finishFilling());
        QCOMPARE(answerOf(*database, "SELECT state, heartbeat, epoch FROM streamgauge_rebuilds"), QStringLiteral("filled|0|1"));
    }

    void rowsAreFoundByTheirKeysInTheirOrder()
    {
        const TableSpec lines{QStringLiteral("lines"), {{QStringLiteral("order_id"), ColumnType::Text, {}}, {QStringLiteral("line"), ColumnType::BigInt, {}}, {QStringLiteral("price"), ColumnType::Numeric, Precision{10, 2}}}, {1, 0}};
        const std::vector<TableSpec> both{ordersTable(), lines};
        const auto writer = writerOf(m_fresh->spec(), both);
        VERIFY_DONE(writer->begin(rebuildOf(both)));
        const auto line = [](const std::string &order, const std::string &number, qint64 position) { return ChangedRow{{1, {number, order}}, Row{{order, number, "2.5"}, position}}; };
        VERIFY_DONE(writer->store({orderRow("{a,\"b\\", "x", 1), line("a", "-7", 2), line("a", "8", 3)}, checkpointAt(3)));
        const auto found = writer->load({{1, {"8", "a"}}, {0, {"{a,\"b\\"}}, {1, {"8", "b"}}, {0, {"nobody"}}, {1, {"-7", "a"}}});
        VERIFY_DONE(found);
        QCOMPARE(found->size(), size_t(5));
        QVERIFY((*found)[0] == (Row{{"a", "8", "2.5"}, 3}));
        QVERIFY((*found)[1] == (Row{{"{a,\"b\\", "x", "1.5", "1", "true"}, 1}));
        QVERIFY(!(*found)[2] && !(*found)[3]);
        QVERIFY((*found)[4] == (Row{{"a", "-7", "2.5"}, 2}));
        VERIFY_DONE(writer->store({{{1, {"8", "a"}}, std::nullopt}}, checkpointAt(4)));
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT line, price FROM lines__rb_ab12cd34"), QStringLiteral("-7|2.50"));
    }

    void everyValueComesBackAsItWas()
    {
        std::string controls;
        for (char c = 1; c < 32; ++c)
            controls += c;
        controls += "\x7f\\N\\.\\t\"'\xc2\x80\xf0\x9f\x98\x80";
        const std::vector<Cell> totals{"9007199254740993", "-9007199254740993.1", "1234567890123456789012345678.0123456789", "0.0000000001", "0", std::string(1000, '9')};
        const TableSpec table = ordersTable();
        const auto writer = writerOf(m_fresh->spec(), {table});
        VERIFY_DONE(writer->begin(rebuildOf({table})));
        std::vector<ChangedRow> rows;
        std::vector<RowKey> keys;
        for (size_t i = 0; i < totals.size(); ++i) {
            const std::string key = controls + std::to_string(i);
            keys.push_back({0, {key}});
            rows.push_back({{0, {key}}, Row{{key, i == 0 ? Cell() : Cell(controls), totals[i], i == 1 ? Cell() : Cell("-9223372036854775808"), i == 2 ? Cell() : Cell(i == 3 ? "false" : "true")}, 9'223'372'036'854'775'807}});
        }
        rows.push_back({{0, {""}}, Row{{"", "", {}, {}, {}}, 0}});
        keys.push_back({0, {""}});
        const std::vector<ChangedRow> wanted = rows;
        for (int round = 0; round < 2; ++round) { // straight into the new table, then by way of the temporary one
            VERIFY_DONE(writer->store(rows, checkpointAt(round + 1)));
            const auto found = writer->load(keys);
            VERIFY_DONE(found);
            for (size_t i = 0; i < keys.size(); ++i)
                QVERIFY2((*found)[i] == wanted[i].row, qPrintable(QString::number(i)));
        }
    }

    void aNumericOfAGivenPrecisionIsExact()
    {
        const TableSpec table{QStringLiteral("sums"), {{QStringLiteral("id"), ColumnType::Numeric, Precision{38, 10}}, {QStringLiteral("sum"), ColumnType::Numeric, Precision{38, 10}}}, {0}};
        const auto writer = writerOf(m_fresh->spec(), {table});
        VERIFY_DONE(writer->begin(rebuildOf({table})));
        const std::string large = "-1234567890123456789012345678.0123456789";
        VERIFY_DONE(writer->store({{{0, {large}}, Row{{large, "9999999999999999999999999999.9999999999"}, 1}}, {{0, {"1.5"}}, Row{{"1.5", "0.0000000001"}, 1}}}, checkpointAt(1)));
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT * FROM sums__rb_ab12cd34 ORDER BY 1"),
                 QStringLiteral("-1234567890123456789012345678.0123456789|9999999999999999999999999999.9999999999|1\n1.5000000000|0.0000000001|1"));
        const auto found = writer->load({{0, {"1.5"}}, {0, {large}}});
        VERIFY_DONE(found);
        QVERIFY((*found)[0] == (Row{{"1.5", "0.0000000001"}, 1}));
        QVERIFY((*found)[1] == (Row{{large, "9999999999999999999999999999.9999999999"}, 1}));
    }

    void aTextThatCannotBeStoredIsToldWithItsRow()
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(writer->store({orderRow("a", "x", 1)}, checkpointAt(1)));
        const std::vector<std::pair<ChangedRow, QString>> bad{{orderRow("o-17", std::string("x\0y", 3), 2), QStringLiteral("order_id = “o-17” of “orders” has a NUL character in column “customer”")},
                                                              {orderRow(std::string("o\0", 2), "x", 2), QStringLiteral("order_id = “o\\0” of “orders” has a NUL character in column “order_id”")},
                                                              {orderRow("o-18", "\xff", 2), QStringLiteral("order_id = “o-18” of “orders” has bytes that are no UTF-8 in column “customer”")}};
        for (const auto &[row, said] : bad) {
            const auto stored = writer->store({orderRow("b", "x", 2), row}, checkpointAt(2));
            QVERIFY(!stored);
            QCOMPARE(stored.error().code, ErrorCode::InvalidInput);
            QVERIFY2(stored.error().message.contains(said), qPrintable(stored.error().message));
        }
        const auto loaded = writer->load({{0, {std::string("o\0", 2)}}});
        QVERIFY(!loaded && loaded.error().message.contains(u"NUL"));
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT order_id FROM orders__rb_ab12cd34"), QStringLiteral("a"));
        QCOMPARE(modelOf(m_fresh->spec())->rebuilds().value().front().checkpoint.events, 1);
        VERIFY_DONE(writer->store({orderRow("b", "x", 2)}, checkpointAt(2))); // the connection is as it was
    }

    void namesAreOnlyNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("injection") << QStringLiteral("x\"; drop table y;--");
        QTest::newRow("reserved") << QStringLiteral("select");
        QTest::newRow("reserved too") << QStringLiteral("user");
        QTest::newRow("upper case") << QStringLiteral("Orders");
        QTest::newRow("spaces and dots") << QStringLiteral(" a.b 'c' $1 %s ");
        QTest::newRow("emoji") << QStringLiteral("😀 ü");
        QTest::newRow("63 bytes") << QString(63, u'n');
        QTest::newRow("62 bytes of two each") << QString(31, u'ü');
    }

    void namesAreOnlyNames()
    {
        QFETCH(QString, name);
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE y (a int)");
        database->execute("CREATE TABLE " + postgres::quotedName(name) + " (" + postgres::quotedName(name) + " text PRIMARY KEY, \"order\" bigint)");
        database->execute("CREATE INDEX ON " + postgres::quotedName(name) + " (\"order\")");
        database->execute("CREATE VIEW v AS SELECT * FROM " + postgres::quotedName(name));
        database->execute("INSERT INTO " + postgres::quotedName(name) + " VALUES ('old', 1)");
        const TableSpec table{name, {{name, ColumnType::Text, {}}, {QStringLiteral("order"), ColumnType::BigInt, {}}}, {0}};
        const Rebuild rebuild = rebuildOf({table});
        const auto model = modelOf(m_fresh->spec());
        const auto looked = model->look({table});
        VERIFY_DONE(looked);
        QCOMPARE(looked->front().rows, 1);
        QCOMPARE(looked->front().losses, std::vector<QString>());
        const auto writer = writerOf(m_fresh->spec(), {table});
        VERIFY_DONE(writer->begin(rebuild));
        for (int round = 1; round <= 2; ++round)
            VERIFY_DONE(writer->store({{{0, {"new"}}, Row{{"new", "2"}, 1}}, {{0, {"other"}}, std::nullopt}}, checkpointAt(round)));
        QVERIFY(writer->load({{0, {"new"}}}).value().front().has_value());
        QCOMPARE(model->compare(rebuild, table, 0, 1, {}, {}, {}).value().onlyNew, 1);
        VERIFY_DONE(writer->finishFilling());
        VERIFY_DONE(writer->swap(rebuild.job));
        QCOMPARE(answerOf(*database, "SELECT * FROM v"), QStringLiteral("new|2"));
        VERIFY_DONE(writer->swapBack(rebuild.job));
        QCOMPARE(answerOf(*database, "SELECT * FROM v"), QStringLiteral("old|1"));
        VERIFY_DONE(writer->drop(rebuild.job));
        QCOMPARE(answerOf(*database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), QStringLiteral("2"));
    }

    void aNameThatWouldBeCutIsRefused()
    {
        const QString tooLong = QString(64, u'n');
        const TableSpec table{tooLong, {{QStringLiteral("id"), ColumnType::Text, {}}}, {0}};
        const TableSpec column{QStringLiteral("t"), {{QString(32, u'ü'), ColumnType::Text, {}}}, {0}};
        const TableSpec nul{QStringLiteral("a") + QChar::Null, {{QStringLiteral("id"), ColumnType::Text, {}}}, {0}};
        for (const TableSpec &each : {table, column, nul}) {
            const auto begun = writerOf(m_fresh->spec(), {each})->begin(rebuildOf({each}));
            QVERIFY(!begun);
            QCOMPARE(begun.error().code, ErrorCode::InvalidInput);
            QVERIFY(!modelOf(m_fresh->spec())->look({each}));
        }
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), QString());
    }

    void aSecondRebuildOfTheSameTableIsRefused()
    {
        const auto first = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(first->begin(rebuildOf({ordersTable()})));
        const auto second = writerOf(m_fresh->spec(), {ordersTable()})->begin(rebuildOf({ordersTable()}, QStringLiteral("zz99zz99")));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Refused);
        QVERIFY2(second.error().message.contains(u"ab12cd34"), qPrintable(second.error().message));
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT count(*) FROM pg_tables WHERE tablename LIKE '%zz99zz99'"), QStringLiteral("0"));
    }

    void ofTwoThatBeginAtOnceOneIsRefused()
    {
        for (int round = 0; round < 5; ++round) {
            empty(*m_fresh->open());
            std::array<Result<void>, 2> begun;
            std::array<std::unique_ptr<ReadModelWriter>, 2> writers{writerOf(m_fresh->spec(), {ordersTable()}), writerOf(m_fresh->spec(), {ordersTable()})};
            std::vector<std::jthread> threads;
            for (size_t i = 0; i < 2; ++i)
                threads.emplace_back([&, i] { begun[i] = writers[i]->begin(rebuildOf({ordersTable()}, QStringLiteral("job0000%1").arg(i))); });
            threads.clear();
            QCOMPARE(static_cast<int>(begun[0].has_value()) + static_cast<int>(begun[1].has_value()), 1);
            QCOMPARE((begun[0] ? begun[1] : begun[0]).error().code, ErrorCode::Refused);
        }
    }

    void whoWasFencedOutWritesNothing()
    {
        const auto first = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(first->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(first->store({orderRow("a", "first", 1)}, checkpointAt(1)));
        const auto second = writerOf(m_fresh->spec(), {ordersTable()});
        const auto tooEarly = second->takeOver(QStringLiteral("ab12cd34"));
        QVERIFY(!tooEarly && tooEarly.error().code == ErrorCode::Refused && tooEarly.error().isRetryable);
        const auto database = m_fresh->open();
        database->execute("UPDATE streamgauge_rebuilds SET heartbeat = heartbeat - 31000");
        const auto taken = second->takeOver(QStringLiteral("ab12cd34"));
        VERIFY_DONE(taken);
        QCOMPARE(taken->epoch, 2);
        QVERIFY(taken->checkpoint == checkpointAt(1));
        for (const Result<void> &refused : {first->store({orderRow("a", "late", 2)}, checkpointAt(2)), first->beat(), first->finishFilling(), first->letGo()}) {
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Conflict);
        }
        QCOMPARE(answerOf(*database, "SELECT customer FROM orders__rb_ab12cd34"), QStringLiteral("first"));
        VERIFY_DONE(second->store({orderRow("a", "second", 2)}, checkpointAt(2)));
        VERIFY_DONE(second->finishFilling());
        const auto swapped = first->swap(QStringLiteral("ab12cd34"));
        QVERIFY(!swapped);
        QCOMPARE(swapped.error().code, ErrorCode::Conflict);
        QCOMPARE(answerOf(*database, "SELECT state FROM streamgauge_rebuilds"), QStringLiteral("filled"));
    }

    void whoLetGoCanBeFollowedAtOnce()
    {
        const auto first = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(first->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(first->letGo());
        VERIFY_DONE(writerOf(m_fresh->spec(), {ordersTable()})->takeOver(QStringLiteral("ab12cd34")));
        const auto unknown = first->takeOver(QStringLiteral("nothing1"));
        QVERIFY(!unknown && unknown.error().code == ErrorCode::NotFound);
    }

    void aLostConnectionIsMadeAnewByTheNextCall()
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(writer->store({orderRow("a", "x", 1)}, checkpointAt(1)));
        const auto database = m_fresh->open();
        QVERIFY(answerOf(*database, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").toInt() > 0);
        const auto lost = writer->store({orderRow("b", "x", 2)}, checkpointAt(2));
        QVERIFY(!lost);
        QVERIFY2(lost.error().isRetryable, qPrintable(lost.error().message));
        VERIFY_DONE(writer->store({orderRow("b", "x", 2)}, checkpointAt(2)));
        QCOMPARE(answerOf(*database, "SELECT count(*) FROM orders__rb_ab12cd34"), QStringLiteral("2"));
    }

    void nothingOfOursIsLeftWhenTheLastRebuildIsDropped()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE orders (order_id text PRIMARY KEY)");
        const QByteArray all = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(writer->drop(QStringLiteral("ab12cd34")));
        QCOMPARE(answerOf(*database, all), QStringLiteral("orders"));
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        database->execute("CREATE VIEW curious AS SELECT * FROM orders__rb_ab12cd34");
        const auto refused = writer->drop(QStringLiteral("ab12cd34"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(u"view public.curious"), qPrintable(refused.error().message));
        QCOMPARE(modelOf(m_fresh->spec())->rebuilds().value().size(), size_t(1));
    }

    void tablesAreInTheSchemaThatTheAddressNames()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE SCHEMA sales; CREATE TABLE sales.orders (order_id text PRIMARY KEY); CREATE TABLE orders (order_id text PRIMARY KEY)");
        const ConnectionSpec spec = m_fresh->spec(false, {{QStringLiteral("schema"), QStringLiteral("sales")}});
        const auto writer = writerOf(spec, {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(writer->store({orderRow("a", "x", 1)}, checkpointAt(1)));
        VERIFY_DONE(writer->finishFilling());
        VERIFY_DONE(writer->swap(QStringLiteral("ab12cd34")));
        QCOMPARE(answerOf(*database, "SELECT (SELECT count(*) FROM sales.orders), (SELECT count(*) FROM public.orders), (SELECT count(*) FROM sales.orders__old_ab12cd34)"), QStringLiteral("1|0|0"));
        QVERIFY(modelOf(m_fresh->spec())->rebuilds().value().empty());
    }

private:
    std::unique_ptr<FreshDatabase> m_fresh;
};

QTEST_GUILESS_MAIN(TestPgReadModelWriter)
#include "tst_pg_read_model_writer.moc"
