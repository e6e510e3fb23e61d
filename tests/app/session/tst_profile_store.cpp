// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/profile_store.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace connectors;
using namespace session;

namespace {

Profile profileOf(const char *name, const char *url)
{
    Profile profile{parseConnection(QString::fromLatin1(url)).value(), {}, {}};
    profile.spec.name = QString::fromUtf8(name);
    return profile;
}

} // namespace

class TestProfileStore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void whatIsSavedIsThereAgainSortedByName()
    {
        const ProfileStore store(path());
        QVERIFY(store.load()->empty());
        Profile prod = profileOf("prod-eu", "kafka://anna@a:1,b:2?environment=production&security.protocol=SASL_SSL");
        prod.tokenCommand = QStringLiteral("/usr/bin/token --scope x");
        QVERIFY(store.save(prod));
        QVERIFY(store.save(profileOf("orders", "sqlite:/tmp/orders.db")));
        const auto profiles = store.load();
        QVERIFY(profiles);
        QCOMPARE(profiles->size(), size_t(2));
        QCOMPARE(profiles->at(0).spec.name, QStringLiteral("orders"));
        QCOMPARE(profiles->at(1), prod);
        QCOMPARE(QFile::permissions(path()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QVERIFY(store.remove(QStringLiteral("orders")));
        QCOMPARE(store.load()->size(), size_t(1));
        QCOMPARE(store.remove(QStringLiteral("orders")).error().code, ErrorCode::NotFound);
    }

    void savingAgainReplacesAndKeepsWhatThisVersionDoesNotKnow()
    {
        write("{\"version\": 1, \"colour\": \"blue\", \"connections\": [{\"name\": \"x\", \"url\": \"kafka://a:1\", \"note\": \"mine\"}]}");
        const ProfileStore store(path());
        QVERIFY(store.save(profileOf("x", "kafka://b:2")));
        QCOMPARE(store.load()->at(0).spec.hosts, QStringList{QStringLiteral("b:2")});
        QVERIFY(read().contains("\"note\": \"mine\""));
        QVERIFY(read().contains("\"colour\": \"blue\""));
    }

    void aTokenCommandMayBeAListOfArguments()
    {
        write("{\"version\": 1, \"connections\": [{\"name\": \"x\", \"url\": \"kafka://a:1\","
              "\"tokenCommand\": [\"/opt/my tools/token\", \"a \\\"b\\\"\", \"c'd\", \"$e\"], \"passwordCommand\": [\"p\", \"\"]}]}");
        const ProfileStore store(path());
        const Profile saved = store.load()->at(0);
        QCOMPARE(QProcess::splitCommand(saved.tokenCommand), QStringList({QStringLiteral("/opt/my tools/token"), QStringLiteral("a \"b\""), QStringLiteral("c'd"), QStringLiteral("$e")}));
        QCOMPARE(saved.passwordCommand, QStringList({QStringLiteral("p"), QString()}));
        QVERIFY(store.save(saved));
        QCOMPARE(store.load()->at(0), saved);
        QVERIFY(read().contains("\"/opt/my tools/token\"")); // still a list
        Profile changed = saved;
        changed.tokenCommand = QStringLiteral("/bin/token");
        QVERIFY(store.save(changed));
        QCOMPARE(store.load()->at(0), changed);
    }

    void aBrokenFileIsReportedWithItsLineAndNotOverwritten_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("line");
        QTest::newRow("not JSON") << QByteArray("{\n\"connections\": [\n{\"name\": oops}]}") << QStringLiteral("line 3");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("line 1");
        QTest::newRow("no list") << QByteArray("{}") << QStringLiteral("line 1");
        QTest::newRow("bad url") << QByteArray("{\"connections\": [\n\n{\"name\": \"x\", \"url\": \"gopher://x\"}]}") << QStringLiteral("line 3");
        QTest::newRow("password inside") << QByteArray("{\"connections\": [\n{\"name\": \"x\", \"url\": \"kafka://a:hunter2@b\"}]}") << QStringLiteral("line 2");
        QTest::newRow("newer") << QByteArray("{\"version\": 2, \"connections\": []}") << QStringLiteral("newer version");
        QTest::newRow("deep") << QByteArray("{\"connections\": ") + QByteArray(100000, '[') + QByteArray(100000, ']') + '}' << QStringLiteral("too deeply");
    }

    void aBrokenFileIsReportedWithItsLineAndNotOverwritten()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, line);
        write(content);
        const ProfileStore store(path());
        const auto loaded = store.load();
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().message.contains(line), qPrintable(loaded.error().message));
        QVERIFY(loaded.error().message.contains(path()));
        QVERIFY(!loaded.error().message.contains(u"hunter2"));
        QVERIFY(!store.save(profileOf("y", "kafka://b:2")));
        QVERIFY(!store.remove(QStringLiteral("x")));
        QCOMPARE(read(), content);
    }

    void twoInstancesLoseNothing()
    {
        constexpr int Each = 20;
        const auto work = [this](const char *prefix) {
            const ProfileStore store(path());
            for (int i = 0; i < Each; ++i) {
                Profile profile = profileOf("x", "kafka://b:2");
                profile.spec.name = QString::fromLatin1(prefix) + QString::number(i);
                if (!store.save(profile))
                    return;
            }
        };
        std::thread one(work, "one");
        std::thread two(work, "two");
        one.join();
        two.join();
        QCOMPARE(ProfileStore(path()).load()->size(), size_t(2 * Each));
    }

    void aSecretIsNeverWritten()
    {
        const ProfileStore store(path());
        Profile profile = profileOf("x", "kafka://b:2");
        profile.spec.properties.insert(QStringLiteral("sasl.password"), QStringLiteral("hunter2"));
        const auto saved = store.save(profile);
        QVERIFY(!saved);
        QVERIFY(!describe(saved.error()).contains(u"hunter2"));
        QVERIFY(!QFile::exists(path()));
    }

    void aNameThatLooksLikeAnAddressIsRefused()
    {
        const ProfileStore store(path());
        QVERIFY(!store.save(profileOf("kafka://a", "kafka://b:2")));
        QVERIFY(!store.save(profileOf("  ", "kafka://b:2")));
    }

    void findTakesANameOrAnAddress()
    {
        const ProfileStore store(path());
        QVERIFY(store.save(profileOf("prod-eu", "kafka://b:2?environment=production")));
        QCOMPARE(store.find(QStringLiteral("prod-eu"))->spec.environment, Environment::Production);
        QCOMPARE(store.find(QStringLiteral("kafka://c:3"))->spec.hosts, QStringList{QStringLiteral("c:3")});
        const auto missing = store.find(QStringLiteral("prod-us"));
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().advice.contains(u"prod-eu"));
    }

    void aFolderThatCannotBeWrittenIsSaid()
    {
        write("this is a file, not a folder");
        const ProfileStore store(path() + QStringLiteral("/connections.json"));
        const auto saved = store.save(profileOf("x", "kafka://b:2"));
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::StorageFailed);
    }

private:
    QString path() const { return m_dir->filePath(QStringLiteral("connections.json")); }

    void write(const QByteArray &content) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    QByteArray read() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestProfileStore)
#include "tst_profile_store.moc"
