// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history.h"
#include "models/history/statement.h"
#include "tests/support/full_disk.h"
#include "tests/support/unprivileged.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using connectors::EpochMs;
using connectors::Error;
using connectors::ErrorCode;
using models::history::History;
using models::history::PollSamples;
using models::history::SampleKind;
using models::history::SeriesPoint;

namespace {

constexpr EpochMs Begin = 1'790'000'000'000;
constexpr EpochMs Poll = 10'000;
const QString System = QStringLiteral("shop");

} // namespace

/// What becomes of a history that cannot be kept: the rest goes on, it is told once, and it is kept again where it can be.
class TestHistory final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_history = std::make_unique<History>(path());
        m_recorded = std::make_unique<QSignalSpy>(m_history.get(), &History::recorded);
        m_failed = std::make_unique<QSignalSpy>(m_history.get(), &History::failed);
    }

    void cleanup() { m_history.reset(); }

    void aFolderThatCannotBeMadeIsToldOnceAndTriedAgain()
    {
        QFile inTheWay(path());
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        record(0, 90);
        record(1, 80);
        const auto refused = lag(); // it is asked for after both
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::StorageFailed);
        QTRY_COMPARE(m_failed->size(), 1);
        QVERIFY2(told().message.contains(path()) && !told().advice.isEmpty(), qPrintable(connectors::describe(told())));
        QVERIFY(inTheWay.remove());
        record(2, 70);
        QTRY_COMPARE(m_recorded->size(), 1);
        QCOMPARE(*lag(), (std::vector<SeriesPoint>{{Begin + 2 * Poll, 30}}));
        QCOMPARE(m_failed->size(), 1);
    }

    void aFullDiskIsToldAndNothingIsTakenForStored()
    {
        record(0, 90);
        QTRY_COMPARE(m_recorded->size(), 1);
        {
            const tests::FullDisk full;
            record(1, 80);
            record(2, 80);
            QTRY_COMPARE(m_failed->size(), 1);
            QVERIFY(lag());
        }
        QVERIFY2(told().message.contains(QStringLiteral("could not be written")), qPrintable(told().message));
        record(3, 80); // as before, but that was not stored
        QTRY_COMPARE(m_recorded->size(), 2);
        QCOMPARE(*lag(), (std::vector<SeriesPoint>{{Begin, 10}, {Begin + 3 * Poll, 20}}));
    }

    void aReadOnlyHistoryIsTold()
    {
        record(0, 90);
        QTRY_COMPARE(m_recorded->size(), 1);
        m_history.reset();
        const QString file = QDir(path()).entryInfoList(QDir::Files).constFirst().filePath();
        QFile::setPermissions(file, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
        for (const QString &folder : {m_folder->path(), path()})
            QFile::setPermissions(folder, QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther);
        {
            const tests::Unprivileged nobody;
            History history(path());
            const QSignalSpy failed(&history, &History::failed);
            history.record(System, samples(1, 80));
            QTRY_COMPARE(failed.size(), 1);
            const auto error = failed[0][0].value<Error>();
            QVERIFY2(error.message.contains(file), qPrintable(error.message));
        }
        for (const QString &folder : {m_folder->path(), path()})
            QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void aHistoryOfWhichAPartIsCorruptIsNoWholeAnswer()
    {
        record(0, 90);
        QTRY_COMPARE(m_recorded->size(), 1);
        m_history.reset();
        QFile file(QDir(path()).entryInfoList(QDir::Files).constFirst().filePath());
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(file.fileName().toUtf8().constData(), &database), SQLITE_OK);
        const qint64 pageSize = numberOf(database, "PRAGMA page_size");
        const qint64 page = numberOf(database, "SELECT rootpage FROM sqlite_master WHERE name = 'sample'");
        sqlite3_close(database);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek((page - 1) * pageSize); // the samples, but not when was polled
        file.write(QByteArray(static_cast<qsizetype>(pageSize), '\x7f'));
        file.close();
        m_history = std::make_unique<History>(path());
        const auto refused = lag();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unreadable);
        QVERIFY2(refused.error().message.contains(file.fileName()) && refused.error().advice.contains(QStringLiteral("Move the file away")),
                 qPrintable(connectors::describe(refused.error())));
    }

private:
    static qint64 numberOf(sqlite3 *database, const char *sql)
    {
        models::history::Statement statement(database, sql);
        return statement.step() ? statement.number(0) : -1;
    }
    [[nodiscard]] QString path() const { return m_folder->filePath(QStringLiteral("history")); }
    [[nodiscard]] Error told() const { return m_failed->at(0).at(0).value<Error>(); }
    static PollSamples samples(int poll, qint64 checkpoint)
    {
        return {SampleKind::Consumer, Begin + poll * Poll, {{QStringLiteral("payments"), QStringLiteral("orders"), 0, checkpoint, 0, 100, {}}}, false};
    }
    void record(int poll, qint64 checkpoint) { m_history->record(System, samples(poll, checkpoint)); }
    connectors::Result<std::vector<SeriesPoint>> lag()
    {
        const auto answer = m_history->query(System, {SampleKind::Consumer, QStringLiteral("payments"), false, Begin, Begin + 100 * Poll, 10'000});
        // Not by waiting for the future, which would do the work here and now, before what is queued.
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20'000))
            qFatal("The history does not answer.");
        const auto series = answer.result();
        if (!series)
            return tl::unexpected(series.error());
        const auto line = series->find({});
        return line == series->end() ? std::vector<SeriesPoint>() : line->second;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<History> m_history;
    std::unique_ptr<QSignalSpy> m_recorded;
    std::unique_ptr<QSignalSpy> m_failed;
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
