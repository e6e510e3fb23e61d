// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/pgreadmodel/pg_tables.h"

#include <QTest>

using namespace connectors;
using namespace tests;

namespace {

/// A role of its own, that goes with the object.
class FreshRole final
{
public:
    explicit FreshRole(const FreshDatabase &database)
        : m_database(database.open())
        , m_name("role_" + database.name().toUtf8() + '_' + QByteArray::number(++s_count))
    {
        m_database->execute("CREATE ROLE " + m_name + " LOGIN");
        m_database->execute("GRANT " + m_name + " TO CURRENT_USER");
    }
    ~FreshRole()
    {
        m_database->execute("DROP OWNED BY " + m_name);
        m_database->execute("DROP ROLE " + m_name);
    }
    Q_DISABLE_COPY_MOVE(FreshRole)
    [[nodiscard]] const QByteArray &name() const { return m_name; }

private:
    static inline int s_count = 0;
    std::unique_ptr<postgres::Database> m_database;
    QByteArray m_name;
};

/// What the catalog says of the table that is called `orders`, and of what hangs on it; without numbers that a swap changes.
QString factsOf(postgres::Database &database)
{
    static constexpr const char *Sql = R"(
        SELECT 'owner ' || tableowner FROM pg_tables WHERE tablename = 'orders'
        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE tablename = 'orders'
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE tgrelid = 'orders'::regclass AND NOT tgisinternal
        UNION ALL SELECT 'referred to by ' || conrelid::regclass || ': ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE confrelid = 'orders'::regclass
        UNION ALL SELECT 'grant ' || privilege_type || is_grantable || grantee::regrole FROM pg_class, aclexplode(relacl) WHERE oid = 'orders'::regclass
        UNION ALL SELECT 'column grant ' || attname || attacl::text FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attacl IS NOT NULL
        UNION ALL SELECT 'policy ' || policyname || permissive || roles::text || cmd || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies WHERE tablename = 'orders'
        UNION ALL SELECT 'row security ' || relrowsecurity || relforcerowsecurity || relreplident::text FROM pg_class WHERE oid = 'orders'::regclass
        UNION ALL SELECT 'publication ' || pubname || coalesce(rowfilter, '') || attnames::text FROM pg_publication_tables WHERE tablename = 'orders'
        UNION ALL SELECT 'view ' || v.oid::regclass || v.relowner::regrole || coalesce(v.reloptions::text, '') || coalesce(v.relacl::text, '') || pg_get_viewdef(v.oid) FROM pg_class v WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'sequence ' || s.relname || ' of ' || d.refobjid::regclass || d.refobjsubid FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a' AND d.refclassid = 'pg_class'::regclass WHERE s.relkind = 'S'
        UNION ALL SELECT 'comment ' || coalesce(obj_description('orders'::regclass, 'pg_class'), '') || coalesce(col_description('orders'::regclass, 1), '') || coalesce(obj_description('by_customer'::regclass, 'pg_class'), '')
        ORDER BY 1)";
    return answerOf(database, Sql);
}

constexpr const char *LiveTables = R"(
    CREATE TABLE customers (id text PRIMARY KEY);
    CREATE TABLE orders (order_id text PRIMARY KEY, customer text, total numeric, events bigint, is_paid boolean);
    INSERT INTO orders VALUES ('a', 'c1', 1, 1, true), ('gone', 'c2', 2, 1, false))";

constexpr const char *Dependants = R"(
    CREATE INDEX by_customer ON orders (customer, total DESC) WHERE is_paid;
    CREATE UNIQUE INDEX once ON orders (lower(order_id)) INCLUDE (events);
    COMMENT ON INDEX by_customer IS 'it''s $text$ "for" \the\ shop';
    COMMENT ON TABLE orders IS 'all orders'; COMMENT ON COLUMN orders.order_id IS 'a number';
    CREATE TABLE notes (order_id text REFERENCES orders ON DELETE CASCADE DEFERRABLE, n int);
    ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers NOT VALID; ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
    CREATE VIEW paid WITH (security_barrier = true) AS SELECT * FROM orders WHERE is_paid;
    CREATE VIEW paid_totals AS SELECT customer, sum(total) FROM paid GROUP BY customer;
    CREATE VIEW noted AS SELECT o.order_id, o.total, count(n.n) FROM orders o LEFT JOIN notes n USING (order_id) GROUP BY o.order_id;
    CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER told AFTER INSERT OR UPDATE OF total ON orders FOR EACH ROW WHEN (NEW.is_paid) EXECUTE FUNCTION say('x');
    CREATE TRIGGER silent BEFORE DELETE ON orders FOR EACH STATEMENT EXECUTE FUNCTION say(); ALTER TABLE orders DISABLE TRIGGER silent;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION say();
    CREATE SEQUENCE order_numbers OWNED BY orders.events;
    ALTER TABLE orders REPLICA IDENTITY FULL;
    CREATE PUBLICATION changes FOR TABLE orders (order_id, total) WHERE (is_paid);
    CREATE POLICY paid_only ON orders AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (is_paid) WITH CHECK (total > 0); CREATE POLICY everybody ON orders USING (true);
    ALTER TABLE orders ENABLE ROW LEVEL SECURITY)";

} // namespace

