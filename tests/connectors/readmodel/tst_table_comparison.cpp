// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/readmodel/read_model_fixture.h"

#include <QRandomGenerator>

using namespace connectors;
using tests::changedRow;
using tests::orderRow;
using tests::ordersTable;
using tests::ReadModelFixture;

namespace {

const QString Job = QStringLiteral("11111111");

/// "changed o-1 1 placed 1 > o-1 2 placed 1", a line a row.
QString textOf(const std::vector<DifferentRow> &rows)
{
    const auto cells = [](const std::vector<Cell> &row) {
        QStringList words;
        for (const Cell &cell : row)
            words += cell ? QString::fromStdString(*cell) : QStringLiteral("null");
        return words.isEmpty() ? QStringLiteral("-") : words.join(u' ');
    };
    QStringList lines;
    for (const DifferentRow &row : rows) {
        const char *kind = row.difference == RowDifference::OnlyOld ? "onlyOld " : row.difference == RowDifference::OnlyNew ? "onlyNew " : "changed ";
        lines += QString(QString::fromLatin1(kind) + cells(row.before) + QStringLiteral(" > ") + cells(row.after));
    }
    return lines.join(u'\n');
}

TableSpec keyedBy(ColumnType type)
{
    return {QStringLiteral("orders"), {{QStringLiteral("k"), type, {}}, {QStringLiteral("v"), ColumnType::Text, {}}}, {0}};
}

} // namespace

