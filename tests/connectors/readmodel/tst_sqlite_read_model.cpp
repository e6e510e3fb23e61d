// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/readmodel/read_model_fixture.h"
#include "tests/support/full_disk.h"
#include "tests/support/unprivileged.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

using namespace connectors;
using tests::changedRow;
using tests::checkpointAt;
using tests::orderRow;
using tests::ordersTable;
using tests::ReadModelFixture;

namespace {

const QString Job = QStringLiteral("11111111");
const QString OtherJob = QStringLiteral("22222222");

TableSpec tableOfEveryType()
{
    return {QStringLiteral("everything"),
            {{QStringLiteral("t"), ColumnType::Text, {}}, {QStringLiteral("k"), ColumnType::BigInt, {}}, {QStringLiteral("n"), ColumnType::Numeric, Precision{38, 10}}, {QStringLiteral("b"), ColumnType::Boolean, {}},
             {QStringLiteral("i"), ColumnType::BigInt, {}}, {QStringLiteral("s"), ColumnType::Text, {}}},
            {0, 1}};
}

/// How a step failed: "Refused: …"; empty: it did not.
template<typename T>
QString failureOf(const Result<T> &result, ErrorCode expected)
{
    if (result)
        return QStringLiteral("it succeeded");
    return result.error().code == expected ? QString() : describe(result.error());
}

} // namespace

