// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/copy.h"
#include "connectors/postgres/options.h"

#include <QTest>

using namespace connectors;
using namespace connectors::postgres;
using namespace std::string_view_literals;

namespace {

ConnectionSpec specOf(const QString &host, const QMap<QString, QString> &properties = {})
{
    ConnectionSpec spec;
    spec.kind = SystemKind::EventStorePostgres;
    spec.hosts = {host};
    spec.path = QStringLiteral("orders");
    spec.userName = QStringLiteral("ann");
    spec.properties = properties;
    return spec;
}

QByteArray valueOf(const Options &options, const QByteArray &name)
{
    for (const auto &[parameter, value] : options.parameters)
        if (parameter == name)
            return value;
    return {};
}

} // namespace

class TestPostgresOptions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAddressBecomesLibpqsParameters()
    {
        ConnectionSpec spec = specOf(QStringLiteral("[::1]:5433"), {{QStringLiteral("schema"), QStringLiteral("shop")}});
        spec.hosts += QStringLiteral("localhost:5434");
        const auto options = optionsOf(spec, {QStringLiteral("secret"), {}, {}, {}});
        QVERIFY(options.has_value());
        QCOMPARE(valueOf(*options, "host"), QByteArray("::1,localhost"));
        QCOMPARE(valueOf(*options, "port"), QByteArray("5433,5434"));
        QCOMPARE(valueOf(*options, "dbname"), QByteArray("orders"));
        QCOMPARE(valueOf(*options, "user"), QByteArray("ann"));
        QCOMPARE(valueOf(*options, "password"), QByteArray("secret"));
        QCOMPARE(valueOf(*options, "sslmode"), QByteArray("prefer"));
        QVERIFY(valueOf(*options, "application_name").startsWith("streamgauge/"));
        QCOMPARE(options->schema, QStringLiteral("shop"));
        QCOMPARE(options->place, QStringLiteral("orders at [::1]:5433,localhost:5434"));
        QCOMPARE(optionsOf(specOf(QStringLiteral("localhost:5432")), {})->schema, QStringLiteral("streamgauge"));
    }

    void whatIsNotAllowedIsRefusedWithItsName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::newRow("unknown") << QStringLiteral("passfile") << QStringLiteral("/etc/passwd");
        QTest::newRow("elsewhere") << QStringLiteral("hostaddr") << QStringLiteral("10.0.0.1");
        QTest::newRow("options") << QStringLiteral("options") << QStringLiteral("-c x=y");
        QTest::newRow("no such mode") << QStringLiteral("sslmode") << QStringLiteral("sometimes");
        QTest::newRow("allow") << QStringLiteral("sslmode") << QStringLiteral("allow");
        QTest::newRow("system's schema") << QStringLiteral("schema") << QStringLiteral("pg_catalog");
        QTest::newRow("no schema") << QStringLiteral("schema") << QString();
        QTest::newRow("long schema") << QStringLiteral("schema") << QString(64, u's');
    }

    void whatIsNotAllowedIsRefusedWithItsName()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        const auto refused = optionsOf(specOf(QStringLiteral("localhost:5432"), {{name, value}}), {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(refused.error().message.contains(name == u"passfile" || name == u"hostaddr" || name == u"options" ? name : value));
        QVERIFY(!refused.error().advice.isEmpty());
    }

    void anAddressNamesADatabase()
    {
        ConnectionSpec spec = specOf(QStringLiteral("localhost:5432"));
        spec.path.clear();
        QCOMPARE(optionsOf(spec, {}).error().code, ErrorCode::InvalidInput);
    }

    void aPasswordGoesToAnotherMachineOverVerifiedTls()
    {
        const Credentials secret{QStringLiteral("secret"), {}, {}, {}};
        const QString remote = QStringLiteral("db.example:5432");
        QCOMPARE(valueOf(*optionsOf(specOf(remote), secret), "sslmode"), QByteArray("verify-full"));
        QCOMPARE(valueOf(*optionsOf(specOf(remote, {{QStringLiteral("sslmode"), QStringLiteral("require")}}), secret), "sslmode"), QByteArray("require"));
        for (const QString &mode : {QStringLiteral("disable"), QStringLiteral("prefer")}) {
            const ConnectionSpec spec = specOf(remote, {{QStringLiteral("sslmode"), mode}});
            const auto options = optionsOf(spec, secret);
            QVERIFY(options ? valueOf(*options, "require_auth") == "scram-sha-256" : options.error().code == ErrorCode::Refused);
            QVERIFY(optionsOf(spec, {}).has_value());
        }
        for (const QString &here : {QStringLiteral("localhost:1"), QStringLiteral("127.0.0.9:1"), QStringLiteral("[::1]:1")})
            QVERIFY(isThisMachine(here));
        for (const QString &elsewhere : {QStringLiteral("localhost.example:1"), QStringLiteral("10.0.0.1:1"), QStringLiteral("[::2]:1")})
            QVERIFY(!isThisMachine(elsewhere));
    }

    void namesAndArraysAreQuoted()
    {
        QCOMPARE(quotedName(QStringLiteral("a\"; DROP TABLE b; --")), QByteArray("\"a\"\"; DROP TABLE b; --\""));
        Parameters parameters;
        parameters.addArray({"plain", "with \"quotes\", and \\", "", "NULL"});
        const QByteArray expected = "{\"plain\",\"with \\\"quotes\\\", and \\\\\",\"\",\"NULL\"}";
        QCOMPARE(QByteArray(parameters.pointers().front()), expected);
    }

    void copyLinesComeBackAsTheyWere()
    {
        CopyLine line;
        line.add("a\tb\\c\nd\re"sv).addNull().add(qint64(-7)).add(QString());
        const QByteArray text = line.take();
        QCOMPARE(text.count('\n'), 1);
        const std::vector<std::optional<QByteArray>> expected{QByteArray("a\tb\\c\nd\re"), std::nullopt, QByteArray("-7"), QByteArray("")};
        QVERIFY(CopyOut::fieldsOf(text) == expected);
    }
};

QTEST_GUILESS_MAIN(TestPostgresOptions)
#include "tst_postgres_options.moc"