class TestPgSwap final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<FreshDatabase>();
        m_reader = std::make_unique<FreshRole>(*m_fresh);
    }

    void cleanupTestCase() { m_reader.reset(); }

    void init()
    {
        m_database = m_fresh->open();
        m_database->execute("DROP PUBLICATION IF EXISTS changes");
        empty(*m_database);
        m_database->execute(LiveTables);
    }

    void whatHangsOnTheTableGoesWithItsNameThereAndBack()
    {
        m_database->execute(Dependants);
        m_database->execute("GRANT USAGE ON SCHEMA public TO " + m_reader->name());
        m_database->execute("GRANT SELECT, INSERT ON orders TO " + m_reader->name() + " WITH GRANT OPTION; GRANT UPDATE (total) ON orders TO " + m_reader->name() + "; GRANT SELECT ON paid TO " + m_reader->name()
                            + "; REVOKE TRUNCATE ON orders FROM CURRENT_USER");
        const QString before = factsOf(*m_database);
        fill({orderRow("a", "c1", 1, "10"), orderRow("b", "c3", 2, "5")});
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        const auto swapped = writer->swap(m_job);
        VERIFY_DONE(swapped);
        QCOMPARE(factsOf(*m_database), before);
        QCOMPARE(answerOf(*m_database, "SELECT order_id, total FROM orders ORDER BY 1"), QStringLiteral("a|10\nb|5"));
        QCOMPARE(answerOf(*m_database, "SELECT * FROM paid_totals ORDER BY 1"), QStringLiteral("c1|10\nc3|5"));
        QCOMPARE(answerOf(*m_database, "SELECT order_id FROM orders__old_ab12cd34 ORDER BY 1"), QStringLiteral("a\ngone"));
        QStringList told(swapped->recreated.begin(), swapped->recreated.end());
        for (const QString &each : {QStringLiteral("index by_customer"), QStringLiteral("view paid"), QStringLiteral("foreign key notes_order_id_fkey of notes"), QStringLiteral("publication changes"), QStringLiteral("trigger told"),
                                    QStringLiteral("policy paid_only"), QStringLiteral("sequence order_numbers"), QStringLiteral("comment of the table"), QStringLiteral("row security on"),
                                    QString(QStringLiteral("grant INSERT, SELECT to ") + QString::fromUtf8(m_reader->name()))})
            QVERIFY2(told.contains(each), qPrintable(each + QStringLiteral(" is missing of: ") + told.join(u'\n')));
        m_database->execute("DROP TRIGGER silent ON orders; COMMENT ON TABLE orders IS NULL"); // while the old table stands aside
        const QString after = factsOf(*m_database);
        VERIFY_DONE(writer->swapBack(m_job));
        QCOMPARE(factsOf(*m_database), after);
        QCOMPARE(answerOf(*m_database, "SELECT order_id FROM orders ORDER BY 1"), QStringLiteral("a\ngone"));
        VERIFY_DONE(writer->swap(m_job));
        QCOMPARE(factsOf(*m_database), after);
        VERIFY_DONE(writer->drop(m_job));
        QCOMPARE(factsOf(*m_database), after);
        QCOMPARE(answerOf(*m_database, "SELECT relname FROM pg_class WHERE relname LIKE '%ab12cd34%' OR relname LIKE 'streamgauge%'"), QString());
    }

    void theOwnerStaysTheOwner()
    {
        m_database->execute("GRANT ALL ON SCHEMA public TO " + m_reader->name() + "; ALTER TABLE orders OWNER TO " + m_reader->name());
        m_database->execute("SET ROLE " + m_reader->name() + "; GRANT SELECT ON orders TO PUBLIC; RESET ROLE");
        fill({orderRow("a", "c1", 1)});
        const QByteArray facts = "SELECT tableowner, acl FROM pg_tables JOIN pg_class ON relname = tablename, unnest(relacl) acl WHERE tablename = 'orders' ORDER BY acl::text";
        const QString before = answerOf(*m_database, facts);
        VERIFY_DONE(writerOf(m_fresh->spec(), {ordersTable()})->swap(m_job));
        QCOMPARE(answerOf(*m_database, facts), before);
        m_database->execute("DROP TABLE orders, orders__old_ab12cd34, streamgauge_rebuilds; REVOKE ALL ON SCHEMA public FROM " + m_reader->name());
    }

    void whoDoesNotOwnTheTableSwapsNothing()
    {
        m_database->execute("GRANT ALL ON SCHEMA public TO " + m_reader->name() + "; ALTER TABLE orders OWNER TO " + m_reader->name());
        m_database->execute("SET ROLE " + m_reader->name() + "; GRANT SELECT ON orders TO PUBLIC; RESET ROLE; REVOKE " + m_reader->name() + " FROM CURRENT_USER");
        fill({orderRow("a", "c1", 1)});
        const auto swapped = writerOf(m_fresh->spec(), {ordersTable()})->swap(m_job);
        m_database->execute("GRANT " + m_reader->name() + " TO CURRENT_USER");
        QVERIFY(!swapped);
        QCOMPARE(swapped.error().code, ErrorCode::NotPermitted);
        QVERIFY2(swapped.error().message.contains(u"orders"), qPrintable(swapped.error().message));
        QCOMPARE(answerOf(*m_database, "SELECT state, (SELECT count(*) FROM orders) FROM streamgauge_rebuilds"), QStringLiteral("filled|2"));
        m_database->execute("DROP TABLE orders; REVOKE ALL ON SCHEMA public FROM " + m_reader->name());
    }

    void whatCannotBePutInPlaceIsNamedAndNothingChanges_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QString>("said");
        const auto add = [](const char *name, const char *sql, const char *said) { QTest::newRow(name) << QByteArray(sql) << QString::fromUtf8(said); };
        add("materialised view", "CREATE MATERIALIZED VIEW m AS SELECT * FROM orders", "materialized view public.m");
        add("view of a lost column", "ALTER TABLE orders ADD note text; CREATE VIEW v AS SELECT note FROM orders", "view “v”");
        add("view of another type", "ALTER TABLE orders ALTER total TYPE numeric(10,2); CREATE VIEW v AS SELECT total FROM orders", "view “v”");
        add("view of whole rows", "CREATE VIEW v AS SELECT orders FROM orders", "view public.v");
        add("index of a lost column", "ALTER TABLE orders ADD note text; CREATE INDEX noted ON orders (note)", "index “noted”");
        add("unique index that does not hold", "CREATE UNIQUE INDEX only_one ON orders (events, is_paid)", "index “only_one”");
        add("trigger of a lost column", "ALTER TABLE orders ADD note text; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
                                        "CREATE TRIGGER tr BEFORE UPDATE OF note ON orders FOR EACH ROW EXECUTE FUNCTION f()", "trigger “tr”");
        add("rows that are referred to", "CREATE TABLE notes (o text CONSTRAINT of_order REFERENCES orders); INSERT INTO notes VALUES ('gone')", "foreign key “of_order of notes”");
        add("a key that is lost", "ALTER TABLE orders ADD UNIQUE (events, customer); CREATE TABLE notes (e bigint, c text, CONSTRAINT twice FOREIGN KEY (e, c) REFERENCES orders (events, customer))", "foreign key “twice of notes”");
        add("rule", "CREATE RULE r AS ON DELETE TO orders DO INSTEAD NOTHING", "rule r on table public.orders");
        add("rule of another table", "CREATE TABLE log (o text); CREATE RULE r AS ON INSERT TO log DO INSTEAD DELETE FROM orders", "rule r on table public.log");
        add("function", "CREATE FUNCTION latest() RETURNS SETOF orders LANGUAGE sql AS 'SELECT * FROM public.orders'", "function public.latest()");
        add("function with a body", "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM orders; END", "function public.n()");
        add("column of its rows", "CREATE TABLE log (o orders)", "table public.log");
        add("policy of another table", "CREATE TABLE log (o text); CREATE POLICY p ON log USING (EXISTS (SELECT FROM orders WHERE order_id = o))", "policy p on table public.log");
    }

    void whatCannotBePutInPlaceIsNamedAndNothingChanges()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QString, said);
        m_database->execute(sql);
        fill({orderRow("a", "c1", 1), orderRow("b", "c3", 2)});
        const QByteArray all = "SELECT oid, relname, relkind, relacl, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
        const QString before = answerOf(*m_database, all);
        const auto swapped = writerOf(m_fresh->spec(), {ordersTable()})->swap(m_job);
        QVERIFY(!swapped);
        QCOMPARE(swapped.error().code, ErrorCode::Refused);
        QVERIFY2(swapped.error().message.contains(said), qPrintable(swapped.error().message));
        QCOMPARE(answerOf(*m_database, all), before);
        QCOMPARE(answerOf(*m_database, "SELECT state, epoch FROM streamgauge_rebuilds"), QStringLiteral("filled|1"));
        QCOMPARE(answerOf(*m_database, "SELECT order_id FROM orders ORDER BY 1"), QStringLiteral("a\ngone"));
    }

    void anotherWhoHoldsTheTableIsNamedAndNothingChanges()
    {
        fill({orderRow("a", "c1", 1)});
        const auto holder = m_fresh->open();
        holder->execute("SET application_name = 'long report'; BEGIN; SELECT * FROM orders");
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        const auto swapped = writer->swap(m_job);
        QVERIFY(!swapped);
        QCOMPARE(swapped.error().code, ErrorCode::Conflict);
        QVERIFY(swapped.error().isRetryable);
        QVERIFY2(swapped.error().message.contains(u"long report"), qPrintable(swapped.error().message));
        QCOMPARE(answerOf(*m_database, "SELECT count(*) FROM orders"), QStringLiteral("2"));
        QCOMPARE(answerOf(*m_database, "SELECT state, epoch FROM streamgauge_rebuilds"), QStringLiteral("filled|1"));
        holder->execute("COMMIT");
        VERIFY_DONE(writer->swap(m_job));
    }

    void aCommitWhoseAnswerIsLostIsUnknown()
    {
        fill({orderRow("a", "c1", 1)});
        m_database->execute("CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END';"
                            "CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON streamgauge_rebuilds DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()");
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        const auto swapped = writer->swap(m_job);
        QVERIFY(!swapped);
        QCOMPARE(swapped.error().code, ErrorCode::OutcomeUnknown);
        m_database->execute("DROP TRIGGER at_commit ON streamgauge_rebuilds");
        QCOMPARE(answerOf(*m_database, "SELECT count(*) FROM orders"), QStringLiteral("2"));
        VERIFY_DONE(writer->swap(m_job));
    }

    void tablesOfOneProjectionChangePlacesTogether()
    {
        m_database->execute("CREATE TABLE lines (order_id text REFERENCES orders, line bigint, PRIMARY KEY (order_id, line)); CREATE VIEW v AS SELECT o.customer, l.line FROM orders o JOIN lines l USING (order_id);"
                            "INSERT INTO lines VALUES ('gone', 1)");
        const TableSpec lines{QStringLiteral("lines"), {{QStringLiteral("order_id"), ColumnType::Text, {}}, {QStringLiteral("line"), ColumnType::BigInt, {}}}, {0, 1}};
        const std::vector<TableSpec> both{ordersTable(), lines};
        const auto writer = writerOf(m_fresh->spec(), both);
        VERIFY_DONE(writer->begin(rebuildOf(both)));
        VERIFY_DONE(writer->store({orderRow("a", "c9", 1), {{1, {"a", "7"}}, Row{{"a", "7"}, 1}}}, checkpointAt(1)));
        VERIFY_DONE(writer->finishFilling());
        const auto swapped = writer->swap(m_job);
        VERIFY_DONE(swapped);
        QCOMPARE(std::count(swapped->recreated.begin(), swapped->recreated.end(), QStringLiteral("view v")), 1);
        QCOMPARE(answerOf(*m_database, "SELECT * FROM v"), QStringLiteral("c9|7"));
        VERIFY_DONE(writer->swapBack(m_job));
        QCOMPARE(answerOf(*m_database, "SELECT * FROM v"), QStringLiteral("c2|1"));
        VERIFY_DONE(writer->swap(m_job));
        VERIFY_DONE(writer->drop(m_job));
        QCOMPARE(answerOf(*m_database, "SELECT * FROM v"), QStringLiteral("c9|7"));
    }

    void aTableThatIsNewComesAndGoes()
    {
        const TableSpec table = ordersTable(QStringLiteral("fresh"));
        const auto writer = writerOf(m_fresh->spec(), {table});
        VERIFY_DONE(writer->begin(rebuildOf({table})));
        VERIFY_DONE(writer->store({orderRow("a", "c1", 1)}, checkpointAt(1)));
        VERIFY_DONE(writer->finishFilling());
        VERIFY_DONE(writer->swap(m_job));
        m_database->execute("CREATE VIEW v AS SELECT * FROM fresh");
        const auto refused = writer->swapBack(m_job);
        QVERIFY(!refused && refused.error().code == ErrorCode::Refused && refused.error().message.contains(u"view public.v"));
        m_database->execute("DROP VIEW v");
        VERIFY_DONE(writer->swapBack(m_job));
        QCOMPARE(answerOf(*m_database, "SELECT to_regclass('fresh'), count(*) FROM fresh__rb_ab12cd34"), QStringLiteral("∅|1"));
        VERIFY_DONE(writer->swap(m_job));
        QCOMPARE(answerOf(*m_database, "SELECT customer FROM fresh"), QStringLiteral("c1"));
    }

    void oneRebuildAfterAnotherReplacesIt()
    {
        fill({orderRow("a", "first", 1)});
        const auto first = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(first->swap(m_job));
        VERIFY_DONE(first->takeOver(m_job)); // keeps the live table up to date
        VERIFY_DONE(first->store({orderRow("b", "first", 2)}, checkpointAt(2)));
        QCOMPARE(answerOf(*m_database, "SELECT order_id FROM orders ORDER BY 1"), QStringLiteral("a\nb"));
        const QString next = QStringLiteral("zz99zz99");
        const auto second = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(second->begin(rebuildOf({ordersTable()}, next)));
        VERIFY_DONE(second->store({orderRow("a", "second", 1)}, checkpointAt(1)));
        VERIFY_DONE(second->finishFilling());
        VERIFY_DONE(second->swap(next));
        const auto late = first->store({orderRow("c", "first", 3)}, checkpointAt(3));
        QVERIFY(!late && late.error().code == ErrorCode::Conflict);
        QCOMPARE(answerOf(*m_database, "SELECT job, state FROM streamgauge_rebuilds ORDER BY 1"), QStringLiteral("ab12cd34|replaced\nzz99zz99|swapped"));
        QCOMPARE(answerOf(*m_database, "SELECT customer FROM orders"), QStringLiteral("second"));
        VERIFY_DONE(second->swapBack(next));
        QCOMPARE(answerOf(*m_database, "SELECT job, state FROM streamgauge_rebuilds ORDER BY 1"), QStringLiteral("ab12cd34|swapped\nzz99zz99|swappedBack"));
        QCOMPARE(answerOf(*m_database, "SELECT order_id FROM orders ORDER BY 1"), QStringLiteral("a\nb"));
    }

    void whatIsNotFilledIsNotSwapped()
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        for (const Result<SwapReport> &refused : {writer->swap(m_job), writer->swapBack(m_job)})
            QVERIFY(!refused && refused.error().code == ErrorCode::Refused);
        QCOMPARE(writer->swap(QStringLiteral("nothing1")).error().code, ErrorCode::NotFound);
    }

    void theTeamsOwnProgramGoesOnInsertingRows()
    {
        fill({orderRow("a", "c1", 1)});
        VERIFY_DONE(writerOf(m_fresh->spec(), {ordersTable()})->swap(m_job));
        m_database->execute("INSERT INTO orders VALUES ('b', 'c2', 2, 1, true); INSERT INTO orders (order_id, total) VALUES ('a', 7) ON CONFLICT ON CONSTRAINT orders_pkey DO UPDATE SET total = EXCLUDED.total");
        QCOMPARE(answerOf(*m_database, "SELECT * FROM orders ORDER BY 1"), QStringLiteral("a|c1|7|1|t|1\nb|c2|2|1|t|-1"));
    }

private:
    void fill(const std::vector<ChangedRow> &rows)
    {
        const auto writer = writerOf(m_fresh->spec(), {ordersTable()});
        VERIFY_DONE(writer->begin(rebuildOf({ordersTable()})));
        VERIFY_DONE(writer->store(rows, checkpointAt(std::ssize(rows))));
        VERIFY_DONE(writer->finishFilling());
    }

    const QString m_job = QStringLiteral("ab12cd34");
    std::unique_ptr<FreshDatabase> m_fresh;
    std::unique_ptr<FreshRole> m_reader;
    std::unique_ptr<postgres::Database> m_database;
};

QTEST_GUILESS_MAIN(TestPgSwap)
#include "tst_pg_swap.moc"