/// Old against new, as an SQLite file has them.
class TestTableComparison final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<ReadModelFixture>(); }

    void rowsThatAreOnlyInOneAndThatChangedAreCountedAndShown()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER", "('o-1', 1, 'placed', 1), ('o-2', 2, 'placed', 1), ('o-3', 3, 'placed', 1)");
        m_fixture->fill(Job, {orderRow("o-2", "2"), orderRow("o-3", "4", "shipped"), orderRow("o-4", "4")});
        std::vector<DifferentRow> all;
        const auto compared = compare(ordersTable(), 10, [&all](const DifferentRow &row) {
            all.push_back(row);
            return true;
        });
        VERIFY_DONE(compared);
        QCOMPARE(textOf(all), QStringLiteral("onlyOld o-1 1 placed 1 > -\nchanged o-3 3 placed 1 > o-3 4 shipped 1\nonlyNew - > o-4 4 placed 1"));
        QCOMPARE(textOf(compared->sample), textOf(all));
        QCOMPARE(compared->oldRows, 3);
        QCOMPARE(compared->newRows, 3);
        QCOMPARE(std::tuple(compared->onlyOld, compared->onlyNew, compared->changed), (std::tuple<qint64, qint64, qint64>(1, 1, 1)));
        QCOMPARE(compared->changedInColumn, (std::vector<qint64>{0, 1, 1, 0}));
    }

    void theSampleIsBoundedForEachKind()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER", {});
        m_fixture->execute("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 299) INSERT INTO orders SELECT 'o-' || (1000 + i), 1, 'placed', 1 FROM n WHERE i % 3 <> 0");
        std::vector<ChangedRow> rows;
        for (int i = 0; i < 300; ++i) {
            const QByteArray id = "o-" + QByteArray::number(1000 + i);
            if (i % 3 != 1)
                rows.push_back(orderRow(id.constData(), "2"));
        }
        m_fixture->fill(Job, rows);
        const auto compared = compare(ordersTable(), 7);
        VERIFY_DONE(compared);
        QCOMPARE(std::tuple(compared->onlyOld, compared->onlyNew, compared->changed), (std::tuple<qint64, qint64, qint64>(100, 100, 100)));
        QCOMPARE(compared->sample.size(), size_t{21});
        QCOMPARE(compare(ordersTable(), 0)->sample.size(), size_t{0});
        int seen = 0;
        VERIFY_DONE(compare(ordersTable(), 0, [&seen](const DifferentRow &) { return ++seen < 5; }));
        QCOMPARE(seen, 5); // who has enough gets no more
    }

    void emptyTablesAreTables()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER", {});
        m_fixture->fill(Job, {});
        const auto neither = compare(ordersTable());
        VERIFY_DONE(neither);
        QCOMPARE(neither->oldRows + neither->newRows + neither->onlyOld + neither->onlyNew + neither->changed, 0);
        m_fixture->execute("INSERT INTO orders VALUES ('o-1', 1, 'placed', 1)");
        QCOMPARE(compare(ordersTable())->onlyOld, 1);
        m_fixture->execute("INSERT INTO orders__rb_11111111 SELECT *, 0 FROM orders; DELETE FROM orders");
        QCOMPARE(compare(ordersTable())->onlyNew, 1);
        m_fixture->execute("DROP TABLE orders");
        QCOMPARE(compare(ordersTable())->onlyNew, 1); // a new projection has none
    }

    void theFormOfAValueIsNoDifference_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("old");
        QTest::addColumn<ColumnType>("column");
        QTest::addColumn<QString>("cell");
        QTest::newRow("zeros at the end") << QByteArray("TEXT") << QByteArray("'1.50'") << ColumnType::Numeric << QStringLiteral("1.5");
        QTest::newRow("a real number") << QByteArray("REAL") << QByteArray("30") << ColumnType::Numeric << QStringLiteral("30");
        QTest::newRow("a real number with a fraction") << QByteArray("REAL") << QByteArray("0.1") << ColumnType::Numeric << QStringLiteral("0.1");
        QTest::newRow("a large real number") << QByteArray("REAL") << QByteArray("1e20") << ColumnType::Numeric << QStringLiteral("100000000000000000000");
        QTest::newRow("a whole number") << QByteArray("INTEGER") << QByteArray("9007199254740993") << ColumnType::Numeric << QStringLiteral("9007199254740993");
        QTest::newRow("an exponent") << QByteArray("TEXT") << QByteArray("'1e3'") << ColumnType::Numeric << QStringLiteral("1000");
        QTest::newRow("minus nothing") << QByteArray("TEXT") << QByteArray("'-0.0'") << ColumnType::Numeric << QStringLiteral("0");
        QTest::newRow("no type") << QByteArray() << QByteArray("2.50") << ColumnType::Numeric << QStringLiteral("2.5");
        QTest::newRow("a whole number as text") << QByteArray("TEXT") << QByteArray("'7'") << ColumnType::BigInt << QStringLiteral("7");
        QTest::newRow("a whole number as a real one") << QByteArray("REAL") << QByteArray("7") << ColumnType::BigInt << QStringLiteral("7");
        QTest::newRow("one for true") << QByteArray("INTEGER") << QByteArray("1") << ColumnType::Boolean << QStringLiteral("true");
        QTest::newRow("t for true") << QByteArray("TEXT") << QByteArray("'t'") << ColumnType::Boolean << QStringLiteral("true");
        QTest::newRow("the word for it") << QByteArray("TEXT") << QByteArray("'false'") << ColumnType::Boolean << QStringLiteral("false");
        QTest::newRow("a declared truth") << QByteArray("BOOLEAN") << QByteArray("FALSE") << ColumnType::Boolean << QStringLiteral("false");
    }
    void theFormOfAValueIsNoDifference()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, old);
        QFETCH(ColumnType, column);
        QFETCH(QString, cell);
        TableSpec table = keyedBy(ColumnType::Text);
        table.columns[1].type = column;
        live("k TEXT PRIMARY KEY, v " + type, "('a', " + old + ')');
        fill(table, {changedRow({"a"}, {Cell("a"), Cell(cell.toStdString())})});
        const auto compared = compare(table);
        VERIFY_DONE(compared);
        QCOMPARE(textOf(compared->sample), QString());
    }

    void whatIsDifferentIsADifference_data()
    {
        QTest::addColumn<QByteArray>("old");
        QTest::addColumn<ColumnType>("column");
        QTest::addColumn<QString>("cell");
        QTest::newRow("nothing and an empty text") << QByteArray("NULL") << ColumnType::Text << QString();
        QTest::newRow("letters") << QByteArray("'A'") << ColumnType::Text << QStringLiteral("a");
        QTest::newRow("a space at the end") << QByteArray("'a '") << ColumnType::Text << QStringLiteral("a");
        QTest::newRow("the form of a text") << QByteArray("'1.50'") << ColumnType::Text << QStringLiteral("1.5");
        QTest::newRow("beyond 2^53") << QByteArray("9007199254740992") << ColumnType::BigInt << QStringLiteral("9007199254740993");
        QTest::newRow("what is no number") << QByteArray("'x'") << ColumnType::BigInt << QStringLiteral("0");
        QTest::newRow("what is no truth") << QByteArray("2") << ColumnType::Boolean << QStringLiteral("true");
    }
    void whatIsDifferentIsADifference()
    {
        QFETCH(QByteArray, old);
        QFETCH(ColumnType, column);
        QFETCH(QString, cell);
        TableSpec table = keyedBy(ColumnType::Text);
        table.columns[1].type = column;
        live("k TEXT PRIMARY KEY, v", "('a', " + old + ')');
        fill(table, {changedRow({"a"}, {Cell("a"), Cell(cell.toStdString())})});
        QCOMPARE(compare(table)->changed, 1);
    }

    void aColumnThatTheOldTableLacksIsNotComparedAndSaid()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, events INTEGER, other", "('o-1', 1, 1, 'x')");
        m_fixture->fill(Job, {orderRow("o-1", "1")});
        const auto compared = compare(ordersTable());
        VERIFY_DONE(compared);
        QCOMPARE(compared->notCompared, std::vector<QString>{QStringLiteral("status")});
        QCOMPARE(compared->changed, 0);
    }

    void keysComeInTheirOrderWhateverTheOldTableIsLike_data()
    {
        QTest::addColumn<ColumnType>("type");
        QTest::addColumn<QByteArray>("declared");
        QTest::addColumn<QByteArray>("keys"); // in SQL
        QTest::newRow("whole numbers by size") << ColumnType::BigInt << QByteArray("INTEGER PRIMARY KEY") << QByteArray("2,10,-3,100,0,9223372036854775807,-9223372036854775808");
        QTest::newRow("whole numbers kept as text") << ColumnType::BigInt << QByteArray("TEXT PRIMARY KEY") << QByteArray("2,10,-3,100,0,9007199254740993,9007199254740992");
        QTest::newRow("whole numbers without a type") << ColumnType::BigInt << QByteArray("PRIMARY KEY") << QByteArray("2,10,'-3',100,0");
        QTest::newRow("texts that are numbers, kept as numbers") << ColumnType::Text << QByteArray("INTEGER PRIMARY KEY") << QByteArray("2,10,-3,100");
        QTest::newRow("texts without regard to letters") << ColumnType::Text << QByteArray("TEXT COLLATE NOCASE PRIMARY KEY") << QByteArray("'b','A','c','B2','_'");
        QTest::newRow("texts beyond ASCII") << ColumnType::Text << QByteArray("VARCHAR(10) PRIMARY KEY") << QByteArray("'ä','z','😀','\uffff','','a'");
        QTest::newRow("texts without a type") << ColumnType::Text << QByteArray("PRIMARY KEY") << QByteArray("'2','10','-3','x'");
        QTest::newRow("numbers") << ColumnType::Numeric << QByteArray("NUMERIC PRIMARY KEY") << QByteArray("2,10,-3,0.5,100");
        QTest::newRow("truths") << ColumnType::Boolean << QByteArray("BOOLEAN PRIMARY KEY") << QByteArray("0,1");
        QTest::newRow("truths as words") << ColumnType::Boolean << QByteArray("TEXT PRIMARY KEY") << QByteArray("'true','false'");
    }
    void keysComeInTheirOrderWhateverTheOldTableIsLike()
    {
        QFETCH(ColumnType, type);
        QFETCH(QByteArray, declared);
        QFETCH(QByteArray, keys);
        const TableSpec table = keyedBy(type);
        QByteArrayList values;
        std::vector<ChangedRow> rows;
        for (const QByteArray &key : keys.split(',')) {
            values += '(' + key + ", 'x')";
            std::string text = QByteArray(key).replace("'", "").toStdString();
            if (type == ColumnType::Boolean)
                text = text == "1" || text == "true" ? "true" : "false";
            rows.push_back(changedRow({text}, {Cell(text), Cell("x")}));
        }
        live("k " + declared + ", v", values.join(", "));
        fill(table, rows);
        const auto compared = compare(table);
        VERIFY_DONE(compared);
        QCOMPARE(textOf(compared->sample), QString());
        QCOMPARE(compared->oldRows, std::ssize(rows));
        QCOMPARE(compared->newRows, std::ssize(rows));
    }

    void aKeyThatIsTwiceInTheOldTableIsSaid()
    {
        live("id TEXT, total NUMERIC, status TEXT, events INTEGER", "('o-1', 1, 'placed', 1), ('o-1', 2, 'placed', 1)");
        m_fixture->fill(Job, {orderRow("o-1", "1")});
        const auto compared = compare(ordersTable());
        QVERIFY(!compared && compared.error().code == ErrorCode::Unsupported);
        QVERIFY2(compared.error().message.contains(QStringLiteral("a key is there twice")), qPrintable(compared.error().message));
    }

    void anOldTableWithoutTheKeyCannotBeCompared()
    {
        live("number TEXT, total NUMERIC", "('o-1', 1)");
        m_fixture->fill(Job, {orderRow("o-1", "1")});
        const auto compared = compare(ordersTable());
        QVERIFY(!compared && compared.error().code == ErrorCode::Unsupported);
        QVERIFY2(compared.error().message.contains(QStringLiteral("has no column “id”, which is the key")), qPrintable(compared.error().message));
    }

    void theHashIsOfTheRowsAndNothingElse()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER", {});
        m_fixture->fill(Job, {orderRow("o-1", "1", "placed", 5), orderRow("o-2", "2", "placed", 7)});
        const QByteArray hash = compare(ordersTable())->hash;
        QCOMPARE(hash.size(), 32);
        m_fixture->execute("UPDATE orders__rb_11111111 SET streamgauge_position = 9");
        QCOMPARE(compare(ordersTable())->hash, hash);
        m_fixture->execute("UPDATE orders__rb_11111111 SET total = NULL WHERE id = 'o-1'");
        const QByteArray without = compare(ordersTable())->hash;
        QVERIFY(without != hash);
        m_fixture->execute("UPDATE orders__rb_11111111 SET total = '' WHERE id = 'o-1'");
        QVERIFY(compare(ordersTable())->hash != without);
        VERIFY_DONE(m_fixture->writer()->swap(Job));
        const auto after = compare(ordersTable());
        VERIFY_DONE(after);
        QCOMPARE(after->onlyNew, 2); // the live one against the old one now
    }

    void comparingIsCancelled()
    {
        live("id TEXT PRIMARY KEY, total NUMERIC, status TEXT, events INTEGER", {});
        m_fixture->execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO orders SELECT i, 1, 'x', 1 FROM n");
        m_fixture->fill(Job, {});
        std::stop_source stop;
        qint64 seen = 0;
        const auto cancelled = m_fixture->model()->compare(m_fixture->stored(), ordersTable(), 0, 1, stop.get_token(), [&](qint64 rows) {
            seen = rows;
            stop.request_stop();
        }, {});
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::Cancelled);
        QVERIFY(seen > 0 && seen < 30000);
    }

    /// Against what SQLite itself says of the same two tables.
    void randomTablesDifferAsSqliteSaysTheyDo_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomTablesDifferAsSqliteSaysTheyDo()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        const TableSpec table{QStringLiteral("orders"), {{QStringLiteral("b"), ColumnType::BigInt, {}}, {QStringLiteral("v"), ColumnType::Text, {}}, {QStringLiteral("a"), ColumnType::Text, {}}, {QStringLiteral("n"), ColumnType::BigInt, {}}}, {2, 0}};
        const std::vector<std::string> texts{"", "a", "A", "ä", "b'b", "10", "2", "z\"", "😀"};
        const auto text = [&] { return texts[static_cast<size_t>(random.bounded(static_cast<int>(texts.size())))]; };
        const auto maybe = [&](std::string value) { return random.bounded(5) == 0 ? Cell() : Cell(std::move(value)); };
        const auto fillRandomly = [&](const QString &job) {
            std::vector<ChangedRow> rows;
            for (int i = random.bounded(300); i > 0; --i) {
                const std::string a = text();
                const std::string b = std::to_string(random.bounded(-20, 20));
                rows.push_back(changedRow({a, b}, {Cell(b), maybe(text()), Cell(a), maybe(std::to_string(random.bounded(3)))}));
            }
            const auto writer = m_fixture->writer({table});
            return writer->begin(ReadModelFixture::rebuild(job)) && writer->store(rows, tests::checkpointAt(1)) && writer->finishFilling();
        };
        QVERIFY(fillRandomly(QStringLiteral("22222222")));
        VERIFY_DONE(m_fixture->writer({table})->swap(QStringLiteral("22222222")));
        QVERIFY(fillRandomly(Job));
        const auto compared = compare(table, 1000);
        VERIFY_DONE(compared);
        const auto count = [this](const char *condition) {
            return m_fixture->query(QByteArray("WITH old AS (SELECT b, v, a, n FROM orders), new AS (SELECT b, v, a, n FROM orders__rb_11111111) SELECT count(*) FROM ") + condition).toLongLong();
        };
        const qint64 onlyOld = count("old WHERE (a, b) NOT IN (SELECT a, b FROM new)");
        const qint64 onlyNew = count("new WHERE (a, b) NOT IN (SELECT a, b FROM old)");
        QCOMPARE(compared->onlyOld, onlyOld);
        QCOMPARE(compared->onlyNew, onlyNew);
        QCOMPARE(compared->changed + onlyOld, count("(SELECT * FROM old EXCEPT SELECT * FROM new)"));
        QCOMPARE(compared->changed + onlyNew, count("(SELECT * FROM new EXCEPT SELECT * FROM old)"));
        QCOMPARE(compared->changedInColumn[1], count("old JOIN new USING (a, b) WHERE old.v IS NOT new.v"));
        QCOMPARE(compared->changedInColumn[3], count("old JOIN new USING (a, b) WHERE old.n IS NOT new.n"));
        QCOMPARE(std::ssize(compared->sample), onlyOld + onlyNew + compared->changed);
        QCOMPARE(compared->oldRows, count("old"));
        QCOMPARE(compared->newRows, count("new"));
    }

private:
    void live(const QByteArray &columns, const QByteArray &rows)
    {
        m_fixture->execute("CREATE TABLE orders(" + columns + ')');
        if (!rows.isEmpty())
            m_fixture->execute("INSERT INTO orders VALUES " + rows);
    }
    void fill(const TableSpec &table, const std::vector<ChangedRow> &rows)
    {
        const auto writer = m_fixture->writer({table});
        const bool isFilled = writer->begin(ReadModelFixture::rebuild()) && writer->store(rows, tests::checkpointAt(1)) && writer->finishFilling();
        QVERIFY(isFilled);
    }
    [[nodiscard]] Result<TableComparison> compare(const TableSpec &table, qsizetype sample = 10, const DifferenceSink &sink = {})
    {
        return m_fixture->model()->compare(m_fixture->stored(), table, 0, sample, {}, {}, sink);
    }

    std::unique_ptr<ReadModelFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestTableComparison)
#include "tst_table_comparison.moc"
