// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal.h"
#include "models/journal/target_lock.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <tuple>

using connectors::ErrorCode;
using namespace models::journal;

namespace {

PlannedChange change(const QString &planId, const QString &undoes = {})
{
    return {planId, QStringLiteral("abc"), QStringLiteral("reset"), QStringLiteral("prod-eu"), QStringLiteral("cluster-1"), QStringLiteral("payments"),
            QStringLiteral("ann"), QStringLiteral("host"), undoes, {{QStringLiteral("position"), qint64{9007199254740993}}}};
}

void execute(const QString &path, const char *sql)
{
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
}

} // namespace

class TestJournal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("streamgauge/journal.db"));
    }

    void recordsWhatHappenedInOrder()
    {
        const auto journal = Journal::open(m_path);
        QVERIFY(journal);
        const auto id = (*journal)->add(change(QStringLiteral("p-1")));
        QCOMPARE(id.value(), QStringLiteral("1"));
        QVERIFY((*journal)->append(*id, State::Approved, {{QStringLiteral("who"), QStringLiteral("ann")}, {QStringLiteral("reason"), QStringLiteral("OPS-1")}}));
        QVERIFY((*journal)->append(*id, State::Intent));
        QVERIFY((*journal)->append(*id, State::Done));
        const auto record = (*journal)->find(QStringLiteral("p-1"));
        QVERIFY(record);
        QCOMPARE(record->state, State::Done);
        QCOMPARE(record->reason, QStringLiteral("OPS-1"));
        QCOMPARE(record->change.plan[QStringLiteral("position")].toInteger(), 9007199254740993);
        QVERIFY(record->hasIntent && record->finished && record->approved);
        QCOMPARE((*journal)->find(QStringLiteral("7")).error().code, ErrorCode::NotFound);
    }

    void namesWhatPutAChangeBack()
    {
        const auto journal = Journal::open(m_path);
        QVERIFY((*journal)->add(change(QStringLiteral("p-1"))));
        const auto undo = (*journal)->add(change(QStringLiteral("p-2"), QStringLiteral("1")));
        QCOMPARE((*journal)->find(QStringLiteral("1"))->undoneBy, QString());
        QVERIFY((*journal)->append(*undo, State::Done));
        QCOMPARE((*journal)->find(QStringLiteral("1"))->undoneBy, QStringLiteral("2"));
        QCOMPARE((*journal)->records()->front().journalId, QStringLiteral("2"));
    }

    void everyEntryIsInTheSecondCopyToo()
    {
        const QString sink = m_folder->filePath(QStringLiteral("copy.jsonl"));
        const auto journal = Journal::open(m_path, sink);
        const auto id = (*journal)->add(change(QStringLiteral("p-1")));
        QVERIFY(id);
        QVERIFY((*journal)->append(*id, State::Intent, {{QStringLiteral("step"), QStringLiteral("set")}}));
        QFile file(sink);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList lines = file.readAll().split('\n');
        QCOMPARE(lines.size(), 3); // each ends in a line feed
        const QJsonObject planned = QJsonDocument::fromJson(lines[0]).object();
        QCOMPARE(planned[QStringLiteral("state")].toString(), QStringLiteral("PLANNED"));
        QCOMPARE(planned[QStringLiteral("body")].toObject()[QStringLiteral("planId")].toString(), QStringLiteral("p-1"));
        const QJsonObject intent = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(intent[QStringLiteral("journalId")].toString(), *id);
        QCOMPARE(intent[QStringLiteral("state")].toString(), QStringLiteral("INTENT"));
        QCOMPARE(intent[QStringLiteral("hash")].toString().size(), 64);
        QVERIFY((QFile::permissions(sink) & (QFile::ReadGroup | QFile::ReadOther)) == 0);
    }

    void withoutTheSecondCopyNoEntryIsWritten_data()
    {
        QTest::addColumn<QString>("sink");
        QTest::newRow("a folder that is not there") << QStringLiteral("/nonexistent/copy.jsonl");
        QTest::newRow("a path that is not absolute") << QStringLiteral("copy.jsonl");
        QTest::newRow("a full disk") << QStringLiteral("/dev/full");
        QTest::newRow("a pipe that nobody reads") << QStringLiteral("/a/pipe"); // made in the folder of the test
    }

    void withoutTheSecondCopyNoEntryIsWritten()
    {
        QFETCH(QString, sink);
        if (sink == QStringLiteral("/a/pipe")) {
            sink = m_folder->filePath(QStringLiteral("pipe"));
            QCOMPARE(::mkfifo(sink.toLocal8Bit().constData(), 0600), 0);
        }
        const auto journal = Journal::open(m_path, sink);
        const auto added = (*journal)->add(change(QStringLiteral("p-1")));
        QCOMPARE(added.error().code, ErrorCode::StorageFailed);
        QVERIFY2(added.error().message.contains(sink), qPrintable(added.error().message));
        QVERIFY((*journal)->records()->empty());
        QVERIFY((*Journal::open(m_path, {}))->add(change(QStringLiteral("p-1"))));
    }

    void anAddressThatCannotBeUsedIsNotRepeated()
    {
        const auto written = JournalSink(QStringLiteral("kafka://ann:secret@broker:9092/journal")).write("{}");
        QCOMPARE(written.error().code, ErrorCode::StorageFailed);
        QCOMPARE(written.error().message, QStringLiteral("The journal's second copy kafka://… could not be written: It is no file."));
        QVERIFY2(!written.error().advice.contains(QStringLiteral("secret")), qPrintable(written.error().advice));
    }

    void aLineThatDoesNotFitIsTakenOutOfTheSecondCopy()
    {
        const QString sink = m_folder->filePath(QStringLiteral("copy.jsonl"));
        const auto journal = Journal::open(m_path, sink);
        QVERIFY((*journal)->add(change(QStringLiteral("p-1"))));
        const qint64 size = QFileInfo(sink).size();
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto ignoring = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit tight{static_cast<rlim_t>(size + 10), before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
        const auto written = JournalSink(sink).write("a line that is longer than what is left");
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, ignoring);
        QVERIFY(!written);
        QCOMPARE(QFileInfo(sink).size(), size);
    }

    void aLineOfAnotherProgramStaysWhenOnesOwnDoesNotFit()
    {
        const QString sink = m_folder->filePath(QStringLiteral("copy.jsonl"));
        QFile other(sink);
        QVERIFY(other.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered));
        QCOMPARE(::flock(other.handle(), LOCK_EX), 0);
        bool isWritten = true;
        std::thread own([&] { isWritten = JournalSink(sink).write("a line that is longer than what is left").has_value(); });
        other.write("the other's line\n");
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto ignoring = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit tight{static_cast<rlim_t>(other.size() + 10), before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
        QCOMPARE(::flock(other.handle(), LOCK_UN), 0);
        own.join();
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, ignoring);
        QVERIFY(!isWritten);
        QFile copy(sink);
        QVERIFY(copy.open(QIODevice::ReadOnly));
        QCOMPARE(copy.readAll(), QByteArray("the other's line\n"));
    }

    void keepsAPlanIdOnce()
    {
        const auto journal = Journal::open(m_path);
        QVERIFY((*journal)->add(change(QStringLiteral("p-1"))));
        QCOMPARE((*journal)->add(change(QStringLiteral("p-1"))).error().code, ErrorCode::Conflict);
    }

    void isForItsOwnerOnly()
    {
        QVERIFY(Journal::open(m_path));
        QCOMPARE(QFileInfo(m_path).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
    }

    void findsAFlippedByte()
    {
        {
            const auto journal = Journal::open(m_path);
            for (int i = 0; i < 5; ++i)
                QVERIFY((*journal)->add(change(QStringLiteral("plan-%1").arg(i))));
            QVERIFY((*journal)->verify()->isIntact());
        }
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qsizetype place = file.readAll().indexOf("plan-2");
        QVERIFY(place > 0);
        file.seek(place + 5);
        file.write("7");
        file.close();
        const auto found = (*Journal::open(m_path))->verify();
        QVERIFY(!found->isIntact());
        QCOMPARE(found->firstBad, std::optional<qint64>(3));
    }

    void findsAnEntryThatWasTakenOut()
    {
        {
            const auto journal = Journal::open(m_path);
            for (int i = 0; i < 3; ++i)
                QVERIFY((*journal)->add(change(QString::number(i))));
        }
        execute(m_path, "DROP TRIGGER entries_stay; DELETE FROM entries WHERE id = 2");
        QVERIFY(!(*Journal::open(m_path))->verify()->isIntact());
    }

    void refusesToChangeOrDeleteEntries()
    {
        QVERIFY((*Journal::open(m_path))->add(change(QStringLiteral("p"))));
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(m_path.toUtf8().constData(), &database), SQLITE_OK);
        QVERIFY(sqlite3_exec(database, "UPDATE entries SET at = 0", nullptr, nullptr, nullptr) != SQLITE_OK);
        QVERIFY(sqlite3_exec(database, "DELETE FROM entries", nullptr, nullptr, nullptr) != SQLITE_OK);
        sqlite3_close(database);
    }

    void writersInParallelKeepOneChain()
    {
        constexpr int Writers = 4;
        constexpr int Each = 20;
        std::vector<std::thread> threads;
        std::atomic<int> failures = 0;
        for (int writer = 0; writer < Writers; ++writer) {
            threads.emplace_back([&, writer] {
                const auto journal = Journal::open(m_path);
                for (int i = 0; i < Each; ++i)
                    failures += !journal || !(*journal)->add(change(QStringLiteral("%1-%2").arg(writer).arg(i)));
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(failures.load(), 0);
        const auto found = (*Journal::open(m_path))->verify();
        QVERIFY2(found->isIntact(), qPrintable(found->problem));
        QCOMPARE(found->entries, Writers * Each);
    }

    void refusesAJournalOfANewerVersion()
    {
        QVERIFY(Journal::open(m_path));
        execute(m_path, "PRAGMA user_version = 99");
        const auto journal = Journal::open(m_path);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code, ErrorCode::StorageFailed);
        QVERIFY(journal.error().message.contains(QStringLiteral("newer version")));
    }

    void refusesACorruptFile()
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_path).path()));
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        const auto journal = Journal::open(m_path);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code, ErrorCode::Unreadable);
        QVERIFY(journal.error().message.contains(m_path));
    }

    void refusesAFolderThatCannotBeMade()
    {
        QFile blocker(m_folder->filePath(QStringLiteral("file")));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        const auto journal = Journal::open(m_folder->filePath(QStringLiteral("file/streamgauge/journal.db")));
        QVERIFY(!journal);
        QCOMPARE(journal.error().code, ErrorCode::StorageFailed);
        QVERIFY(!journal.error().advice.isEmpty());
    }

    void saysThatTheDiskIsFull()
    {
        const auto journal = Journal::open(m_path);
        QVERIFY((*journal)->add(change(QStringLiteral("p-1"))));
        // The kernel refuses to let any file grow: what a full disk does to a write.
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit none{4096, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &none), 0);
        connectors::Result<void> appended;
        for (int i = 0; i < 50 && appended; ++i)
            appended = (*journal)->append(QStringLiteral("1"), State::Approved, {{QStringLiteral("reason"), QString(4000, u'x')}});
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::StorageFailed);
        QVERIFY((*journal)->verify()->isIntact());
    }

    void looksAtAMissingJournalWithoutMakingIt()
    {
        const auto journal = Journal::openToRead(m_path);
        QVERIFY(journal);
        QVERIFY(!*journal);
        QVERIFY(!QFileInfo::exists(m_path));
    }

    void locksATargetOnce()
    {
        QVERIFY(Journal::open(m_path));
        const auto first = TargetLock::acquire(m_path, QStringLiteral("s"), QStringLiteral("g"));
        QVERIFY(first);
        const auto second = TargetLock::acquire(m_path, QStringLiteral("s"), QStringLiteral("g"));
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
        QVERIFY(TargetLock::acquire(m_path, QStringLiteral("s"), QStringLiteral("other")));
    }

    void lookingAtALockTakesAndMakesNothing()
    {
        const QString system = QStringLiteral("s");
        const QString group = QStringLiteral("g");
        QVERIFY(!TargetLock::isHeld(m_path, system, group));
        QVERIFY(!QFileInfo::exists(QFileInfo(m_path).path() + QStringLiteral("/locks")));
        std::atomic_bool isOver = false;
        std::thread looking([&] {
            while (!isOver)
                std::ignore = TargetLock::isHeld(m_path, system, group);
        });
        int refused = 0;
        for (int i = 0; i < 2000; ++i)
            refused += TargetLock::acquire(m_path, system, group) ? 0 : 1;
        isOver = true;
        looking.join();
        QCOMPARE(refused, 0);
        const auto held = TargetLock::acquire(m_path, system, group);
        QVERIFY(held);
        QVERIFY(TargetLock::isHeld(m_path, system, group));
    }

    void followsXdgDataHome()
    {
        qputenv("XDG_DATA_HOME", "/tmp/somewhere");
        QCOMPARE(Journal::defaultPath(), QStringLiteral("/tmp/somewhere/streamgauge/journal.db"));
        qunsetenv("XDG_DATA_HOME");
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