/// How the tables beside the live ones come about, in an SQLite file.
class TestSqliteReadModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<ReadModelFixture>(); }

    void aRebuildIsRecordedWithAllThatBelongsToIt()
    {
        const auto writer = m_fixture->writer();
        Rebuild rebuild = ReadModelFixture::rebuild();
        VERIFY_DONE(writer->begin(rebuild));
        QCOMPARE(m_fixture->model()->rebuilds().value(), std::vector{rebuild});
        RebuildCheckpoint checkpoint;
        checkpoint.positions = {{QStringLiteral("ord\"ers ä"), 3, 9'007'199'254'740'993, std::numeric_limits<qint64>::max(), -17}, {QString(), 0, 1, 2, 0}};
        checkpoint.events = 9'007'199'254'740'995;
        checkpoint.hash = std::numeric_limits<quint64>::max();
        checkpoint.parked = {{{QStringLiteral("orders"), 1, 9'007'199'254'740'993}, QStringLiteral("has “x\"\n” at /data/total")}};
        VERIFY_DONE(writer->store({}, checkpoint));
        QCOMPARE(m_fixture->stored().checkpoint, checkpoint);
        const qint64 heartbeat = m_fixture->stored().heartbeat;
        QVERIFY(heartbeat >= rebuild.heartbeat);
        VERIFY_DONE(writer->beat());
        QVERIFY(m_fixture->stored().heartbeat >= heartbeat);
        QVERIFY(m_fixture->stored().state == RebuildState::Filling);
        VERIFY_DONE(writer->finishFilling());
        QVERIFY(m_fixture->stored().state == RebuildState::Filled);
        QCOMPARE(m_fixture->stored().checkpoint, checkpoint);
    }

    void everyValueComesBackExactly()
    {
        const std::vector<std::vector<Cell>> rows{
            {Cell(""), Cell("-9223372036854775808"), Cell("9999999999999999999999999999.0123456789"), Cell("true"), Cell("9223372036854775807"), Cell("")},
            {Cell("ä 😀 '\"; drop table everything;--"), Cell("9007199254740993"), Cell("-0.0000000001"), Cell("false"), Cell("9007199254740993"), Cell("007")},
            {Cell(std::string("a\0b", 3)), Cell("2"), Cell("0"), std::nullopt, std::nullopt, Cell(std::string("\0", 1))},
            {Cell(std::string("a\0c", 3)), Cell("10"), std::nullopt, Cell("true"), Cell("0"), std::nullopt},
            {Cell("1e3"), Cell("-1"), Cell("1000"), Cell("false"), Cell("-1"), Cell("null")},
            {Cell(std::string(100'000, 'x')), Cell("0"), Cell("12.5"), Cell("true"), Cell("1"), Cell("\n\t")}};
        const auto writer = m_fixture->writer({tableOfEveryType()});
        VERIFY_DONE(writer->begin(ReadModelFixture::rebuild(Job, {QStringLiteral("everything")})));
        std::vector<ChangedRow> changed;
        std::vector<RowKey> keys;
        for (const std::vector<Cell> &cells : rows) {
            keys.push_back({0, {*cells[0], *cells[1]}});
            changed.push_back(changedRow(keys.back().parts, cells, std::ssize(keys)));
        }
        VERIFY_DONE(writer->store(changed, checkpointAt(1)));
        keys.push_back({0, {"a", "2"}}); // not what is before a NUL
        keys.push_back({0, {"", "0"}});
        const auto loaded = writer->load(keys);
        VERIFY_DONE(loaded);
        QCOMPARE(loaded->size(), keys.size());
        for (size_t i = 0; i < rows.size(); ++i) {
            QVERIFY2(loaded->at(i) == changed[i].row, qPrintable(QString::number(i)));
        }
        QVERIFY(!loaded->at(rows.size()) && !loaded->at(rows.size() + 1));
        VERIFY_DONE(writer->finishFilling());
        const auto compared = m_fixture->model()->compare(m_fixture->stored(), tableOfEveryType(), 0, 100, {}, {}, {});
        VERIFY_DONE(compared);
        QCOMPARE(compared->onlyNew, std::ssize(rows));
        for (const DifferentRow &row : compared->sample)
            QVERIFY(std::find(rows.begin(), rows.end(), row.after) != rows.end());
    }

    void aRowIsReplacedAndDeletedByItsWholeKey()
    {
        const auto writer = m_fixture->writer({tableOfEveryType()});
        VERIFY_DONE(writer->begin(ReadModelFixture::rebuild(Job, {QStringLiteral("everything")})));
        const auto row = [](const char *key, const char *number, const char *text) { return changedRow({key, number}, {Cell(key), Cell(number), {}, {}, {}, Cell(text)}); };
        VERIFY_DONE(writer->store({row("a", "1", "x"), row("a", "2", "x"), row("b", "1", "x")}, checkpointAt(1)));
        VERIFY_DONE(writer->store({row("a", "2", "y"), {{0, {"b", "1"}}, std::nullopt}, {{0, {"c", "1"}}, std::nullopt}}, checkpointAt(2)));
        QCOMPARE(m_fixture->query("SELECT t, k, s FROM everything__rb_11111111 ORDER BY t, k"), QStringLiteral("a 1 x|a 2 y"));
    }

    void anyNameIsAName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("an injection") << QStringLiteral("x\"; drop table y;--");
        QTest::newRow("a reserved word") << QStringLiteral("select");
        QTest::newRow("another one") << QStringLiteral("order");
        QTest::newRow("quotes of all kinds") << QStringLiteral("'`[\"]");
        QTest::newRow("spaces and a line break") << QStringLiteral(" a\nb ");
        QTest::newRow("63 bytes") << QString(63, u'n');
        QTest::newRow("63 bytes of two each and one") << QString(QString(31, u'ä') + u'n');
        QTest::newRow("60 bytes of four each") << QStringLiteral("😀").repeated(15);
        QTest::newRow("a pattern") << QStringLiteral("%_?1");
    }
    void anyNameIsAName()
    {
        QFETCH(QString, name);
        TableSpec table = ordersTable(name);
        table.columns[0].name = name;
        table.columns[1].name = QString(name + u'2'); // a column's is not cut
        m_fixture->execute("CREATE TABLE y(a); INSERT INTO y VALUES (1)");
        const auto writer = m_fixture->writer({table});
        const Rebuild rebuild = ReadModelFixture::rebuild(Job, {name});
        QVERIFY(shadowName(rebuild, 0).toUtf8().size() <= LongestTableName && oldName(rebuild, 0).toUtf8().size() <= LongestTableName);
        QVERIFY(shadowName(rebuild, 0).endsWith(Job) && shadowName(rebuild, 0) != oldName(rebuild, 0));
        VERIFY_DONE(writer->begin(rebuild));
        VERIFY_DONE(writer->store({orderRow("o-1", "1.5")}, checkpointAt(1)));
        QVERIFY(writer->load({{0, {"o-1"}}}).value().front());
        VERIFY_DONE(writer->finishFilling());
        VERIFY_DONE(writer->swap(Job));
        const auto live = m_fixture->model()->look({table});
        VERIFY_DONE(live);
        QVERIFY(live->front().exists && live->front().rows == 1);
        QCOMPARE(live->front().losses, std::vector<QString>());
        VERIFY_DONE(m_fixture->model()->compare(m_fixture->stored(), table, 0, 1, {}, {}, {}));
        VERIFY_DONE(m_fixture->writer({table})->swapBack(Job));
        VERIFY_DONE(m_fixture->writer({table})->drop(Job));
        QCOMPARE(m_fixture->query("SELECT name FROM sqlite_master"), QStringLiteral("y"));
        QCOMPARE(m_fixture->query("SELECT a FROM y"), QStringLiteral("1"));
    }

    void namesThatBeginAlikeStayApart()
    {
        std::vector<QString> names;
        std::vector<TableSpec> tables;
        for (int i = 0; i < 12; ++i) {
            names.push_back(QString(QString(60, u't') + QString::number(i)));
            tables.push_back(ordersTable(names.back()));
        }
        const auto writer = m_fixture->writer(tables);
        VERIFY_DONE(writer->begin(ReadModelFixture::rebuild(Job, names)));
        for (size_t i = 0; i < tables.size(); ++i)
            VERIFY_DONE(writer->store({changedRow({"o"}, {Cell("o"), Cell(std::to_string(i)), {}, {}}, 1, i)}, checkpointAt(1)));
        VERIFY_DONE(writer->finishFilling());
        VERIFY_DONE(writer->swap(Job));
        for (size_t i = 0; i < tables.size(); ++i) {
            const QByteArray sql = "SELECT total FROM " + names[i].toUtf8();
            QCOMPARE(m_fixture->query(sql), QString::number(i));
        }
    }

    void aSecondRebuildOfTheSameTableIsRefusedAndOfAnotherIsNot()
    {
        const auto first = m_fixture->writer();
        VERIFY_DONE(first->begin(ReadModelFixture::rebuild()));
        const QString before = m_fixture->schema();
        const auto second = m_fixture->writer()->begin(ReadModelFixture::rebuild(OtherJob));
        QCOMPARE(failureOf(second, ErrorCode::Refused), QString());
        QVERIFY2(second.error().message.contains(QStringLiteral("is being rebuilt already, by the rebuild 11111111")), qPrintable(second.error().message));
        QCOMPARE(m_fixture->schema(), before);
        VERIFY_DONE(first->finishFilling());
        QCOMPARE(failureOf(m_fixture->writer()->begin(ReadModelFixture::rebuild(OtherJob)), ErrorCode::Refused), QString());
        VERIFY_DONE(m_fixture->writer({ordersTable(QStringLiteral("others"))})->begin(ReadModelFixture::rebuild(OtherJob, {QStringLiteral("others")})));
        QCOMPARE(m_fixture->model()->rebuilds().value().size(), size_t{2});
    }

    void aLivingOwnerIsNotTakenOver()
    {
        const auto first = m_fixture->writer();
        VERIFY_DONE(first->begin(ReadModelFixture::rebuild()));
        const auto refused = m_fixture->writer()->takeOver(Job);
        QCOMPARE(failureOf(refused, ErrorCode::Refused), QString());
        QVERIFY2(refused.error().message.contains(QStringLiteral("are being written")) && refused.error().isRetryable, qPrintable(refused.error().message));
        VERIFY_DONE(first->store({orderRow("o-1", "1")}, checkpointAt(1)));
    }

    void whoHasBeenTakenOverWritesNothingMore()
    {
        const auto first = m_fixture->writer();
        VERIFY_DONE(first->begin(ReadModelFixture::rebuild()));
        VERIFY_DONE(first->store({orderRow("o-1", "1")}, checkpointAt(1)));
        m_fixture->forget();
        const auto second = m_fixture->writer();
        const auto taken = second->takeOver(Job);
        VERIFY_DONE(taken);
        QCOMPARE(taken->checkpoint, checkpointAt(1));
        QCOMPARE(taken->epoch, 2);
        const QByteArray all = "SELECT id, total, streamgauge_position FROM orders__rb_11111111 ORDER BY id";
        const QString before = m_fixture->query(all);
        QCOMPARE(failureOf(first->store({orderRow("o-2", "2")}, checkpointAt(2)), ErrorCode::Conflict), QString());
        QCOMPARE(failureOf(first->beat(), ErrorCode::Conflict), QString());
        QCOMPARE(failureOf(first->finishFilling(), ErrorCode::Conflict), QString());
        QCOMPARE(failureOf(first->swap(Job), ErrorCode::Refused), QString()); // it is not filled
        QCOMPARE(m_fixture->query(all), before);
        QCOMPARE(m_fixture->stored().checkpoint, checkpointAt(1));
        VERIFY_DONE(second->store({orderRow("o-3", "3")}, checkpointAt(3)));
        VERIFY_DONE(second->finishFilling());
        QCOMPARE(failureOf(first->swap(Job), ErrorCode::Conflict), QString());
        VERIFY_DONE(second->swap(Job));
    }

    void whoseRebuildWasDroppedIsToldSo()
    {
        const auto first = m_fixture->writer();
        VERIFY_DONE(first->begin(ReadModelFixture::rebuild()));
        VERIFY_DONE(m_fixture->writer({})->drop(Job)); // whoever drops what was begun elsewhere knows no tables
        QCOMPARE(failureOf(first->store({orderRow("o-2", "2")}, checkpointAt(2)), ErrorCode::Conflict), QString());
        QCOMPARE(failureOf(first->beat(), ErrorCode::Conflict), QString());
        QCOMPARE(failureOf(first->finishFilling(), ErrorCode::Conflict), QString());
        QCOMPARE(m_fixture->schema(), QString());
        QCOMPARE(failureOf(first->drop(Job), ErrorCode::NotFound), QString());
        QCOMPARE(failureOf(m_fixture->writer()->takeOver(Job), ErrorCode::NotFound), QString());
    }

    void whoLetsGoIsTakenOverAtOnce()
    {
        const auto first = m_fixture->writer();
        VERIFY_DONE(first->begin(ReadModelFixture::rebuild()));
        VERIFY_DONE(first->letGo());
        VERIFY_DONE(m_fixture->writer()->takeOver(Job));
        QCOMPARE(failureOf(first->letGo(), ErrorCode::Conflict), QString());
    }

    void whatIsLiveIsWrittenByOneWhoIsFencedOutByTheSwapBack()
    {
        m_fixture->execute("CREATE TABLE orders(id TEXT PRIMARY KEY, total, status, events)");
        m_fixture->fill();
        VERIFY_DONE(m_fixture->writer()->swap(Job));
        const auto writer = m_fixture->writer();
        VERIFY_DONE(writer->takeOver(Job));
        VERIFY_DONE(writer->store({orderRow("o-9", "9")}, checkpointAt(11)));
        QCOMPARE(m_fixture->query("SELECT total FROM orders WHERE id = 'o-9'"), QStringLiteral("9"));
        QCOMPARE(failureOf(m_fixture->writer()->takeOver(Job), ErrorCode::Refused), QString());
        VERIFY_DONE(m_fixture->writer()->swapBack(Job));
        QCOMPARE(failureOf(writer->store({orderRow("o-8", "8")}, checkpointAt(12)), ErrorCode::Conflict), QString());
        QCOMPARE(m_fixture->query("SELECT count(*) FROM orders"), QStringLiteral("0"));
        QCOMPARE(m_fixture->query("SELECT id FROM orders__rb_11111111 ORDER BY id"), QStringLiteral("o-1|o-3|o-9"));
    }

    void afterAFullDiskItGoesOn()
    {
        const auto writer = m_fixture->writer();
        VERIFY_DONE(writer->begin(ReadModelFixture::rebuild()));
        VERIFY_DONE(writer->store({orderRow("o-1", "1")}, checkpointAt(1)));
        std::vector<ChangedRow> many;
        for (int i = 0; i < 5000; ++i)
            many.push_back(orderRow(("m-" + std::to_string(i)).c_str(), "1"));
        {
            const tests::FullDisk full;
            QCOMPARE(failureOf(writer->store(many, checkpointAt(2)), ErrorCode::StorageFailed), QString());
            QCOMPARE(failureOf(writer->beat(), ErrorCode::StorageFailed), QString());
        }
        QCOMPARE(m_fixture->stored().checkpoint, checkpointAt(1));
        QCOMPARE(m_fixture->query("SELECT count(*) FROM orders__rb_11111111"), QStringLiteral("1"));
        VERIFY_DONE(writer->store(many, checkpointAt(2)));
        QCOMPARE(m_fixture->query("SELECT count(*) FROM orders__rb_11111111"), QStringLiteral("5001"));
    }

    void aFileThatIsNotThereYetHoldsNothingAndBeginMakesIt()
    {
        QCOMPARE(m_fixture->model()->rebuilds().value().size(), size_t{0});
        QVERIFY(!m_fixture->model()->look({ordersTable()}).value().front().exists);
        QVERIFY(!QFile::exists(m_fixture->path())); // looking makes nothing
        VERIFY_DONE(m_fixture->writer()->begin(ReadModelFixture::rebuild()));
        QVERIFY(QFile::exists(m_fixture->path()));
    }

    /// As kill -9 in the middle of a commit leaves it: pages of the file are overwritten, and what they were is beside it.
    void whatAKilledProcessHalfWroteIsTakenBackByWhoeverLooks()
    {
        m_fixture->execute("CREATE TABLE orders(id TEXT PRIMARY KEY, total, status, events); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO orders(id) SELECT 'order number ' || i FROM n");
        const QString copy = m_fixture->folder() + QStringLiteral("/copy.db");
        sqlite3 *writing = nullptr;
        QCOMPARE(sqlite3_open(m_fixture->path().toUtf8().constData(), &writing), SQLITE_OK);
        QCOMPARE(sqlite3_exec(writing, "PRAGMA cache_size = 1; BEGIN; DELETE FROM orders", nullptr, nullptr, nullptr), SQLITE_OK);
        QVERIFY(QFile::copy(m_fixture->path(), copy) && QFile::copy(m_fixture->path() + QStringLiteral("-journal"), copy + QStringLiteral("-journal")));
        sqlite3_close(writing);
        const auto looked = readmodel::openSqliteReadModel(ReadModelFixture::specOf(copy))->look({ordersTable()});
        VERIFY_DONE(looked);
        QCOMPARE(looked->front().rows, 5000);
    }

    void whatIsNoDatabaseIsSaid_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("a missing folder") << QStringLiteral("missing folder") << QStringLiteral("The folder of");
        QTest::newRow("a folder") << QStringLiteral("folder") << QStringLiteral("is a folder");
        QTest::newRow("another file") << QStringLiteral("text") << QStringLiteral("is not an SQLite file");
        QTest::newRow("a corrupt file") << QStringLiteral("corrupt") << QStringLiteral("is corrupt");
    }
    void whatIsNoDatabaseIsSaid()
    {
        QFETCH(QString, what);
        QFETCH(QString, words);
        QString path = m_fixture->path();
        if (what == u"missing folder") {
            path = m_fixture->folder() + QStringLiteral("/nowhere/shop.db");
        } else if (what == u"folder") {
            QVERIFY(QDir().mkdir(path));
        } else {
            m_fixture->execute("CREATE TABLE orders(id TEXT PRIMARY KEY, total, status, events); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO orders(id) SELECT i FROM n");
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadWrite));
            file.seek(what == u"text" ? 0 : 4096); // what the file has is told by its first page
            file.write(QByteArray(60'000, 'x'));
        }
        const auto model = readmodel::openSqliteReadModel(ReadModelFixture::specOf(path));
        const auto looked = model->look({ordersTable()});
        QVERIFY2(!looked && looked.error().message.contains(words), looked ? "it was read" : qPrintable(looked.error().message));
        if (what != u"corrupt")
            QVERIFY(!model->rebuilds());
        const auto begun = readmodel::openSqliteReadModelWriter(ReadModelFixture::specOf(path), {ordersTable()})->begin(ReadModelFixture::rebuild());
        if (what != u"corrupt")
            QVERIFY2(!begun && begun.error().message.contains(words), begun ? "it was written" : qPrintable(begun.error().message));
    }

    void whatMayOnlyBeReadIsLookedAtAndNotWritten()
    {
        m_fixture->execute("CREATE TABLE orders(id TEXT PRIMARY KEY, total, status, events)");
        QVERIFY(QFile::setPermissions(m_fixture->path(), QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
        QVERIFY(QFile::setPermissions(m_fixture->folder(), QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther));
        {
            const tests::Unprivileged nobody;
            QVERIFY(m_fixture->model()->look({ordersTable()}).value().front().exists);
            const auto begun = m_fixture->writer()->begin(ReadModelFixture::rebuild());
            QVERIFY(!begun);
            QVERIFY2(begun.error().message.contains(QStringLiteral("read-only")), qPrintable(begun.error().message));
        }
        QVERIFY(QFile::setPermissions(m_fixture->folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

private:
    std::unique_ptr<ReadModelFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestSqliteReadModel)
#include "tst_sqlite_read_model.moc"
