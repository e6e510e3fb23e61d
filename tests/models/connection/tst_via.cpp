// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection_url.h"
#include "models/connection/environment.h"
#include "models/connection/same_place.h"
#include "models/connection/via.h"

#include <QTest>

using namespace connectors;
using namespace models::connection;

class TestVia final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMachineIsUnderstood_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("command");
        const auto row = [](const char *text, const char *user, const char *host, int port, const char *command) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(user) << QString::fromLatin1(host) << port << QString::fromLatin1(command);
        };
        row("ssh:bastion", "", "bastion", 0, "");
        row("ssh:ops@bastion", "ops", "bastion", 0, "");
        row("ssh:ops@bastion.example:2222", "ops", "bastion.example", 2222, "");
        row("ssh:ops@corp.example@bastion", "ops@corp.example", "bastion", 0, "");
        row("ssh:10.0.0.5", "", "10.0.0.5", 0, "");
        row("ssh:ops@[fe80::1]:22", "ops", "fe80::1", 22, "");
        row("ssh:_my-alias.1", "", "_my-alias.1", 0, "");
        row("exec:orders-pod", "", "", 0, "orders-pod");
    }

    void aMachineIsUnderstood()
    {
        QFETCH(QString, text);
        const auto via = parseVia(text);
        QVERIFY2(via, via ? "" : qPrintable(describe(via.error())));
        QTEST(via->user, "user");
        QTEST(via->host, "host");
        QTEST(via->port, "port");
        QTEST(via->command, "command");
    }

    void whatIsMoreThanANameIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "bastion", "ssh", "ssh:", "ssh:@bastion", "ssh:ops@", "ssh:-oProxyCommand=id", "ssh:-l@bastion", "ssh:ops@-oProxyCommand=id", "ssh:ops@-bastion",
                                 "ssh:bas tion", "ssh: bastion", "ssh:bastion ", "ssh:bastion\n", "ssh:ops\t@bastion", "ssh:bastion\x01", "ssh:$(id)@bastion", "ssh:ops@`id`", "ssh:a;id", "ssh:a|id", "ssh:a&id",
                                 "ssh:a>b", "ssh:'a'", "ssh:\"a\"", "ssh:a\\b", "ssh:%h", "ssh:a/b", "ssh://bastion", "ssh:bastion:", "ssh:bastion:0", "ssh:bastion:65536", "ssh:bastion:22x", "ssh:fe80::1",
                                 "ssh:[bastion]", "ssh:[::1", "ssh:a,b", "SSH:bastion", "exec:", "exec:-it", "exec:a b", "exec:../x", "exec:a/b", "exec:a;b", "exec:kubectl exec", "tcp:bastion"})
            QTest::newRow(text) << QString::fromLatin1(text);
        QTest::newRow("a letter that looks like another") << QString::fromUtf8("ssh:b\u0430stion");
        QTest::newRow("a NUL") << QString(QStringLiteral("ssh:bastion") + QChar(0) + QStringLiteral("x"));
        QTest::newRow("a long one") << QString(QStringLiteral("ssh:") + QString(300, u'a'));
        QTest::newRow("a long user") << QString(QStringLiteral("ssh:") + QString(300, u'a') + QStringLiteral("@b"));
    }

    void whatIsMoreThanANameIsRefused()
    {
        QFETCH(QString, text);
        const auto via = parseVia(text);
        QVERIFY(!via);
        QCOMPARE(via.error().code, ErrorCode::InvalidInput);
        QVERIFY(!via.error().message.isEmpty() && !via.error().advice.isEmpty());
        for (const QChar c : via.error().message)
            QVERIFY(c.isPrint());
    }

    void aFileThereNeedsItsWholePath()
    {
        ConnectionSpec spec;
        spec.kind = SystemKind::EventStoreSqlite;
        spec.path = QStringLiteral("shop.db");
        QVERIFY(checkVia(spec));
        spec.via = QStringLiteral("ssh:bastion");
        QCOMPARE(checkVia(spec).error().code, ErrorCode::InvalidInput);
        spec.path = QStringLiteral("/var/lib/shop.db");
        QVERIFY(checkVia(spec));
        spec.via = QStringLiteral("ssh:-bastion");
        QVERIFY(!checkVia(spec));
    }

    void theSameAddressFromAnotherMachineIsAnotherPlace()
    {
        ConnectionSpec here;
        here.hosts = {QStringLiteral("127.0.0.1:9092")};
        ConnectionSpec there = here;
        there.via = QStringLiteral("ssh:ops@bastion");
        ConnectionSpec elsewhere = here;
        elsewhere.via = QStringLiteral("ssh:ops@other");
        QVERIFY(isSamePlace(there, there));
        QVERIFY(!isSamePlace(here, there));
        QVERIFY(!isSamePlace(there, elsewhere));
        QCOMPARE(connectionUrl(here, false), QStringLiteral("kafka://127.0.0.1:9092"));
        QCOMPARE(connectionUrl(there, false), QStringLiteral("kafka://127.0.0.1:9092?via=ssh:ops@bastion"));
        there.environment = Environment::Staging;
        QCOMPARE(connectionUrl(there), QStringLiteral("kafka://127.0.0.1:9092?via=ssh:ops@bastion&environment=staging"));
    }

    void loopbackOnAnotherMachineIsNotAssumedToBeForDevelopment()
    {
        ConnectionSpec spec;
        SystemIdentity identity;
        identity.areAllHostsLoopback = true;
        QCOMPARE(effectiveEnvironment(spec, identity), Environment::AssumedDevelopment);
        spec.via = QStringLiteral("ssh:bastion");
        QCOMPARE(effectiveEnvironment(spec, identity), Environment::Untagged);
        identity.otherTag = Environment::Development;
        QCOMPARE(effectiveEnvironment(spec, identity), Environment::Untagged);
        spec.environment = Environment::Staging;
        QCOMPARE(effectiveEnvironment(spec, identity), Environment::Staging);
    }
};

QTEST_GUILESS_MAIN(TestVia)
#include "tst_via.moc"
