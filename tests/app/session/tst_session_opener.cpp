// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/session_opener.h"
#include "app/systems/direct_systems.h"

#include <QDirIterator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using namespace session;

namespace {

/// Turns the event loop until the future is ready; the keyring's answers come through it.
template<typename T>
T settled(QFuture<T> future)
{
    [&] { QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), 20'000); }();
    return future.result();
}

Credentials passwordOf(const char *password)
{
    Credentials credentials;
    credentials.password = QString::fromLatin1(password);
    return credentials;
}

} // namespace

class TestSessionOpener final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_factory = std::make_unique<SessionFactory>(std::make_shared<systems::DirectSystems>());
        m_opener = std::make_unique<SessionOpener>(*m_factory, file(), SecretStore::Backend::MemoryOnly);
    }

    void cleanup()
    {
        m_opener.reset();
        m_factory.reset();
    }

    void aSavedConnectionIsFoundAgain()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://anna@b:9092?environment=staging")).value();
        spec.name = QStringLiteral("stage");
        QVERIFY(settled(m_opener->save(spec, std::nullopt)));
        QCOMPARE(settled(m_opener->find(QStringLiteral("stage"))).value(), spec);
        const std::vector<models::connection::SavedConnection> saved{{spec, QStringLiteral("kafka://anna@b:9092"), QString()}};
        QCOMPARE(settled(m_opener->savedConnections()).value(), saved);
        QVERIFY(settled(m_opener->forget(QStringLiteral("stage"))));
        QCOMPARE(settled(m_opener->find(QStringLiteral("stage"))).error().code, ErrorCode::NotFound);
    }

    void aSecretIsKeptForTheSessionAndIsInNoFile()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://anna@localhost:9092?security.protocol=SASL_PLAINTEXT&sasl.mechanism=PLAIN")).value();
        spec.name = QStringLiteral("stage");
        Credentials credentials = passwordOf("hunter2");
        credentials.tokenCommand = QStringLiteral("/bin/token");
        const QSignalSpy told(m_opener.get(), &SessionOpener::secretKeptForThisSessionOnly);
        QVERIFY(settled(m_opener->save(spec, credentials)));
        QTRY_COMPARE(told.count(), 1);
        std::ignore = settled(m_opener->open(spec, std::nullopt));
        QCOMPARE(m_factory->credentials(spec).password, QStringLiteral("hunter2"));
        QCOMPARE(m_factory->credentials(spec).tokenCommand, QStringLiteral("/bin/token"));
        // Saving again without credentials keeps the command and the secret.
        QVERIFY(settled(m_opener->save(spec, std::nullopt)));
        QDirIterator files(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        QVERIFY(files.hasNext());
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains("hunter2"));
        }
        QCOMPARE(ProfileStore(file()).load()->at(0).tokenCommand, QStringLiteral("/bin/token"));
    }

    void aSecretThatIsNotGivenAgainStaysAsItIsKept()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://localhost:9092?security.protocol=SSL")).value();
        spec.name = QStringLiteral("stage");
        Credentials first;
        first.clientSecret = QStringLiteral("client");
        first.keyPassword = QStringLiteral("key");
        first.tokenCommand = QStringLiteral("/bin/token");
        const QSignalSpy told(m_opener.get(), &SessionOpener::secretKeptForThisSessionOnly);
        QVERIFY(settled(m_opener->save(spec, first)));
        QTRY_COMPARE(told.count(), 1);
        Credentials second;
        second.keyPassword = QStringLiteral("new key");
        QVERIFY(settled(m_opener->save(spec, second)));
        QTRY_COMPARE(told.count(), 2);
        std::ignore = settled(m_opener->open(spec, std::nullopt));
        QCOMPARE(m_factory->credentials(spec).clientSecret, QStringLiteral("client"));
        QCOMPARE(m_factory->credentials(spec).keyPassword, QStringLiteral("new key"));
        QCOMPARE(m_factory->credentials(spec).tokenCommand, QStringLiteral("/bin/token"));
        // What is entered for one try is used with the rest, and not kept.
        std::ignore = settled(m_opener->open(spec, passwordOf("hunter2")));
        QCOMPARE(m_factory->credentials(spec).password, QStringLiteral("hunter2"));
        QCOMPARE(m_factory->credentials(spec).clientSecret, QStringLiteral("client"));
        QCOMPARE(told.count(), 2);
    }

    void aPasswordCommandsSecretIsUsedAndKeptNowhere()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://anna@localhost:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN")).value();
        spec.name = QStringLiteral("stage");
        const auto saveWith = [&](const QByteArray &command) {
            QFile profiles(file());
            if (!profiles.open(QIODevice::WriteOnly))
                qFatal("nothing can be written");
            profiles.write("{\"version\": 1, \"connections\": [{\"name\": \"stage\", \"url\": \"" + connectionUrl(spec).toUtf8() + "\", \"passwordCommand\": " + command + "}]}");
        };
        saveWith(R"(["/bin/echo", "hunter2"])");
        QVERIFY(settled(m_opener->open(spec, std::nullopt)));
        QCOMPARE(m_factory->credentials(spec).password, QStringLiteral("hunter2"));
        // What is entered comes first.
        QVERIFY(settled(m_opener->open(spec, passwordOf("other"))));
        QCOMPARE(m_factory->credentials(spec).password, QStringLiteral("other"));
        // Saving and changing leave the command in the file, and its secret out of the keyring.
        QVERIFY(settled(m_opener->open(spec, std::nullopt)));
        const QSignalSpy told(m_opener.get(), &SessionOpener::secretKeptForThisSessionOnly);
        ConnectionSpec tagged = spec;
        tagged.environment = Environment::Staging;
        QVERIFY(settled(m_opener->change(spec.name, tagged, {})));
        QCOMPARE(ProfileStore(file()).load()->at(0).passwordCommand, QStringList({QStringLiteral("/bin/echo"), QStringLiteral("hunter2")}));
        QCoreApplication::processEvents();
        QCOMPARE(told.count(), 0);
        // Another place gets nothing of it.
        ConnectionSpec elsewhere = parseConnection(QStringLiteral("kafka://anna@evil:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN")).value();
        elsewhere.name = spec.name;
        QVERIFY(settled(m_opener->open(elsewhere, std::nullopt)));
        QCOMPARE(m_factory->credentials(elsewhere).password, QString());
        saveWith(R"(["/bin/false"])");
        const auto failed = settled(m_opener->open(spec, std::nullopt));
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::NotAuthenticated);
        saveWith(R"(["/bin/echo", "hunter2"])");
        QVERIFY(QFile::setPermissions(file(), QFile::ReadOwner | QFile::WriteOwner | QFile::WriteGroup));
        QCOMPARE(settled(m_opener->open(spec, std::nullopt)).error().code, ErrorCode::Refused);
        saveWith(R"("echo hunter2")");
        QCOMPARE(settled(m_opener->find(spec.name)).error().code, ErrorCode::Unreadable);
    }

    void aChangedNameTakesTheSecretsAlong()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://anna@localhost:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN")).value();
        spec.name = QStringLiteral("stage");
        Credentials first = passwordOf("hunter2");
        first.tokenCommand = QStringLiteral("/bin/token");
        const QSignalSpy told(m_opener.get(), &SessionOpener::secretKeptForThisSessionOnly);
        QVERIFY(settled(m_opener->save(spec, first)));
        QTRY_COMPARE(told.count(), 1);
        std::ignore = settled(m_opener->open(spec, std::nullopt));
        ConnectionSpec renamed = spec;
        renamed.name = QStringLiteral("staging");
        QVERIFY(settled(m_opener->change(spec.name, renamed, {})));
        QCOMPARE(settled(m_opener->find(QStringLiteral("stage"))).error().code, ErrorCode::NotFound);
        std::ignore = settled(m_opener->open(renamed, std::nullopt));
        QCOMPARE(m_factory->credentials(renamed).password, QStringLiteral("hunter2"));
        QCOMPARE(m_factory->credentials(renamed).tokenCommand, QString()); // it was not given, so it is removed
        QCOMPARE(settled(m_opener->change(QStringLiteral("stage"), spec, {})).error().code, ErrorCode::NotFound);
    }

    void secretsGoToTheirOwnPlaceOnly_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("isGiven");
        const QString own = QStringLiteral("kafka://anna@b:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN");
        QTest::newRow("the same") << own << true;
        QTest::newRow("another tag and pace") << own + QStringLiteral("&environment=production&socket.timeout.ms=1000") << true;
        QTest::newRow("another host") << QString(own).replace(QStringLiteral("@b"), QStringLiteral("@evil")) << false;
        QTest::newRow("one host more") << QString(own).replace(QStringLiteral("9092?"), QStringLiteral("9092,evil:9092?")) << false;
        QTest::newRow("not encrypted") << QString(own).replace(QStringLiteral("SASL_SSL"), QStringLiteral("SASL_PLAINTEXT")) << false;
        QTest::newRow("a token from elsewhere") << own + QStringLiteral("&sasl.oauthbearer.token.endpoint.url=https://evil") << false;
        QTest::newRow("another trust") << own + QStringLiteral("&ssl.ca.location=/tmp/ca.pem") << false;
        QTest::newRow("another user") << QString(own).replace(QStringLiteral("anna"), QStringLiteral("eve")) << false;
    }

    void secretsGoToTheirOwnPlaceOnly()
    {
        QFETCH(QString, url);
        QFETCH(bool, isGiven);
        SessionFactory factory(std::make_shared<systems::DirectSystems>(), file());
        ConnectionSpec own = parseConnection(QStringLiteral("kafka://anna@b:9092?security.protocol=SASL_SSL&sasl.mechanism=PLAIN")).value();
        own.name = QStringLiteral("stage");
        factory.setCredentials(own, passwordOf("hunter2"));
        ConnectionSpec asked = parseConnection(url).value();
        asked.name = own.name;
        QCOMPARE(factory.credentials(asked).password, isGiven ? QStringLiteral("hunter2") : QString());
    }

    void aPlaceForLinesIsLoggedInToAsTheConnectionThatLeadsThere()
    {
        SessionFactory factory(std::make_shared<systems::DirectSystems>(), file());
        const QString address = QStringLiteral("kafka://anna@127.0.0.1:1%1?security.protocol=sasl_plaintext&sasl.mechanism=PLAIN");
        const auto problem = [&] { return (*factory.openLineLog(address.arg(QStringLiteral("/journal"))))->append("{}").error().code; };
        QCOMPARE(problem(), ErrorCode::NotAuthenticated);
        ConnectionSpec open = parseConnection(address.arg(QString())).value();
        open.name = QStringLiteral("stage");
        factory.setCredentials(open, passwordOf("hunter2"));
        QCOMPARE(problem(), ErrorCode::CannotConnect); // with a password; nobody is there
    }

    void aNameIsFoundAsItIsSavedAndAsItIsOpen()
    {
        SessionFactory factory(std::make_shared<systems::DirectSystems>(), file());
        ConnectionSpec spec = parseConnection(QStringLiteral("kafka://b:9092?environment=development")).value();
        QVERIFY(factory.named(spec.name).empty()); // an address
        spec.name = QStringLiteral("stage");
        QVERIFY(factory.named(spec.name).empty());
        factory.setCredentials(spec, {});
        ConnectionSpec saved = spec;
        saved.environment = Environment::Production;
        QVERIFY(ProfileStore(file()).save({saved, {}, {}}));
        QCOMPARE(factory.named(spec.name), (std::vector<ConnectionSpec>{saved, spec}));
    }

    void aSystemThatIsSavedAsProductionIsKnownUnderItsOtherAddresses()
    {
        ConnectionSpec untagged = parseConnection(QStringLiteral("sqlite:") + m_folder->filePath(QStringLiteral("shop.db"))).value();
        untagged.mayCreate = true;
        const auto tagOf = [](SessionFactory &factory, const ConnectionSpec &spec) { return settled((*factory.open(spec))->identify({}))->otherTag; };
        SessionFactory factory(std::make_shared<systems::DirectSystems>(), file());
        QCOMPARE(tagOf(factory, untagged), std::nullopt);
        ConnectionSpec saved = untagged;
        saved.name = QStringLiteral("prod");
        saved.environment = Environment::Production;
        QVERIFY(ProfileStore(file()).save({saved, {}, {}}));
        QCOMPARE(tagOf(factory, saved), Environment::Production);
        QCOMPARE(tagOf(factory, untagged), Environment::Production);
        SessionFactory ofAnotherProgram(std::make_shared<systems::DirectSystems>(), file());
        QCOMPARE(tagOf(ofAnotherProgram, untagged), Environment::Production);
        saved.environment = Environment::Staging; // tagged anew
        QVERIFY(ProfileStore(file()).save({saved, {}, {}}));
        QCOMPARE(tagOf(ofAnotherProgram, untagged), Environment::Staging);
        QVERIFY(ProfileStore(file()).remove(saved.name));
        QCOMPARE(tagOf(ofAnotherProgram, untagged), std::nullopt);
    }

    void theTagOfAnAddressThatIsNotSavedHoldsUntilThatIsGivenAnother()
    {
        const QString url = QStringLiteral("sqlite:") + m_folder->filePath(QStringLiteral("shop.db"));
        ConnectionSpec tagged = parseConnection(url + QStringLiteral("?environment=staging")).value();
        tagged.mayCreate = true;
        const auto tagOf = [](SessionFactory &factory, const ConnectionSpec &spec) { return settled((*factory.open(spec))->identify({}))->otherTag; };
        SessionFactory factory(std::make_shared<systems::DirectSystems>(), file());
        QCOMPARE(tagOf(factory, tagged), Environment::Staging);
        QCOMPARE(tagOf(factory, parseConnection(url).value()), Environment::Staging);
        SessionFactory ofAnotherProgram(std::make_shared<systems::DirectSystems>(), file());
        QCOMPARE(tagOf(ofAnotherProgram, parseConnection(url).value()), Environment::Staging);
        QVERIFY(ProfileStore(file()).load()->empty());
        QCOMPARE(tagOf(ofAnotherProgram, parseConnection(url + QStringLiteral("?environment=development")).value()), Environment::Development);
        QCOMPARE(tagOf(ofAnotherProgram, parseConnection(url).value()), Environment::Development);
        SessionFactory ofAThird(std::make_shared<systems::DirectSystems>(), file());
        QCOMPARE(tagOf(ofAThird, parseConnection(url).value()), std::nullopt);
    }

    void withoutAKeyringNothingIsLostUntilTheEnd()
    {
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        SecretStore store;
        QCOMPARE(settled(store.read(QStringLiteral("x"))), std::nullopt);
        QCOMPARE(settled(store.write(QStringLiteral("x"), passwordOf("hunter2"))), SecretKept::ForThisSession);
        QCOMPARE(settled(store.read(QStringLiteral("x")))->password, QStringLiteral("hunter2"));
        const auto removed = store.remove(QStringLiteral("x"));
        QTRY_VERIFY_WITH_TIMEOUT(removed.isFinished(), 20'000);
        QCOMPARE(settled(store.read(QStringLiteral("x"))), std::nullopt);
    }

    void aStoreIsOpenedThroughTheFactory()
    {
        ConnectionSpec spec = parseConnection(QStringLiteral("sqlite:") + m_folder->filePath(QStringLiteral("new.db"))).value();
        spec.mayCreate = true;
        const auto connector = settled(m_opener->open(spec, std::nullopt));
        QVERIFY2(connector, qPrintable(connector ? QString() : describe(connector.error())));
        QVERIFY((*connector)->streamCatalog());
        QVERIFY(settled((*connector)->identify({})));
    }

private:
    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("c.json")); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SessionFactory> m_factory;
    std::unique_ptr<SessionOpener> m_opener;
};

QTEST_GUILESS_MAIN(TestSessionOpener)
#include "tst_session_opener.moc"
