// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/failpoint.h"
#include "tests/app/ctl/rebuild_fixture.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include <atomic>
#include <mutex>
#include <thread>

using tests::CtlRun;
using tests::orderEvent;
using tests::RebuildFixture;

namespace {

constexpr int Events = 240;
constexpr const char *FailpointVariable = "STREAMGAUGE_FAILPOINT";
const QByteArray OldTable = "CREATE TABLE order_summary(order_id TEXT NOT NULL PRIMARY KEY, total TEXT, status TEXT, events INTEGER);"
                            "CREATE INDEX by_status ON order_summary(status); CREATE VIEW placed AS SELECT count(*) AS n FROM order_summary WHERE status = 'placed';"
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO order_summary SELECT 'order-' || i, i, 'old', 1 FROM n";
const QByteArray LiveRows = "SELECT order_id, total, status, events FROM order_summary ORDER BY order_id";

QByteArray someEvents()
{
    QRandomGenerator random(5);
    QByteArray lines;
    for (int i = 1; i <= Events; ++i) {
        const QByteArray order = "order-" + QByteArray::number(random.bounded(30));
        const int what = random.bounded(10);
        lines += orderEvent(i, what < 5 ? "OrderPlaced" : what < 8 ? "OrderShipped" : "OrderCancelled", order, R"({"total":)" + QByteArray::number(i) + ".25}");
    }
    return lines;
}

/// Reads the live table all the while, as an application does.
class Reader final
{
public:
    Reader(const RebuildFixture &fixture, QStringList allowed)
        : m_allowed(std::move(allowed))
        , m_thread([this, &fixture](const std::stop_token &stop) {
            while (!stop.stop_requested()) {
                const QString rows = fixture.sql(LiveRows);
                if (!m_allowed.contains(rows)) {
                    const std::lock_guard lock(m_mutex);
                    m_problem = rows.isEmpty() ? QStringLiteral("no rows") : rows;
                }
                ++m_reads;
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        })
    {
    }
    /// What it read that was neither the old table nor a whole new one.
    [[nodiscard]] QString problem()
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }
    [[nodiscard]] int reads() const { return m_reads; }

private:
    const QStringList m_allowed;
    std::mutex m_mutex;
    QString m_problem;
    std::atomic<int> m_reads = 0;
    std::jthread m_thread;
};

} // namespace

