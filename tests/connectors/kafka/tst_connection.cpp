// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTcpServer>
#include <QTest>

#include <librdkafka/rdkafka.h>

using namespace connectors;
using tests::answerOf;
using tests::kafkaSpec;
using Properties = QMap<QString, QString>;

namespace {

Result<SystemIdentity> identify(const ConnectionSpec &spec, const Credentials &credentials = {})
{
    const auto connector = kafka::openKafka(spec, credentials);
    if (!connector)
        return tl::unexpected(connector.error());
    return answerOf((*connector)->identify({}));
}

Credentials withPassword(const char *password = "alice-secret")
{
    Credentials credentials;
    credentials.password = QString::fromLatin1(password);
    return credentials;
}

Properties sasl(const QString &protocol, const QString &mechanism, const QString &ca = {})
{
    Properties properties{{QStringLiteral("security.protocol"), protocol}, {QStringLiteral("sasl.mechanism"), mechanism}};
    if (!ca.isEmpty())
        properties.insert(QStringLiteral("ssl.ca.location"), ca);
    return properties;
}

Properties tls(const QString &ca)
{
    return {{QStringLiteral("security.protocol"), QStringLiteral("ssl")}, {QStringLiteral("ssl.ca.location"), ca}};
}

/// A port of this machine on which nobody listens.
QString closedPort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        qFatal("No free port.");
    return QStringLiteral("127.0.0.1:%1").arg(server.serverPort());
}

} // namespace

class TestConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePlainListenerTellsClusterAndBrokers()
    {
        REQUIRE_KAFKA();
        const auto identity = identify(kafkaSpec(tests::kafkaBootstrap()));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        QVERIFY(!identity->systemId.isEmpty());
        QCOMPARE(identity->product, QStringLiteral("Kafka"));
        QCOMPARE(identity->advertisedHosts, QStringList{tests::kafkaBootstrap()});
        QVERIFY(identity->areAllHostsLoopback);
    }

    void oneOfSeveralBootstrapHostsIsEnough()
    {
        REQUIRE_KAFKA();
        const auto identity = identify(kafkaSpec(closedPort() + u',' + tests::kafkaBootstrap()));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
    }

    void whatWeCauseIsCounted()
    {
        REQUIRE_KAFKA();
        const auto connector = *kafka::openKafka(kafkaSpec(tests::kafkaBootstrap()), {});
        QVERIFY(answerOf(connector->identify({})).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(connector->traffic().requests > 0 && connector->traffic().bytesRead > 0, 20'000);
    }

    void aClosedPortIsToldWithTheAddress()
    {
        const QString address = closedPort();
        const auto identity = identify(kafkaSpec(address));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::CannotConnect);
        QVERIFY2(identity.error().message.contains(address) && identity.error().message.contains(u"refused"), qPrintable(identity.error().message));
        QVERIFY(!identity.error().advice.isEmpty());
    }

    void anUnknownHostIsToldByName()
    {
        const auto identity = identify(kafkaSpec(QStringLiteral("no-such-host.invalid:9092")));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::CannotConnect);
        QVERIFY2(identity.error().message.contains(u"no-such-host.invalid"), qPrintable(identity.error().message));
        QVERIFY2(identity.error().message.contains(u"not known"), qPrintable(identity.error().message));
    }

    void connectingCanBeCancelled()
    {
        QTcpServer silent; // accepts in the kernel, answers nothing
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const auto connector = *kafka::openKafka(kafkaSpec(QStringLiteral("127.0.0.1:%1").arg(silent.serverPort())), {});
        std::stop_source stop;
        auto future = connector->identify(stop.get_token());
        stop.request_stop();
        const auto identity = answerOf(future);
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::Cancelled);
    }

    void everyMechanismLogsIn_data()
    {
        QTest::addColumn<QString>("mechanism");
        QTest::addColumn<bool>("isTls");
        for (const char *mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
            QTest::addRow("%s", mechanism) << QString::fromLatin1(mechanism) << false;
            QTest::addRow("%s over TLS", mechanism) << QString::fromLatin1(mechanism) << true;
        }
    }
    void everyMechanismLogsIn()
    {
        REQUIRE_SECURE_KAFKA();
        QFETCH(QString, mechanism);
        QFETCH(bool, isTls);
        const auto server = tests::secureKafka();
        const auto spec = isTls ? kafkaSpec(server[u"sasl_ssl"_qs], sasl(u"sasl_ssl"_qs, mechanism, server[u"ca"_qs]), u"alice"_qs)
                                : kafkaSpec(server[u"sasl_plaintext"_qs], sasl(u"sasl_plaintext"_qs, mechanism), u"alice"_qs);
        const auto identity = identify(spec, withPassword());
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        QCOMPARE(identity->userName, QStringLiteral("alice"));

        const auto refused = identify(spec, withPassword("wrong-secret"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotAuthenticated);
        QVERIFY2(refused.error().message.contains(spec.hosts.first()), qPrintable(refused.error().message));
        QVERIFY(!describe(refused.error()).contains(u"wrong-secret"));
        // What an old library cannot do is not to be taken for a wrong password.
        QCOMPARE(refused.error().advice.contains(u"Kafka 4"), mechanism.startsWith(u"SCRAM") && rd_kafka_version() < 0x020601ff);
    }

    void tlsLogsInWithAndWithoutAClientCertificate()
    {
        REQUIRE_SECURE_KAFKA();
        const auto server = tests::secureKafka();
        Properties properties = tls(server[u"ca"_qs]);
        auto identity = identify(kafkaSpec(server[u"ssl"_qs], properties));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        properties.insert(u"ssl.certificate.location"_qs, server[u"client_cert"_qs]);
        properties.insert(u"ssl.key.location"_qs, server[u"client_key"_qs]);
        identity = identify(kafkaSpec(server[u"ssl"_qs], properties));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        properties.insert(u"ssl.key.location"_qs, server[u"client_key_encrypted"_qs]);
        Credentials credentials;
        credentials.keyPassword = u"key-secret"_qs;
        identity = identify(kafkaSpec(server[u"ssl"_qs], properties), credentials);
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        credentials.keyPassword = u"another"_qs;
        identity = identify(kafkaSpec(server[u"ssl"_qs], properties), credentials);
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::InvalidInput);
    }

    void anotherCaIsTold()
    {
        REQUIRE_SECURE_KAFKA();
        const auto server = tests::secureKafka();
        const auto identity = identify(kafkaSpec(server[u"ssl"_qs], tls(server[u"other_ca"_qs])));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::CannotConnect);
        QVERIFY2(identity.error().message.contains(u"not signed by a CA"), qPrintable(identity.error().message));
        QVERIFY(identity.error().advice.contains(u"ssl.ca.location"));
    }

    void aCertificateForAnotherHostNameIsTold()
    {
        REQUIRE_SECURE_KAFKA();
        const auto server = tests::secureKafka();
        const QString byAddress = u"127.0.0.1:"_qs + server[u"ssl"_qs].section(u':', 1);
        const auto identity = identify(kafkaSpec(byAddress, tls(server[u"ca"_qs])));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::CannotConnect);
        QVERIFY2(identity.error().message.contains(u"another host name"), qPrintable(identity.error().message));
    }

    void aMissingCaFileIsToldByItsProperty()
    {
        const auto identity = identify(kafkaSpec(closedPort(), tls(u"/no/such/ca.pem"_qs)));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::InvalidInput);
        QVERIFY2(identity.error().message.contains(u"ssl.ca.location"), qPrintable(identity.error().message));
    }

    void talkingWithoutTlsToATlsListenerIsAnError()
    {
        REQUIRE_SECURE_KAFKA();
        const auto identity = identify(kafkaSpec(tests::secureKafka()[u"ssl"_qs]));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::CannotConnect);
        QVERIFY2(identity.error().advice.contains(u"security.protocol"), qPrintable(describe(identity.error())));
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
