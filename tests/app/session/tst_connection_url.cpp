// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"

#include <QTest>

using namespace connectors;
using namespace session;

class TestConnectionUrl final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAddressIsUnderstood_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("hosts");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *url, const char *hosts, const char *user, const char *name) {
            QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(hosts) << QString::fromLatin1(user) << QString::fromLatin1(name);
        };
        row("kafka://broker:9093", "broker:9093", "", "kafka://broker:9093");
        row("kafka://broker", "broker:9092", "", "kafka://broker:9092");
        row("kafka://a:1,b:2,c/", "a:1,b:2,c:9092", "", "kafka://a:1,b:2,c:9092");
        row("kafka://[::1]:9092,[fe80::1%eth0]", "[::1]:9092,[fe80::1%eth0]:9092", "", "kafka://[::1]:9092,[fe80::1%eth0]:9092");
        row("kafka://anna@broker:9092?client.id=x", "broker:9092", "anna", "kafka://anna@broker:9092");
        row("kafka://broker?sasl.username=anna", "broker:9092", "anna", "kafka://anna@broker:9092");
        row("KAFKA://broker", "broker:9092", "", "kafka://broker:9092");
    }

    void anAddressIsUnderstood()
    {
        QFETCH(QString, url);
        QFETCH(QString, hosts);
        QFETCH(QString, user);
        QFETCH(QString, name);
        const auto spec = parseConnection(url);
        QVERIFY2(spec, qPrintable(spec ? QString() : describe(spec.error())));
        QCOMPARE(spec->kind, SystemKind::Kafka);
        QCOMPARE(spec->hosts.join(u','), hosts);
        QCOMPARE(spec->userName, user);
        QCOMPARE(spec->name, name);
    }

    void propertiesAreDecodedAndTheEnvironmentIsTakenOut()
    {
        const auto spec = parseConnection(QStringLiteral("kafka://b?security.protocol=SASL_SSL&ssl.ca.location=/etc/a%20b%26c.pem&environment=staging"));
        QVERIFY(spec);
        QCOMPARE(spec->environment, Environment::Staging);
        QCOMPARE(spec->properties.size(), 2);
        QCOMPARE(spec->properties.value(QStringLiteral("ssl.ca.location")), QStringLiteral("/etc/a b&c.pem"));
        QCOMPARE(parseConnection(QStringLiteral("kafka://b"))->environment, Environment::Untagged);
        QVERIFY(countsAsProduction(parseConnection(QStringLiteral("kafka://b"))->environment));
        QVERIFY(!parseConnection(QStringLiteral("kafka://b?environment=prod")));
    }

    void theMachineThatItIsReachedFromIsPartOfTheName()
    {
        const auto spec = parseConnection(QStringLiteral("kafka://10.0.0.5?client.id=x&via=ssh:ops%40bastion&environment=staging"));
        QVERIFY2(spec, spec ? "" : qPrintable(describe(spec.error())));
        QCOMPARE(spec->via, QStringLiteral("ssh:ops@bastion"));
        QCOMPARE(spec->properties.size(), 1);
        QCOMPARE(spec->name, QStringLiteral("kafka://10.0.0.5:9092?via=ssh:ops@bastion"));
        QVERIFY(looksLikeUrl(spec->name));
        QCOMPARE(parseConnection(spec->name)->name, spec->name);
    }

    void aSqlitePathIsTakenAsWritten()
    {
        const auto spec = parseConnection(QStringLiteral("sqlite:/tmp/a b%20c,d.db?environment=development"));
        QVERIFY(spec);
        QCOMPARE(spec->kind, SystemKind::EventStoreSqlite);
        QCOMPARE(spec->path, QStringLiteral("/tmp/a b%20c,d.db"));
        QCOMPARE(spec->environment, Environment::Development);
        QVERIFY(!spec->mayCreate);
        QCOMPARE(parseConnection(QStringLiteral("sqlite:///tmp/x.db"))->path, QStringLiteral("/tmp/x.db"));
        QCOMPARE(parseConnection(QStringLiteral("sqlite:x.db"))->path, QStringLiteral("x.db"));
        QVERIFY(!parseConnection(QStringLiteral("sqlite:")));
    }

    void aPostgresAddressNamesADatabase()
    {
        const auto spec = parseConnection(QStringLiteral("postgresql://anna@db,[::1]:5433/shop%20events?sslmode=require&environment=staging"));
        QVERIFY2(spec, spec ? "" : qPrintable(describe(spec.error())));
        QCOMPARE(spec->kind, SystemKind::EventStorePostgres);
        QCOMPARE(spec->hosts.join(u','), QStringLiteral("db:5432,[::1]:5433"));
        QCOMPARE(spec->path, QStringLiteral("shop events"));
        QCOMPARE(spec->userName, QStringLiteral("anna"));
        QCOMPARE(spec->properties.value(QStringLiteral("sslmode")), QStringLiteral("require"));
        QCOMPARE(spec->name, QStringLiteral("postgresql://anna@db:5432,[::1]:5433/shop%20events"));
        const auto other = parseConnection(QStringLiteral("postgres://db/shop?schema=second"));
        QCOMPARE(other->name, QStringLiteral("postgresql://db:5432/shop?schema=second"));
        QCOMPARE(parseConnection(other->name).value(), *other);
    }

    void aSecretIsRefusedAndNeverRepeated_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"kafka://anna:hunter2@broker:9092", "kafka://anna:p@hunter2@broker", "kafka://anna:hunter2?x@broker",
                                "kafka://anna:hunter2/x@broker", "kafka://anna:a?hunter2=1@broker", "kafka://b?sasl.password=hunter2",
                                "kafka://b?ssl.key.password=hunter2&environment=x", "kafka://b?sasl.oauthbearer.client.secret=hunter2",
                                "kafka://b?hunter2%70assword", "postgresql://anna:hunter2@db/x", "postgresql://db/x?sslpassword=hunter2", "postgresql://db/x?password=hunter2", "nats://:hunter2@h"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }

    void aSecretIsRefusedAndNeverRepeated()
    {
        QFETCH(QString, url);
        const auto spec = parseConnection(url);
        QVERIFY(!spec);
        QCOMPARE(spec.error().code, ErrorCode::InvalidInput);
        const bool isInName = url.contains(u"hunter2%70");
        QVERIFY2(isInName || !describe(spec.error()).contains(u"hunter2"), qPrintable(describe(spec.error())));
        QVERIFY2(spec.error().advice.contains(u"STREAMGAUGE_PASSWORD") || spec.error().message.contains(u"host"), qPrintable(describe(spec.error())));
    }

    void whatIsKnownButNotBuiltInIsSaidSo_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"nats://h:4222", "amqp://h", "sqs://eu-west-1/1/q", "kafka://b?isolation=process",
                                "sqlite:x.db?store=marten", "postgresql://db/events?store=marten"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }

    void whatIsKnownButNotBuiltInIsSaidSo()
    {
        QFETCH(QString, url);
        const auto spec = parseConnection(url);
        QVERIFY(!spec);
        QCOMPARE(spec.error().code, ErrorCode::Unsupported);
        QVERIFY(spec.error().message.contains(u"not supported in this version"));
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"", "prod-eu", "kafka://", "kafka:b:9092", "kafka://a,,b", "kafka://a:0", "kafka://a:70000", "kafka://a b", "kafka://[::1",
                                "http://x", "kafka://a?x", "kafka://a?=1", "kafka://a?x=1&x=2", "ftp://x:1", "kafka://a?via=", "kafka://a?via=ssh", "kafka://a?via=ssh:-b",
                                "kafka://a?via=ssh:b%20c", "kafka://a?via=ssh:b%0a", "kafka://a?via=ssh:b&via=ssh:c", "kafka://a?via=exec:cat%20x", "sqlite:x.db?via=ssh:b", "postgresql://db", "postgresql://db/", "postgresql:///x", "postgresql:db/x", "postgresql://db:0/x"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }

    void nonsenseIsRefused()
    {
        QFETCH(QString, url);
        const auto spec = parseConnection(url);
        QVERIFY(!spec);
        QCOMPARE(spec.error().code, ErrorCode::InvalidInput);
        QVERIFY(!spec.error().message.isEmpty());
    }

    void theUrlOfASpecIsReadAsTheSameSpec_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"kafka://anna%40corp@a:1,[::1]:2?environment=production&ssl.ca.location=/a%20b%26%3D%3F.pem", "sqlite:/tmp/x.db?environment=staging",
                                "kafka://anna@a:1?via=ssh:ops@bastion:2222&environment=staging", "kafka://a:1?via=ssh:[::1]:22", "sqlite:/tmp/x.db?via=exec:pod",
                                "postgresql://anna%40corp@a:1,[::1]:2/a%2Fb%3Fc?sslrootcert=/a%20b.pem&schema=x&environment=production"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }

    void theUrlOfASpecIsReadAsTheSameSpec()
    {
        QFETCH(QString, url);
        const auto spec = parseConnection(url);
        QVERIFY2(spec, qPrintable(spec ? QString() : describe(spec.error())));
        QCOMPARE(parseConnection(connectionUrl(*spec)).value(), *spec);
    }
};

QTEST_GUILESS_MAIN(TestConnectionUrl)
#include "tst_connection_url.moc"