/// kill -9 at every durable step of a rebuild, a swap, swapping back and dropping, and at any other moment.
class TestRebuildKill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_template.append(someEvents());
        RebuildFixture undisturbed;
        prepare(undisturbed);
        m_oldRows = undisturbed.sql(LiveRows);
        QVERIFY(undisturbed.rebuild({QStringLiteral("--execute")}).status == 0);
        QElapsedTimer clock;
        clock.start();
        const QString job = undisturbed.run(QStringLiteral("list ") + undisturbed.target()).json()[0][u"job"].toString();
        m_runMs = std::max<qint64>(20, clock.elapsed());
        const CtlRun swapped = undisturbed.run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        m_newRows = undisturbed.sql(LiveRows);
        m_newPositions = positionsOf(undisturbed);
        QVERIFY(m_newRows.split(u'|').size() > 10 && m_newRows != m_oldRows);
    }

    void aKilledRebuildEndsAsOneThatWasNotKilled_data() { addFailpoints(); }
    void aKilledRebuildEndsAsOneThatWasNotKilled()
    {
        QFETCH(QString, failpoint);
        RebuildFixture fixture;
        prepare(fixture);
        Reader reader(fixture, {m_oldRows, m_newRows});
        QVERIFY2(dies(fixture, fixture.rebuildArguments("rebuild", {QStringLiteral("--execute"), QStringLiteral("--chunk"), QStringLiteral("50")}), failpoint), "the step is not reached");
        QCOMPARE(fixture.sql(LiveRows), m_oldRows);
        const QString job = goOn(fixture);
        QVERIFY(!job.isEmpty());
        const CtlRun swapped = fixture.run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        requireSwapped(fixture, reader);
        requireSettled(fixture);
    }

    void aKilledSwapIsDoneOrNotDone_data() { addFailpoints(QStringLiteral("projection.")); } // nothing has come that had to be filled
    void aKilledSwapIsDoneOrNotDone()
    {
        QFETCH(QString, failpoint);
        RebuildFixture fixture;
        prepare(fixture);
        const CtlRun filled = fixture.rebuild();
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        const QString job = filled.json()[u"job"].toString();
        Reader reader(fixture, {m_oldRows, m_newRows});
        for (const char *step : {"swap JOB --writer nobody", "swap-back JOB", "drop JOB"}) {
            const QString words = QString::fromLatin1(step).replace(QStringLiteral("JOB"), job) + QStringLiteral(" --execute");
            QVERIFY2(dies(fixture, QStringList{QStringLiteral("projection")} + words.split(u' '), failpoint), "the step is not reached");
            // In the same way until it is done: a second one says so, or does what the first did not.
            const bool isDrop = words.startsWith(QStringLiteral("drop"));
            const QString state = stateOf(fixture);
            const QString wanted = isDrop ? QString() : words.startsWith(QStringLiteral("swap-back")) ? QStringLiteral("swappedBack") : QStringLiteral("swapped");
            fixture.forgetSignsOfLife(); // of the one that was killed
            if (state != wanted) {
                const CtlRun again = fixture.run(words);
                QVERIFY2(again.status == 0, qPrintable(again.err));
            } else {
                QVERIFY(failpoint != u"projection.intent.before");
                QVERIFY(fixture.run(words).status != 0);
            }
            QCOMPARE(stateOf(fixture), wanted);
            QCOMPARE(fixture.sql(LiveRows), wanted == u"swapped" ? m_newRows : m_oldRows);
        }
        QCOMPARE(reader.problem(), QString());
        QVERIFY(reader.reads() > 0);
        QCOMPARE(fixture.tables(), QStringLiteral("order_summary"));
        requireSettled(fixture);
    }

    void aSwapThatWasKilledWhileItAppliedWhatHadComeIsSwappedAgain_data()
    {
        QTest::addColumn<QString>("failpoint");
        QTest::newRow("before") << QStringLiteral("rebuild.store.before");
        QTest::newRow("after") << QStringLiteral("rebuild.store.after");
    }
    void aSwapThatWasKilledWhileItAppliedWhatHadComeIsSwappedAgain()
    {
        QFETCH(QString, failpoint);
        RebuildFixture fixture;
        prepare(fixture);
        const CtlRun filled = fixture.rebuild();
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        fixture.append(orderEvent(Events + 1, "OrderPlaced", "order-late", R"({"total":1})"));
        Reader reader(fixture, {m_oldRows, QString(m_newRows + QStringLiteral("|order-late 1 placed 1"))});
        const QString words = QStringLiteral("swap %1 --writer nobody --execute").arg(filled.json()[u"job"].toString());
        QVERIFY(dies(fixture, QStringList{QStringLiteral("projection")} + words.split(u' '), failpoint));
        QCOMPARE(fixture.sql(LiveRows), m_oldRows);
        fixture.forgetSignsOfLife();
        const CtlRun again = fixture.run(words);
        QVERIFY2(again.status == 0, qPrintable(again.err));
        QVERIFY(fixture.sql(LiveRows).contains(QStringLiteral("order-late 1 placed 1")));
        QCOMPARE(reader.problem(), QString());
        requireSettled(fixture);
    }

    void whatAKilledRebuildLeavesIsListedAndDropped()
    {
        RebuildFixture fixture;
        prepare(fixture);
        QVERIFY(dies(fixture, fixture.rebuildArguments("rebuild", {QStringLiteral("--execute"), QStringLiteral("--chunk"), QStringLiteral("50")}), QStringLiteral("rebuild.store.after")));
        const CtlRun list = fixture.run(QStringLiteral("list ") + fixture.target());
        QCOMPARE(list.json()[0][u"state"].toString(), QStringLiteral("filling"));
        QCOMPARE(list.json()[0][u"events"].toInt(), 50);
        const CtlRun dropped = fixture.run(QStringLiteral("drop %1 --execute").arg(list.json()[0][u"job"].toString()));
        QVERIFY2(dropped.status == 0, qPrintable(dropped.err));
        QCOMPARE(fixture.tables(), QStringLiteral("order_summary"));
        QCOMPARE(fixture.sql(LiveRows), m_oldRows);
        requireSettled(fixture);
    }

    void killsAtAnyMomentEndAsWell_data()
    {
        QTest::addColumn<quint32>("seed");
        const quint32 rounds = qEnvironmentVariableIsSet("STREAMGAUGE_TEST_LONG") ? 200 : 6;
        for (quint32 seed = 1; seed <= rounds; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void killsAtAnyMomentEndAsWell()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        RebuildFixture fixture;
        prepare(fixture);
        std::unique_ptr<Reader> reader;
        if (seed % 2 == 0) // who reads puts a half written file in order, so that it is done without one too
            reader = std::make_unique<Reader>(fixture, QStringList{m_oldRows, m_newRows});
        const QStringList chunk{QStringLiteral("--execute"), QStringLiteral("--chunk"), QStringLiteral("4")};
        killLater(fixture, fixture.rebuildArguments("rebuild", chunk), random);
        for (int kills = 0; kills < 3 && stateOf(fixture) == u"filling"; ++kills) {
            fixture.forgetSignsOfLife();
            killLater(fixture, QStringList{QStringLiteral("projection"), QStringLiteral("resume"), jobOf(fixture)} + chunk, random);
        }
        const QString job = goOn(fixture);
        QVERIFY(!job.isEmpty());
        const QStringList swap{QStringLiteral("projection"), QStringLiteral("swap"), job, QStringLiteral("--writer"), QStringLiteral("nobody"), QStringLiteral("--execute")};
        killLater(fixture, swap, random);
        fixture.forgetSignsOfLife();
        if (stateOf(fixture) != u"swapped") {
            const CtlRun swapped = fixture.ctl().run(swap);
            QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        }
        if (reader)
            requireSwapped(fixture, *reader);
        QCOMPARE(fixture.sql(LiveRows), m_newRows);
        QCOMPARE(positionsOf(fixture), m_newPositions);
        requireSettled(fixture);
    }

private:
    static void addFailpoints(const QString &beginning = {})
    {
        QTest::addColumn<QString>("failpoint");
        for (const char *step : models::replay::ProjectionFailpointSteps) {
            for (const char *side : {".before", ".after"}) {
                const QString failpoint = QString::fromLatin1(step) + QString::fromLatin1(side);
                if (failpoint.startsWith(beginning))
                    QTest::newRow(qPrintable(failpoint)) << failpoint;
            }
        }
    }

    /// The events of all, and the application's table.
    void prepare(RebuildFixture &fixture)
    {
        if (!QFile::copy(m_template.source().mid(7), fixture.source().mid(7)))
            qFatal("The events cannot be copied.");
        if (const QString words = fixture.sql(OldTable); words.startsWith(u'!'))
            qFatal("%s", qPrintable(words));
    }

    static bool dies(RebuildFixture &fixture, const QStringList &arguments, const QString &failpoint)
    {
        fixture.ctl().setVariable(QString::fromLatin1(FailpointVariable), failpoint);
        const CtlRun run = fixture.ctl().run(arguments);
        fixture.ctl().setVariable(QString::fromLatin1(FailpointVariable), QString());
        if (run.status > 0)
            qFatal("%s: %s", qPrintable(failpoint), qPrintable(run.err));
        return run.status == -1;
    }

    void killLater(RebuildFixture &fixture, const QStringList &arguments, QRandomGenerator &random) const
    {
        QProcess process;
        fixture.ctl().start(&process, arguments);
        if (!process.waitForStarted())
            qFatal("The program cannot be started.");
        process.waitForFinished(random.bounded(static_cast<int>(m_runMs * 6)));
        process.kill();
        process.waitForFinished();
    }

    static QString stateOf(RebuildFixture &fixture) { return fixture.run(QStringLiteral("list ") + fixture.target()).json()[0][u"state"].toString(); }
    static QString jobOf(RebuildFixture &fixture) { return fixture.run(QStringLiteral("list ") + fixture.target()).json()[0][u"job"].toString(); }

    /// As a person would: goes on with what is there, or begins anew. Gives the job that is filled; empty where it cannot be.
    static QString goOn(RebuildFixture &fixture)
    {
        const CtlRun list = fixture.run(QStringLiteral("list ") + fixture.target());
        const QJsonArray rebuilds = list.json().array();
        if (list.status != 0 || rebuilds.size() > 1) {
            qWarning("%s", qPrintable(list.err));
            return {};
        }
        if (!rebuilds.isEmpty() && rebuilds[0][u"state"].toString() == u"filled")
            return rebuilds[0][u"job"].toString();
        fixture.forgetSignsOfLife();
        settle(fixture); // before another is begun
        const CtlRun done = rebuilds.isEmpty() ? fixture.rebuild() : fixture.run(QStringLiteral("resume %1 --chunk 7 --execute").arg(rebuilds[0][u"job"].toString()));
        if (done.status != 0 || done.json()[u"state"].toString() != u"filled")
            qWarning("%s", qPrintable(done.err));
        return done.status == 0 ? done.json()[u"job"].toString() : QString();
    }

    static QString positionsOf(RebuildFixture &fixture) { return fixture.sql("SELECT order_id, streamgauge_position FROM order_summary ORDER BY order_id"); }

    void requireSwapped(RebuildFixture &fixture, Reader &reader)
    {
        QCOMPARE(fixture.sql(LiveRows), m_newRows);
        QCOMPARE(positionsOf(fixture), m_newPositions);
        QCOMPARE(fixture.sql("SELECT tbl_name FROM sqlite_master WHERE name = 'by_status'"), QStringLiteral("order_summary"));
        QCOMPARE(fixture.sql("PRAGMA integrity_check"), QStringLiteral("ok"));
        QCOMPARE(reader.problem(), QString());
        QVERIFY(reader.reads() > 0);
    }

    static std::vector<QString> openRecords(RebuildFixture &fixture)
    {
        static const QStringList settled{QStringLiteral("PLANNED"), QStringLiteral("DONE"), QStringLiteral("NOT_APPLIED"), QStringLiteral("PARTIAL")};
        std::vector<QString> open;
        const QJsonDocument records = fixture.ctl().run({QStringLiteral("journal"), QStringLiteral("--json")}).json();
        for (const QJsonValue &record : records.array()) {
            if (!settled.contains(record[u"state"].toString()))
                open.push_back(record[u"journalId"].toString());
        }
        return open;
    }

    static void settle(RebuildFixture &fixture)
    {
        for (const QString &id : openRecords(fixture))
            std::ignore = fixture.ctl().run({QStringLiteral("journal"), QStringLiteral("resolve"), id, QStringLiteral("--json")});
    }

    /// What is still open is settled by reading; afterwards nothing is, and every entry is as it was written.
    static void requireSettled(RebuildFixture &fixture)
    {
        settle(fixture);
        QCOMPARE(openRecords(fixture), std::vector<QString>());
        const CtlRun verified = fixture.ctl().run({QStringLiteral("journal"), QStringLiteral("--verify"), QStringLiteral("--json")});
        QVERIFY2(verified.status == 0 && verified.json()[u"intact"].toBool(), qPrintable(verified.err));
    }

    RebuildFixture m_template;
    QString m_oldRows;
    QString m_newRows;
    QString m_newPositions;
    qint64 m_runMs = 0; ///< of a short command, to spread the kills
};

QTEST_GUILESS_MAIN(TestRebuildKill)
#include "tst_rebuild_kill.moc"
