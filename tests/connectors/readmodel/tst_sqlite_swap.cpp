// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/readmodel/read_model_fixture.h"

using namespace connectors;
using tests::orderRow;
using tests::ordersTable;
using tests::ReadModelFixture;

namespace {

const QString Job = QStringLiteral("11111111");
const QString OtherJob = QStringLiteral("22222222");
const QByteArray OrdersOfOld = "CREATE TABLE orders(id TEXT NOT NULL PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER, note TEXT);"
                             "INSERT INTO orders VALUES ('o-1', 1, 'placed', 1, 'x'), ('o-2', 2, 'placed', 1, 'y');";
const QByteArray Ids = "SELECT id FROM orders ORDER BY id";
const QString Before = QStringLiteral("o-1|o-2");
const QString After = QStringLiteral("o-1|o-3");

} // namespace

/// What changes hands when a rebuilt table becomes the live one, and back, in an SQLite file.
class TestSqliteSwap final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<ReadModelFixture>();
        m_fixture->execute(OrdersOfOld);
    }

    void tablesAreSwappedBackAndForthAndDropped()
    {
        m_fixture->fill();
        QCOMPARE(m_fixture->query(Ids), Before);
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
        QVERIFY(m_fixture->stored().state == RebuildState::Swapped && m_fixture->stored().swapped.has_value());
        QVERIFY2(isRefused(swap()), "a second time");
        VERIFY_DONE(swapBack());
        QCOMPARE(m_fixture->query(Ids), Before);
        QVERIFY(m_fixture->stored().state == RebuildState::SwappedBack);
        QVERIFY2(isRefused(swapBack()), "a second time");
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
        VERIFY_DONE(m_fixture->writer()->drop(Job));
        QCOMPARE(m_fixture->query(Ids), After);
        QCOMPARE(m_fixture->query("SELECT name FROM sqlite_master WHERE type = 'table'"), QStringLiteral("orders"));
    }

    void whatIsNotFilledIsNotSwapped()
    {
        VERIFY_DONE(m_fixture->writer()->begin(ReadModelFixture::rebuild()));
        const QString before = m_fixture->schema();
        QVERIFY(isRefused(swap()));
        QVERIFY(isRefused(swapBack()));
        QCOMPARE(m_fixture->schema(), before);
        QVERIFY(m_fixture->stored().state == RebuildState::Filling);
    }

    void aNewProjectionBecomesLiveAndGoesAgain()
    {
        m_fixture->execute("DROP TABLE orders");
        m_fixture->fill();
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
        m_fixture->execute("CREATE INDEX by_status ON orders(status)"); // by its application, which has it now
        VERIFY_DONE(swapBack());
        QVERIFY(m_fixture->query(Ids).startsWith(u'!'));
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
        QCOMPARE(m_fixture->query("SELECT tbl_name FROM sqlite_master WHERE name = 'by_status'"), QStringLiteral("orders"));
    }

    void whatHangsOnTheTableIsOnTheNewOneAfterwardsAndBackAgain_data()
    {
        QTest::addColumn<QByteArray>("table");
        QTest::newRow("as it is called") << QByteArray("orders");
        QTest::newRow("in other letters") << QByteArray("ORDERS");
        QTest::newRow("in quotes") << QByteArray("\"Orders\"");
    }
    void whatHangsOnTheTableIsOnTheNewOneAfterwardsAndBackAgain()
    {
        QFETCH(QByteArray, table);
        m_fixture->execute("CREATE INDEX by_status ON " + table + "(status); CREATE UNIQUE INDEX big ON " + table + "(id, total) WHERE total > 0;"
                           "CREATE TABLE log(id); CREATE TRIGGER logged AFTER INSERT ON " + table + " BEGIN INSERT INTO log VALUES (new.id); END;"
                           "CREATE VIEW placed AS SELECT id FROM " + table + " WHERE status = 'placed';"
                           "CREATE VIEW of_placed AS SELECT count(*) AS n FROM placed;"
                           "CREATE TABLE line(order_id TEXT REFERENCES " + table + "(id), n INTEGER); INSERT INTO line VALUES ('o-1', 1);"
                           "CREATE TRIGGER counted AFTER INSERT ON line BEGIN UPDATE " + table + " SET events = events + 1 WHERE id = new.order_id; END;");
        m_fixture->fill();
        const QString before = schemaWithoutQuotes();
        VERIFY_DONE(swap());
        requireAllOnTheLiveTable(After);
        VERIFY_DONE(swapBack());
        requireAllOnTheLiveTable(Before);
        QCOMPARE(m_fixture->query("SELECT note FROM orders WHERE id = 'o-2'"), QStringLiteral("y"));
        QCOMPARE(schemaWithoutQuotes(), before);
    }

    void whatIsRecreatedIsSaid()
    {
        m_fixture->execute("CREATE INDEX by_status ON orders(status); CREATE TRIGGER seen AFTER INSERT ON orders BEGIN SELECT 1; END;");
        m_fixture->fill();
        QCOMPARE(m_fixture->writer()->swap(Job)->recreated, (std::vector<QString>{QStringLiteral("index by_status"), QStringLiteral("trigger seen")}));
        QCOMPARE(m_fixture->writer()->swapBack(Job)->recreated, (std::vector<QString>{QStringLiteral("index by_status"), QStringLiteral("trigger seen")}));
    }

    void whatCannotBeMadeAgainRefusesTheSwapByItsName_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *sql, const char *name) { QTest::newRow(name) << QByteArray(sql) << QString::fromUtf8(name); };
        row("CREATE INDEX by_note ON orders(note)", "index “by_note”");
        row("CREATE INDEX by_quoted_note ON orders(\"note\")", "index “by_quoted_note”");
        row("CREATE UNIQUE INDEX one_of_each ON orders(status) WHERE total > 1", "index “one_of_each”");
        row("CREATE VIEW notes AS SELECT note FROM orders", "view “notes”");
        row("CREATE VIEW quoted_notes AS SELECT \"note\" FROM orders", "view “quoted_notes”");
        row("CREATE TABLE log(x); CREATE TRIGGER noted AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.note); END", "trigger “noted”");
        row("CREATE TABLE log(x); CREATE TRIGGER noted_change AFTER UPDATE OF note ON orders BEGIN INSERT INTO log VALUES (1); END", "trigger “noted_change”");
        row("CREATE TABLE log(x); CREATE TRIGGER noted_end AFTER DELETE ON orders WHEN old.note IS NOT NULL BEGIN INSERT INTO log VALUES (1); END", "trigger “noted_end”");
        row("CREATE TABLE line(x); CREATE TRIGGER other_table AFTER INSERT ON line BEGIN UPDATE orders SET note = new.x; END", "trigger “other_table”");
    }
    void whatCannotBeMadeAgainRefusesTheSwapByItsName()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QString, name);
        m_fixture->execute(sql);
        m_fixture->fill(Job, {orderRow("o-1", "2"), orderRow("o-3", "3")}); // twice “placed”
        const QString before = m_fixture->schema();
        const auto refused = swap();
        QVERIFY2(!refused && refused.error().code == ErrorCode::Refused, refused ? "it was swapped" : qPrintable(describe(refused.error())));
        QVERIFY2(refused.error().message.contains(name), qPrintable(refused.error().message));
        QCOMPARE(m_fixture->schema(), before);
        QCOMPARE(m_fixture->query(Ids), Before);
        QVERIFY(m_fixture->stored().state == RebuildState::Filled);
    }

    void rowsOfOtherTablesAreNotLeftWithoutTheirs()
    {
        m_fixture->execute("CREATE TABLE line(order_id TEXT REFERENCES orders(id)); INSERT INTO line VALUES ('o-2'), ('o-9')"); // the second leads nowhere already
        m_fixture->fill();
        const auto refused = swap();
        QVERIFY(isRefused(refused));
        QVERIFY2(refused.error().message.contains(QStringLiteral("Foreign keys of other tables")), qPrintable(refused.error().message));
        QCOMPARE(m_fixture->query(Ids), Before);
        m_fixture->execute("DELETE FROM line WHERE order_id = 'o-2'");
        VERIFY_DONE(swap());
    }

    void whatWorkedNotBeforeIsNoReasonToRefuse()
    {
        m_fixture->execute("CREATE VIEW broken AS SELECT * FROM nowhere; CREATE TABLE line(x); CREATE TRIGGER broken_too AFTER INSERT ON line BEGIN INSERT INTO nowhere VALUES (1); END");
        m_fixture->fill();
        VERIFY_DONE(swap());
        VERIFY_DONE(swapBack());
    }

    void lossesAreTold()
    {
        m_fixture->execute("DROP TABLE orders; CREATE TABLE customer(id INTEGER PRIMARY KEY);"
                           "CREATE TABLE orders(id TEXT NOT NULL PRIMARY KEY, total NUMERIC NOT NULL CHECK (total > 0), status TEXT DEFAULT 'new' COLLATE NOCASE, events INTEGER, note TEXT,"
                           "customer INTEGER REFERENCES customer(id), twice AS (total * 2), UNIQUE (status, events))");
        const auto live = m_fixture->model()->look({ordersTable()});
        VERIFY_DONE(live);
        const QString losses = QStringList(live->front().losses.begin(), live->front().losses.end()).join(u'\n');
        for (const char *loss : {"column “note”", "column “customer”", "column “twice”", "NOT NULL of column “total”", "default of column “status”", "CHECK constraint", "foreign key to “customer”", "UNIQUE constraint", "collation"})
            QVERIFY2(losses.contains(QString::fromUtf8(loss)), qPrintable(QString(losses + u'\n' + QString::fromUtf8(loss))));
        QVERIFY2(!losses.contains(QStringLiteral("“id”")), qPrintable(losses));
    }

    void aTableThatOnlyHasWhatAFileSaysLosesNothing()
    {
        m_fixture->execute("ALTER TABLE orders DROP COLUMN note");
        QCOMPARE(m_fixture->model()->look({ordersTable()})->front().losses, std::vector<QString>());
        m_fixture->fill();
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->model()->look({ordersTable()})->front().losses, std::vector<QString>()); // nor does one of ours
    }

    void lettersOfNamesAreEqualAsTheyAreInSqlite()
    {
        m_fixture->execute("DROP TABLE orders; CREATE TABLE Orders(ID TEXT PRIMARY KEY, Total NUMERIC, status TEXT, events INTEGER); INSERT INTO orders VALUES ('o-1', 1, 'placed', 1), ('o-2', 2, 'placed', 1)");
        const auto live = m_fixture->model()->look({ordersTable()});
        VERIFY_DONE(live);
        QVERIFY(live->front().exists);
        QCOMPARE(live->front().rows, 2);
        QCOMPARE(live->front().losses, std::vector<QString>());
        m_fixture->fill();
        const auto compared = m_fixture->model()->compare(m_fixture->stored(), ordersTable(), 0, 10, {}, {}, {});
        VERIFY_DONE(compared);
        QCOMPARE(compared->notCompared, std::vector<QString>());
        QCOMPARE(compared->changed, 1);
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
        VERIFY_DONE(swapBack());
        QCOMPARE(m_fixture->query(Ids), Before);
    }

    void aViewIsNotRebuilt()
    {
        m_fixture->execute("ALTER TABLE orders RENAME TO base; CREATE VIEW orders AS SELECT * FROM base");
        const auto looked = m_fixture->model()->look({ordersTable()});
        QVERIFY(!looked && looked.error().code == ErrorCode::Refused);
        QVERIFY2(looked.error().message.contains(QStringLiteral("“orders” is a view")), qPrintable(looked.error().message));
        m_fixture->fill();
        const QString before = m_fixture->schema();
        const auto refused = swap();
        QVERIFY2(isRefused(refused), refused ? "" : qPrintable(describe(refused.error())));
        QVERIFY2(refused.error().message.contains(QStringLiteral("“orders” is a view")), qPrintable(refused.error().message));
        QCOMPARE(m_fixture->schema(), before);
    }

    void aRebuiltTableThatIsGoneIsNotSwapped()
    {
        m_fixture->fill();
        m_fixture->execute("DROP TABLE orders__rb_11111111");
        const auto refused = swap();
        QVERIFY(isRefused(refused));
        QVERIFY2(refused.error().message.contains(QStringLiteral("“orders__rb_11111111” is gone")), qPrintable(refused.error().message));
        QCOMPARE(m_fixture->query(Ids), Before);
        VERIFY_DONE(m_fixture->writer()->drop(Job));
    }

    void whatWasSwappedOverIsLiveAgainWhenTheLaterOneIsSwappedBack()
    {
        m_fixture->fill();
        VERIFY_DONE(swap());
        m_fixture->fill(OtherJob, {orderRow("o-7", "7")});
        VERIFY_DONE(m_fixture->writer()->swap(OtherJob));
        QCOMPARE(m_fixture->query(Ids), QStringLiteral("o-7"));
        QVERIFY(m_fixture->stored().state == RebuildState::Replaced);
        QVERIFY(isRefused(swapBack())); // what is live is the other's
        QVERIFY(isRefused(swap()));
        VERIFY_DONE(m_fixture->writer()->swapBack(OtherJob));
        QCOMPARE(m_fixture->query(Ids), After);
        QVERIFY(m_fixture->stored().state == RebuildState::Swapped);
        VERIFY_DONE(swapBack());
        QCOMPARE(m_fixture->query(Ids), Before);
    }

    void whatIsGoneWithTheOldTableOfALaterOneNeverCountsAsLive()
    {
        m_fixture->fill();
        VERIFY_DONE(swap());
        m_fixture->fill(OtherJob, {orderRow("o-7", "7")});
        VERIFY_DONE(m_fixture->writer()->swap(OtherJob));
        VERIFY_DONE(m_fixture->writer()->drop(OtherJob)); // and with it the first one's table
        const QString third = QStringLiteral("33333333");
        m_fixture->fill(third, {orderRow("o-8", "8")});
        VERIFY_DONE(m_fixture->writer()->swap(third));
        VERIFY_DONE(m_fixture->writer()->swapBack(third));
        QCOMPARE(m_fixture->query(Ids), QStringLiteral("o-7"));
        QVERIFY(m_fixture->stored().state == RebuildState::Replaced);
        QVERIFY(isRefused(swapBack()));
        VERIFY_DONE(m_fixture->writer()->drop(Job));
        VERIFY_DONE(m_fixture->writer()->drop(third));
        QCOMPARE(m_fixture->query("SELECT name FROM sqlite_master WHERE type = 'table'"), QStringLiteral("orders"));
    }

    void aLockedDatabaseIsSaidAndNothingIsChanged_data()
    {
        QTest::addColumn<QByteArray>("lock");
        QTest::newRow("somebody writes") << QByteArray("BEGIN IMMEDIATE");
        QTest::newRow("somebody reads") << QByteArray("BEGIN; SELECT * FROM orders");
    }
    void aLockedDatabaseIsSaidAndNothingIsChanged()
    {
        QFETCH(QByteArray, lock);
        m_fixture->fill();
        sqlite3 *other = nullptr;
        QCOMPARE(sqlite3_open(m_fixture->path().toUtf8().constData(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, lock.constData(), nullptr, nullptr, nullptr), SQLITE_OK);
        const auto refused = swap();
        QVERIFY2(!refused && refused.error().message.contains(QStringLiteral("is locked by another program")), refused ? "it was swapped" : qPrintable(describe(refused.error())));
        QVERIFY(refused.error().isRetryable);
        QCOMPARE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(other);
        QCOMPARE(m_fixture->query(Ids), Before);
        QVERIFY(m_fixture->stored().state == RebuildState::Filled);
        VERIFY_DONE(swap());
        QCOMPARE(m_fixture->query(Ids), After);
    }

private:
    [[nodiscard]] Result<void> swap() { return m_fixture->writer()->swap(Job).map([](const SwapReport &) {}); }
    [[nodiscard]] Result<void> swapBack() { return m_fixture->writer()->swapBack(Job).map([](const SwapReport &) {}); }
    /// Renaming puts a table's name into quotes.
    [[nodiscard]] QString schemaWithoutQuotes() const { return m_fixture->query("SELECT type, name, lower(tbl_name), replace(lower(sql), '\"', '') FROM sqlite_master ORDER BY type, name"); }
    static bool isRefused(const Result<void> &result) { return !result && result.error().code == ErrorCode::Refused; }

    void requireAllOnTheLiveTable(const QString &ids)
    {
        QCOMPARE(m_fixture->query(Ids), ids);
        QCOMPARE(m_fixture->query("SELECT id FROM placed ORDER BY id"), ids);
        QCOMPARE(m_fixture->query("SELECT n FROM of_placed"), QStringLiteral("2"));
        QCOMPARE(m_fixture->query("SELECT DISTINCT lower(tbl_name) FROM sqlite_master WHERE name IN ('by_status', 'big', 'logged')"), QStringLiteral("orders"));
        const QString plan = m_fixture->query("EXPLAIN QUERY PLAN SELECT * FROM orders WHERE status = 'placed'");
        QVERIFY2(plan.contains(QStringLiteral("by_status")), qPrintable(plan));
        m_fixture->execute("DELETE FROM log; INSERT INTO orders(id, total, status, events" + QByteArray(ids == After ? ", streamgauge_position" : "") + ") VALUES ('o-4', 4, 'new', 1" + (ids == After ? ", 0" : "") + ')');
        QCOMPARE(m_fixture->query("SELECT id FROM log"), QStringLiteral("o-4"));
        m_fixture->execute("PRAGMA foreign_keys = ON; INSERT INTO line VALUES ('o-4', 1)");
        QCOMPARE(m_fixture->query("SELECT events FROM orders WHERE id = 'o-4'"), QStringLiteral("2"));
        QVERIFY(m_fixture->query("PRAGMA foreign_key_check").isEmpty());
        m_fixture->execute("DELETE FROM line WHERE order_id = 'o-4'; DELETE FROM orders WHERE id = 'o-4'");
    }

    std::unique_ptr<ReadModelFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestSqliteSwap)
#include "tst_sqlite_swap.moc"
