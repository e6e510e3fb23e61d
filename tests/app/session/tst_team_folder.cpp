// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/session_factory.h"
#include "app/systems/direct_systems.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <atomic>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace connectors;
using session::TeamFolder;

namespace {

/// Apostrophes stand for quotation marks.
QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

} // namespace

class TestTeamFolder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void noFileDeclaresNothing()
    {
        const auto declared = TeamFolder(m_dir->path()).deadLetters(u"prod-eu"_qs);
        QVERIFY(declared && declared->queues.empty() && declared->notQueues.empty());
    }

    void aQueueIsDeclaredForItsConnectionOrForEveryOne()
    {
        write(jsonOf("{'deadLetterQueues': [{'connection': 'prod-*', 'stream': 'orders.failed', 'of': 'orders.events', 'consumer': 'payments'},"
                   " {'stream': '*.parked'}, 'waiting-?'],"
                   " 'notDeadLetterQueues': ['shop.errors', {'connection': 'prod-eu', 'stream': 'audit.parked'}]}"));
        const auto prod = TeamFolder(m_dir->path()).deadLetters(u"prod-eu"_qs);
        QVERIFY2(prod, prod ? "" : qPrintable(prod.error().message));
        const DeclaredQueue *failed = prod->find(u"orders.failed"_qs);
        QVERIFY(failed != nullptr);
        QCOMPARE(failed->of, u"orders.events"_qs);
        QCOMPARE(failed->consumer, u"payments"_qs);
        QVERIFY(prod->find(u"mail.parked"_qs) && prod->find(u"waiting-1"_qs));
        QVERIFY(!prod->find(u"orders.failed.old"_qs) && !prod->find(u"waiting-10"_qs) && !prod->find(u"shop.errors"_qs));
        QVERIFY(prod->isNoQueue(u"shop.errors"_qs) && !prod->isNoQueue(u"orders.failed"_qs));
        QVERIFY(prod->isNoQueue(u"audit.parked"_qs) && !prod->find(u"audit.parked"_qs));

        const auto test = TeamFolder(m_dir->path()).deadLetters(u"test"_qs);
        QVERIFY(!test->find(u"orders.failed"_qs) && test->find(u"audit.parked"_qs));
    }

    void anAddressIsAConnectionToo()
    {
        write(jsonOf("{'deadLetterQueues': [{'connection': 'kafka://[::1]:9092', 'stream': 'a'}]}"));
        QVERIFY(TeamFolder(m_dir->path()).deadLetters(u"kafka://[::1]:9092"_qs)->find(u"a"_qs));
        QVERIFY(!TeamFolder(m_dir->path()).deadLetters(u"kafka://b:9092"_qs)->find(u"a"_qs));
    }

    void whatCannotBeUsedIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("no JSON") << QByteArray("{\n\"deadLetterQueues\": [,]}") << u"line 2"_qs;
        QTest::newRow("no object") << QByteArray("[]") << u"line 1"_qs;
        QTest::newRow("misspelt list") << jsonOf("{'deadLeterQueues': []}") << u"/deadLeterQueues"_qs;
        QTest::newRow("no list") << jsonOf("{'deadLetterQueues': {}}") << u"/deadLetterQueues"_qs;
        QTest::newRow("no entry") << jsonOf("{'notDeadLetterQueues': ['a', 5]}") << u"/notDeadLetterQueues/1"_qs;
        QTest::newRow("no stream") << jsonOf("{'deadLetterQueues': [{'of': 'a'}]}") << u"/deadLetterQueues/0"_qs;
        QTest::newRow("misspelt member") << jsonOf("{'deadLetterQueues': [{'stream': 'a', 'connecton': 'b'}]}") << u"/deadLetterQueues/0/connecton"_qs;
        QTest::newRow("no text") << jsonOf("{'deadLetterQueues': [{'stream': 5}]}") << u"/deadLetterQueues/0/stream"_qs;
        QTest::newRow("no pattern") << jsonOf("{'deadLetterQueues': ['a[z-a]']}") << u"/deadLetterQueues/0"_qs;
        QTest::newRow("no pattern of connections") << jsonOf("{'deadLetterQueues': [{'stream': 'a', 'connection': 'b[z-a]'}]}") << u"/deadLetterQueues/0/connection"_qs;
        QTest::newRow("deep") << QByteArray(100'000, '[') + QByteArray(100'000, ']') << u"nested too deeply"_qs;
    }

    void whatCannotBeUsedIsNamedWithItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        write(text);
        const auto declared = TeamFolder(m_dir->path()).deadLetters(u"prod-eu"_qs);
        QVERIFY(!declared);
        QCOMPARE(declared.error().code, ErrorCode::Unreadable);
        QVERIFY2(declared.error().message.contains(place) && declared.error().message.contains(path()), qPrintable(declared.error().message));
        QVERIFY(!declared.error().advice.isEmpty());
    }

    void whatIsNoFileIsNotRead()
    {
        QCOMPARE(::mkfifo(path().toLocal8Bit().constData(), 0600), 0);
        QVERIFY(TeamFolder(m_dir->path()).deadLetters(u"x"_qs).error().message.contains(u"it is not a file"_qs));
        QVERIFY(QFile::remove(path()) && QFile::link(u"/dev/zero"_qs, path()));
        QVERIFY(TeamFolder(m_dir->path()).deadLetters(u"x"_qs).error().message.contains(u"it is not a file"_qs));
    }

    void aProblemIsToldOnceWhenQueuesAreLookedFor()
    {
        session::SessionFactory factory(std::make_shared<systems::DirectSystems>(), m_dir->filePath(u"connections.json"_qs), TeamFolder(m_dir->path()));
        std::mutex mutex; // it is told on the connector's thread
        QStringList told;
        factory.setTeamListener([&](const Error &error) {
            const std::lock_guard lock(mutex);
            told += error.message.section(u'/', -1);
        });
        const auto sayings = [&] {
            const std::lock_guard lock(mutex);
            return told.size();
        };
        const auto connector = factory.open(*session::parseConnection(u"kafka://127.0.0.1:1"_qs)).value();
        std::stop_source stop;
        for (const auto &[text, count] : {std::pair("{'a': []}", 1), std::pair("{'b': []}", 2), std::pair("{'b': []}", 2), std::pair("{'a': []}", 3)}) {
            write(jsonOf(text));
            std::ignore = connector->deadLetterSource()->deadLetterQueues(stop.get_token());
            QTRY_COMPARE_WITH_TIMEOUT(sayings(), count, 10'000);
        }
        stop.request_stop();
        QVERIFY2(told[0].startsWith(u"a ") && told[1].startsWith(u"b ") && told[2].startsWith(u"a "), qPrintable(told.join(u'\n')));
    }

    void whoHasListenedIsToldNothingAfterwards()
    {
        session::SessionFactory factory(std::make_shared<systems::DirectSystems>(), m_dir->filePath(u"connections.json"_qs), TeamFolder(m_dir->path()));
        std::atomic_bool isBegun = false;
        std::atomic_bool isOver = false;
        factory.setTeamListener([&](const Error &) {
            isBegun = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            isOver = true;
        });
        write("[]");
        const auto connector = factory.open(*session::parseConnection(u"kafka://127.0.0.1:1"_qs)).value();
        std::stop_source stop;
        std::ignore = connector->deadLetterSource()->deadLetterQueues(stop.get_token());
        QTRY_VERIFY(isBegun);
        factory.setTeamListener({});
        QVERIFY(isOver);
        stop.request_stop();
    }

    void theFolderIsTheNamedOneElseTheOneHereElseOnesOwn()
    {
        const QString before = QDir::currentPath();
        const QByteArray config = qgetenv("XDG_CONFIG_HOME");
        const auto folder = [this](const QString &name) {
            const QString made = m_dir->filePath(name);
            QDir().mkpath(made);
            QFile file(made + u"/dead-letters.json"_qs);
            std::ignore = file.open(QIODevice::WriteOnly);
            file.write("{\"deadLetterQueues\": [\"" + name.section(u'/', 0, 0).toUtf8() + "\"]}");
            return made;
        };
        folder(u"own/streamgauge/streamgauge.d"_qs);
        qputenv("XDG_CONFIG_HOME", m_dir->filePath(u"own"_qs).toLocal8Bit());
        QVERIFY(QDir::setCurrent(m_dir->path()));
        QVERIFY(TeamFolder().deadLetters(u"x"_qs)->find(u"own"_qs));
        folder(u"here/streamgauge.d"_qs);
        QVERIFY(QDir::setCurrent(m_dir->filePath(u"here"_qs)));
        QVERIFY(TeamFolder().deadLetters(u"x"_qs)->find(u"here"_qs));
        qputenv("STREAMGAUGE_TEAM_FOLDER", folder(u"named"_qs).toLocal8Bit());
        QVERIFY(TeamFolder().deadLetters(u"x"_qs)->find(u"named"_qs));
        qputenv("STREAMGAUGE_TEAM_FOLDER", m_dir->filePath(u"gone"_qs).toLocal8Bit());
        QVERIFY(TeamFolder().deadLetters(u"x"_qs).error().message.contains(u"gone"_qs));
        qunsetenv("STREAMGAUGE_TEAM_FOLDER");
        qputenv("XDG_CONFIG_HOME", config);
        QDir::setCurrent(before);
    }

private:
    [[nodiscard]] QString path() const { return m_dir->filePath(u"dead-letters.json"_qs); }

    void write(const QByteArray &text) const
    {
        QSaveFile file(path()); // whoever reads meanwhile has the old one or the new one
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        QVERIFY(file.commit());
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestTeamFolder)
#include "tst_team_folder.moc"
