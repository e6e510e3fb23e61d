// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history_file.h"
#include "models/history/recorder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <cmath>

using namespace models::history;
using connectors::EpochMs;

namespace {
constexpr EpochMs Begin = 1'790'000'000'000;
constexpr EpochMs Poll = 10'000;
const QString Payments = QStringLiteral("payments");
}

class TestHistoryFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_file = *HistoryFile::open({}); }

    void lagIsTheSumOfThePartitionsAtEachPoll()
    {
        record(0, {90, 40}, 100);
        record(1, {100, 100}, 100);
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 10 * Poll, 100});
        QVERIFY(series);
        const auto &points = series->at({});
        QCOMPARE(points, (std::vector<SeriesPoint>{{Begin, 70}, {Begin + Poll, 0}}));
    }

    void whatWasNotWatchedIsAGap()
    {
        record(0, {90, 40}, 100);
        record(100, {90, 40}, 100);
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 101 * Poll, 100});
        const auto &points = series->at({});
        QCOMPARE(points.size(), size_t(3));
        QVERIFY(std::isnan(points[1].value));
    }

    void whatCouldNotBeReadIsNotTakenOutOfTheSum()
    {
        connectors::ConsumerStates states;
        states.consumers.resize(1);
        states.consumers[0].summary.consumer = Payments;
        states.consumers[0].positions.resize(2);
        for (int i = 0; i < 2; ++i) {
            connectors::ConsumerPosition &position = states.consumers[0].positions[static_cast<size_t>(i)];
            position.stream = QStringLiteral("orders");
            position.partition = i;
            position.checkpoint = 50;
            position.start = 0;
            position.end = 100;
        }
        QVERIFY(m_file->record(samplesOf(states, Begin)));
        connectors::ConsumerPosition &down = states.consumers[0].positions[1]; // its broker is
        down.end.reset();
        down.problem = connectors::Error{connectors::ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        QVERIFY(m_file->record(samplesOf(states, Begin + Poll)));
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 10 * Poll, 100});
        QCOMPARE(series->at({}), (std::vector<SeriesPoint>{{Begin, 100}, {Begin + Poll, 100}}));

        connectors::DeadLetterQueue queue;
        queue.stream = QStringLiteral("orders.DLT");
        queue.depth = 7;
        QVERIFY(m_file->record(samplesOf(std::vector{queue}, Begin)));
        queue.depth.reset();
        QVERIFY(m_file->record(samplesOf(std::vector{queue}, Begin + Poll)));
        const auto letters = m_file->query({SampleKind::DeadLetters, queue.stream, false, Begin, Begin + 10 * Poll, 100});
        QCOMPARE(letters->at({}), (std::vector<SeriesPoint>{{Begin, 7}, {Begin + Poll, 7}}));
    }

    void whatIsBesideSumsHasALineOfItsOwn()
    {
        PollSamples poll;
        poll.time = Begin;
        poll.samples.push_back({Payments, QStringLiteral("orders"), 0, 90, 0, 100, {}});
        poll.samples.push_back({QStringLiteral("stopped"), QStringLiteral("orders"), 0, 40, 0, 100, {}, false, true});
        QVERIFY(m_file->record(poll));
        poll.time += Poll;
        poll.samples[1].isBesideSums = false; // somebody reads again, from the same place
        QVERIFY(m_file->record(poll));
        SeriesQuery query{SampleKind::Consumer, {}, false, Begin, Begin + 10 * Poll, 100};
        QCOMPARE(m_file->query(query)->at({}), (std::vector<SeriesPoint>{{Begin, 10}, {Begin + Poll, 70}}));
        query.name = QStringLiteral("stopped");
        QCOMPARE(m_file->query(query)->at({}), (std::vector<SeriesPoint>{{Begin, 60}, {Begin + Poll, 60}}));
        query.name.clear();
        query.isByName = true;
        QCOMPARE(m_file->query(query)->at(QStringLiteral("stopped")), (std::vector<SeriesPoint>{{Begin, 60}, {Begin + Poll, 60}}));
    }

    void aHistoryOfTheVersionBeforeGoesOn()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("history.db"));
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(path.toUtf8().constData(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database,
                              "CREATE TABLE series(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, stream TEXT NOT NULL, "
                              "partition INTEGER NOT NULL, UNIQUE(kind, name, stream, partition));"
                              "CREATE TABLE sample(series INTEGER NOT NULL, time INTEGER NOT NULL, checkpoint INTEGER, start INTEGER, "
                              "\"end\" INTEGER, scope_lag INTEGER, PRIMARY KEY(series, time)) WITHOUT ROWID;"
                              "CREATE TABLE poll(kind INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(kind, time)) WITHOUT ROWID;"
                              "INSERT INTO series VALUES(1, 0, 'payments', 'orders', 0);"
                              "INSERT INTO sample VALUES(1, 1790000000000, 90, 0, 100, NULL);"
                              "INSERT INTO poll VALUES(0, 1790000000000); PRAGMA user_version = 1",
                              nullptr, nullptr, nullptr),
                 SQLITE_OK);
        sqlite3_close(database);
        m_file = *HistoryFile::open(path);
        record(1, {95}, 100);
        const auto series = m_file->query({SampleKind::Consumer, {}, false, Begin, Begin + 10 * Poll, 100});
        QCOMPARE(series->at({}), (std::vector<SeriesPoint>{{Begin, 10}, {Begin + Poll, 5}}));
    }

    void twoProgramsWriteOneFile()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("history.db"));
        m_file = *HistoryFile::open(path);
        auto other = *HistoryFile::open(path);
        record(0, {90, 40}, 100);
        std::swap(m_file, other);
        record(1, {95, 45}, 100);
        std::swap(m_file, other);
        record(2, {100, 50}, 100);
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 10 * Poll, 100});
        QCOMPARE(series->at({}), (std::vector<SeriesPoint>{{Begin, 70}, {Begin + Poll, 60}, {Begin + 2 * Poll, 50}}));
    }

    void aFileThatIsNoHistoryIsNamedAndLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no database") << QByteArray(5000, 'x');
        QTest::newRow("only a head") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, 'x');
    }

    void aFileThatIsNoHistoryIsNamedAndLeftAlone()
    {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("history.db")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(content);
        file.flush();
        const auto opened = HistoryFile::open(file.fileName());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, connectors::ErrorCode::Unreadable);
        QVERIFY(opened.error().message.contains(file.fileName()));
        file.seek(0);
        QCOMPARE(file.readAll(), content);
    }

    void aHistoryOfANewerVersionIsLeftAlone()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("history.db"));
        m_file = *HistoryFile::open(path);
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(path.toUtf8().constData(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database, "PRAGMA user_version = 99", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
        const auto opened = HistoryFile::open(path);
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(QStringLiteral("newer version")), qPrintable(opened.error().message));
    }

    void aFileIsReadAgain()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("deep/in/history.db"));
        m_file = *HistoryFile::open(path);
        record(0, {0, 0}, 100);
        record(1, {50, 50}, 100);
        m_file = *HistoryFile::open(path);
        record(2, {100, 100}, 100);
        QCOMPARE(rate(), std::optional<double>(10.0));
    }

    void theRateIsThatOfAllPartitionsTogether()
    {
        QCOMPARE(rate(), std::nullopt);
        record(0, {0, 0}, 1000);
        record(1, {0, 0}, 1000);
        QCOMPARE(rate(), std::nullopt); // it was never seen moving
        record(2, {100, 200}, 1000);
        record(3, {200, 400}, 1000);
        QCOMPARE(rate(), std::optional<double>(30.0));
    }

    void oneJumpIsNotARate()
    {
        for (int i = 0; i <= 10; ++i)
            record(i, {i * 100, i * 100}, 1'000'000);
        record(11, {900'000, 900'000}, 1'000'000); // a reset to the end
        QCOMPARE(rate(), std::optional<double>(20.0));
    }

    void resetsOfWhoNeverReadAreNoRate()
    {
        record(0, {0, 0}, 1000);
        record(1, {500, 500}, 1000);
        record(2, {500, 500}, 1000);
        record(3, {0, 0}, 1000);
        record(4, {500, 500}, 1000);
        QCOMPARE(rate(), std::nullopt);
    }

    void whoCommitsSeldomHasARateInTheEnd()
    {
        for (int i = 0; i <= 20; ++i)
            record(i, {i / 2 * 100, 0}, 1'000'000);
        QCOMPARE(rate(), std::optional<double>(10.0));
    }

    void whatGoesBackOrWasNotWatchedDoesNotCount()
    {
        record(0, {500, 500}, 1000);
        record(1, {100, 100}, 1000);
        record(100, {900, 900}, 1000); // fifteen minutes later
        QCOMPARE(rate(), std::nullopt);
    }

private:
    void record(int poll, const std::vector<qint64> &checkpoints, qint64 end)
    {
        PollSamples samples;
        samples.time = Begin + poll * Poll;
        int partition = 0;
        for (const qint64 checkpoint : checkpoints)
            samples.samples.push_back({Payments, QStringLiteral("orders"), partition++, checkpoint, 0, end, {}});
        if (const auto recorded = m_file->record(samples); !recorded)
            qFatal("%s", qPrintable(connectors::describe(recorded.error())));
    }

    std::optional<double> rate() { return *m_file->readingRate(Payments, Begin, Begin + 200 * Poll); }

    std::unique_ptr<HistoryFile> m_file;
};

QTEST_GUILESS_MAIN(TestHistoryFile)
#include "tst_history_file.moc"
