// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/pgreadmodel/pg_tables.h"

#include <QTest>

using namespace connectors;
using namespace tests;

class TestPgReadModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<FreshDatabase>();
    }

    void init() { empty(*m_fresh->open()); }

    void theSystemIsTheDatabaseAndItsSchema()
    {
        const auto id = modelOf(m_fresh->spec())->systemId();
        VERIFY_DONE(id);
        const auto again = modelOf(m_fresh->spec())->systemId();
        QCOMPARE(*id, again.value_or(QString()));
        QVERIFY2(id->startsWith(u"postgresql:") && id->endsWith(u"/public"), qPrintable(*id));
        const FreshDatabase other;
        QVERIFY(modelOf(other.spec())->systemId().value_or(QString()) != *id);
        m_fresh->open()->execute("CREATE SCHEMA sales");
        QVERIFY(modelOf(m_fresh->spec(false, {{QStringLiteral("schema"), QStringLiteral("sales")}}))->systemId().value_or(QString()) != *id);
    }

    void whereThisProgramHasNeverWrittenThereIsNothing()
    {
        const auto model = modelOf(m_fresh->spec());
        QCOMPARE(model->rebuilds().value(), std::vector<Rebuild>());
        QCOMPARE(model->look({ordersTable()}).value(), std::vector<LiveTable>{LiveTable()});
        QCOMPARE(answerOf(*m_fresh->open(), "SELECT relname FROM pg_class WHERE relname LIKE 'streamgauge%'"), QString());
    }

    void aTableTellsItsRowsItsSizeAndWhatWouldBeLost()
    {
        m_fresh->open()->execute(R"(
            CREATE TABLE customers (id text PRIMARY KEY);
            CREATE TABLE orders (order_id text PRIMARY KEY, customer varchar(20) NOT NULL REFERENCES customers, total numeric(10,2) DEFAULT 0 CHECK (total >= 0),
                                 events bigint GENERATED ALWAYS AS IDENTITY, is_paid boolean, note text UNIQUE, EXCLUDE USING btree (is_paid WITH =)) WITH (fillfactor = 70);
            CREATE STATISTICS paid_totals ON total, is_paid FROM orders;
            INSERT INTO customers VALUES ('c');
            INSERT INTO orders (order_id, customer) SELECT 'o' || i, 'c' FROM generate_series(1, 100) i)");
        const auto looked = modelOf(m_fresh->spec())->look({ordersTable(), ordersTable(QStringLiteral("nothing"))});
        VERIFY_DONE(looked);
        const LiveTable &live = looked->front();
        QVERIFY(live.exists && !looked->back().exists);
        QCOMPARE(live.rows, 100);
        QVERIFY(live.bytes.value_or(0) > 8'000);
        const std::vector<QString> expected{QStringLiteral("type character varying(20) of column “customer”, which becomes text"), QStringLiteral("NOT NULL of column “customer”"),
                                            QStringLiteral("type numeric(10,2) of column “total”, which becomes numeric"), QStringLiteral("default of column “total”"),
                                            QStringLiteral("NOT NULL of column “events”"), QStringLiteral("identity of column “events”"), QStringLiteral("column “note”"),
                                            QStringLiteral("CHECK constraint orders_total_check"), QStringLiteral("foreign key to “customers”"), QStringLiteral("UNIQUE constraint orders_note_key"),
                                            QStringLiteral("exclusion constraint orders_is_paid_excl"), QStringLiteral("storage parameter fillfactor=70"), QStringLiteral("statistics paid_totals")};
        QStringList told(live.losses.begin(), live.losses.end());
        for (const QString &loss : expected)
            QVERIFY2(told.removeOne(loss), qPrintable(loss + QStringLiteral(" is missing of: ") + told.join(u'\n')));
        QCOMPARE(told, QStringList());
    }

    void whatIsNoOrdinaryTableIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QString>("said");
        QTest::newRow("view") << QByteArray("CREATE VIEW orders AS SELECT 1 AS order_id") << QStringLiteral("is a view");
        QTest::newRow("materialised view") << QByteArray("CREATE MATERIALIZED VIEW orders AS SELECT 1 AS order_id") << QStringLiteral("is a materialised view");
        QTest::newRow("parent") << QByteArray("CREATE TABLE orders (order_id text); CREATE TABLE old_orders () INHERITS (orders)") << QStringLiteral("is inherited from by public.old_orders");
        QTest::newRow("child") << QByteArray("CREATE TABLE all_orders (order_id text); CREATE TABLE orders () INHERITS (all_orders)") << QStringLiteral("is a part of public.all_orders");
        QTest::newRow("partition") << QByteArray("CREATE TABLE all_orders (order_id text) PARTITION BY LIST (order_id); CREATE TABLE orders PARTITION OF all_orders DEFAULT")
                                   << QStringLiteral("is a part of public.all_orders");
    }

    void whatIsNoOrdinaryTableIsRefusedByName()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QString, said);
        m_fresh->open()->execute(sql);
        const auto looked = modelOf(m_fresh->spec())->look({ordersTable()});
        QVERIFY(!looked);
        QCOMPARE(looked.error().code, ErrorCode::Refused);
        QVERIFY2(looked.error().message.contains(said) && looked.error().message.contains(u"orders"), qPrintable(looked.error().message));
    }

    void aPartitionedTableIsCountedWhole()
    {
        m_fresh->open()->execute("CREATE TABLE orders (order_id text PRIMARY KEY, customer text, total numeric, events bigint, is_paid boolean) PARTITION BY HASH (order_id);"
                                 "CREATE TABLE p0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE p1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
                                 "INSERT INTO orders SELECT i::text FROM generate_series(1, 1000) i");
        const auto looked = modelOf(m_fresh->spec())->look({ordersTable()});
        VERIFY_DONE(looked);
        QCOMPARE(looked->front().rows, 1000);
        QVERIFY(looked->front().bytes.value_or(0) > 30'000);
        QCOMPARE(looked->front().losses, std::vector<QString>{QStringLiteral("partitioning by HASH (order_id)")});
    }

    void rowsThatAPolicyHidesAreAnErrorAndNoShorterAnswer()
    {
        const auto owner = m_fresh->open();
        owner->execute("CREATE TABLE orders (order_id text PRIMARY KEY); INSERT INTO orders VALUES ('a'), ('b'); ALTER TABLE orders ENABLE ROW LEVEL SECURITY;"
                       "ALTER TABLE orders FORCE ROW LEVEL SECURITY; CREATE POLICY only_a ON orders USING (order_id = 'a')");
        const auto looked = modelOf(m_fresh->spec())->look({ordersTable()});
        QVERIFY(!looked);
        QCOMPARE(looked.error().code, ErrorCode::NotPermitted);
    }

    void freeSpaceIsNotGuessed()
    {
        const auto free = modelOf(m_fresh->spec())->freeBytes();
        VERIFY_DONE(free);
        QVERIFY(!free->has_value()); // the tests' user may not see where the server's data are
    }

    void rowsAreComparedByValueInTheOrderOfTheirKeys()
    {
        const auto database = m_fresh->open();
        database->execute(R"(
            CREATE TABLE orders (order_id varchar(40) COLLATE "und-x-icu" PRIMARY KEY, total numeric(22,4), events integer, is_paid boolean);
            INSERT INTO orders VALUES ('a', 1.5, 1, true), ('B', 9007199254740993.0001, 2, false), ('ä', 3, 3, NULL), ('gone', 1, 1, true), ('z', 0, 7, true))");
        const TableSpec table = ordersTable();
        const auto writer = writerOf(m_fresh->spec(), {table});
        const Rebuild rebuild = rebuildOf({table});
        VERIFY_DONE(writer->begin(rebuild));
        VERIFY_DONE(writer->store({{{0, {"a"}}, Row{{"a", "x", "1.50", "1", "true"}, 1}}, {{0, {"B"}}, Row{{"B", "x", "9007199254740993.0002", "2", "false"}, 2}},
                                   {{0, {"ä"}}, Row{{"ä", "x", "3.0", "3", {}}, 3}}, {{0, {"new"}}, Row{{"new", "x", "1", "1", "true"}, 4}}, {{0, {"z"}}, Row{{"z", "x", "0", "7", "false"}, 5}}},
                                  checkpointAt(5)));
        const auto compared = modelOf(m_fresh->spec())->compare(rebuild, table, 0, 100, {}, {}, {});
        VERIFY_DONE(compared);
        QCOMPARE(compared->oldRows, 5);
        QCOMPARE(compared->newRows, 5);
        QCOMPARE(compared->onlyOld, 1);
        QCOMPARE(compared->onlyNew, 1);
        QCOMPARE(compared->changed, 2);
        QCOMPARE(compared->changedInColumn, (std::vector<qint64>{0, 0, 1, 0, 1}));
        QCOMPARE(compared->notCompared, std::vector<QString>{QStringLiteral("customer")});
        QCOMPARE(compared->hash.size(), 32);
        QCOMPARE(compared->sample.front().after[0].value_or(""), std::string("B"));
        QCOMPARE(compared->sample.front().before[2].value_or(""), std::string("9007199254740993.0001"));
    }

    void keysOfEveryTypeComeInOneOrder_data()
    {
        QTest::addColumn<ColumnType>("type");
        QTest::addColumn<QByteArray>("liveType");
        QTest::addColumn<QStringList>("keys");
        const QStringList numbers{QStringLiteral("-100"), QStringLiteral("-9"), QStringLiteral("0"), QStringLiteral("9"), QStringLiteral("10"), QStringLiteral("9007199254740993")};
        QTest::newRow("bigint") << ColumnType::BigInt << QByteArray("bigint") << numbers;
        QTest::newRow("bigint of numeric") << ColumnType::BigInt << QByteArray("numeric(30,2)") << numbers;
        QTest::newRow("numeric") << ColumnType::Numeric << QByteArray("numeric(30,5)") << (numbers + QStringList{QStringLiteral("0.1"), QStringLiteral("0.09"), QStringLiteral("-0.5")});
        QTest::newRow("numeric of bigint") << ColumnType::Numeric << QByteArray("bigint") << numbers;
        QTest::newRow("boolean") << ColumnType::Boolean << QByteArray("boolean") << QStringList{QStringLiteral("true"), QStringLiteral("false")};
        QTest::newRow("text of uuid") << ColumnType::Text << QByteArray("uuid")
                                      << QStringList{QStringLiteral("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), QStringLiteral("00eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")};
        QTest::newRow("text of char") << ColumnType::Text << QByteArray("char(8)") << QStringList{QStringLiteral("a"), QStringLiteral("ab"), QStringLiteral("B"), QStringLiteral("a c")};
    }

    void keysOfEveryTypeComeInOneOrder()
    {
        QFETCH(ColumnType, type);
        QFETCH(QByteArray, liveType);
        QFETCH(QStringList, keys);
        const TableSpec table{QStringLiteral("things"), {{QStringLiteral("id"), type, {}}}, {0}};
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE things (id " + liveType + " PRIMARY KEY)");
        std::vector<ChangedRow> rows;
        for (const QString &key : keys) {
            database->query("INSERT INTO things VALUES ($1)", postgres::Parameters().add(key));
            rows.push_back({{0, {key.toStdString()}}, Row{{key.toStdString()}, 1}});
        }
        const auto writer = writerOf(m_fresh->spec(), {table});
        const Rebuild rebuild = rebuildOf({table});
        VERIFY_DONE(writer->begin(rebuild));
        VERIFY_DONE(writer->store(rows, checkpointAt(1)));
        const auto compared = modelOf(m_fresh->spec())->compare(rebuild, table, 0, 100, {}, {}, {});
        VERIFY_DONE(compared);
        QCOMPARE(compared->newRows, keys.size());
        QCOMPARE(compared->onlyOld + compared->onlyNew + compared->changed, 0);
    }

    void rowsOfTheLiveTableAreReadAPageAtATime()
    {
        const auto model = modelOf(m_fresh->spec());
        QVERIFY(model->rows(ordersTable(), 0, 10).value().empty());
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE orders (order_id text PRIMARY KEY, total numeric(8,2), is_paid boolean); INSERT INTO orders SELECT 'o' || i, i, true FROM generate_series(1, 9) i");
        const auto page = model->rows(ordersTable(), 3, 2);
        VERIFY_DONE(page);
        QVERIFY(*page == (std::vector<Row>{{{"o4", {}, "4", {}, "true"}, 0}, {{"o5", {}, "5", {}, "true"}, 0}}));
        database->execute("ALTER TABLE orders ADD streamgauge_position bigint; UPDATE orders SET streamgauge_position = 17 WHERE order_id = 'o9'");
        QVERIFY(model->rows(ordersTable(), 8, 100).value() == (std::vector<Row>{{{"o9", {}, "9", {}, "true"}, 17}}));
        QVERIFY(model->rows(ordersTable(), 9, 100).value().empty());
        database->execute("DROP TABLE orders; CREATE TABLE orders (number text)");
        QCOMPARE(model->rows(ordersTable(), 0, 1).error().code, ErrorCode::Unsupported);
    }

    void aComparisonCanBeCancelledAndCutShort()
    {
        const auto database = m_fresh->open();
        database->execute("CREATE TABLE orders (order_id text PRIMARY KEY); INSERT INTO orders SELECT i::text FROM generate_series(1, 30000) i");
        const TableSpec table{QStringLiteral("orders"), {{QStringLiteral("order_id"), ColumnType::Text, {}}}, {0}};
        const Rebuild rebuild = rebuildOf({table});
        VERIFY_DONE(writerOf(m_fresh->spec(), {table})->begin(rebuild));
        const auto model = modelOf(m_fresh->spec());
        std::stop_source stop;
        const auto cancelled = model->compare(rebuild, table, 0, 1, stop.get_token(), [&stop](qint64) { stop.request_stop(); }, {});
        QVERIFY(!cancelled);
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        int taken = 0;
        const auto cut = model->compare(rebuild, table, 0, 1, {}, {}, [&taken](const DifferentRow &) { return ++taken < 10; });
        VERIFY_DONE(cut);
        QCOMPARE(taken, 10);
        QVERIFY(model->rebuilds().has_value());
    }

    void withoutASchemaInTheAddressItIsTheFirstWithTables()
    {
        const auto database = m_fresh->open();
        const auto schema = [this] { return modelOf(m_fresh->spec())->systemId().value_or(QString()).section(u'/', -1); };
        database->execute("CREATE SCHEMA \"streamgauge\"");
        QCOMPARE(schema(), QStringLiteral("streamgauge")); // the user's own: nothing is anywhere
        database->execute("CREATE TABLE public.orders (order_id text PRIMARY KEY)");
        QCOMPARE(schema(), QStringLiteral("public"));
        database->execute("CREATE TABLE streamgauge.mine (a int)");
        QCOMPARE(schema(), QStringLiteral("streamgauge"));
        database->execute("CREATE TABLE streamgauge.store (a int); CREATE TABLE streamgauge.events (a int); CREATE SEQUENCE streamgauge.events_position");
        QCOMPARE(schema(), QStringLiteral("public")); // the other one is an event store
        database->execute("DROP SCHEMA streamgauge CASCADE");
    }

    void aSchemaThatIsNotThereHasNothing()
    {
        const ConnectionSpec spec = m_fresh->spec(false, {{QStringLiteral("schema"), QStringLiteral("nowhere")}});
        QVERIFY(modelOf(spec)->rebuilds().value().empty());
        QVERIFY(!modelOf(spec)->look({ordersTable()}).value().front().exists);
        const auto begun = writerOf(spec, {ordersTable()})->begin(rebuildOf({ordersTable()}));
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ErrorCode::NotFound);
        QVERIFY(begun.error().message.contains(u"nowhere"));
    }

private:
    std::unique_ptr<FreshDatabase> m_fresh;
};

QTEST_GUILESS_MAIN(TestPgReadModel)
#include "tst_pg_read_model.moc"
