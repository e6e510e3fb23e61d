// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/answer_of.h"
#include "connectors/kafka/client_config.h"
#include "connectors/kafka/kafka_connector.h"
#include "tests/support/kafka_server.h"

#include <QTest>

#include <algorithm>

using namespace connectors;
using kafka::clientConfig;
using tests::kafkaSpec;

namespace {

QByteArray valueOf(const kafka::ClientConfig &config, const char *name)
{
    const auto found = std::find_if(config.properties.cbegin(), config.properties.cend(), [name](const auto &property) { return property.first == name; });
    return found == config.properties.cend() ? QByteArray() : found->second;
}

const QString Local = QStringLiteral("127.0.0.1:9092");
const QString Remote = QStringLiteral("broker.example:9092");

} // namespace

class TestClientConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksWithoutGroupCommitOrTopicCreation()
    {
        const auto config = clientConfig(kafkaSpec(Remote), {});
        QVERIFY(config.has_value());
        QCOMPARE(valueOf(*config, "enable.auto.commit"), "false");
        QCOMPARE(valueOf(*config, "allow.auto.create.topics"), "false");
        QVERIFY(valueOf(*config, "group.id").isNull());
        QVERIFY(valueOf(*config, "client.id").startsWith("streamgauge/"));
        QVERIFY(valueOf(*config, "client.id").contains('@'));
    }

    void aPropertyOutsideTheAllowListIsRefusedByName_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"plugin.library.paths", "group.id", "enable.auto.commit", "ssl.engine.location", "sasl.kerberos.kinit.cmd", "log.queue",
                                 "log_level", "debug", "statistics.interval.ms", "client.id", "bootstrap.servers", "isolation.level", "transactional.id", "no.such"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void aPropertyOutsideTheAllowListIsRefusedByName()
    {
        QFETCH(QString, name);
        const auto config = clientConfig(kafkaSpec(Local, {{name, QStringLiteral("x")}}), {});
        QVERIFY(!config);
        QCOMPARE(config.error().code, ErrorCode::InvalidInput);
        QVERIFY(config.error().message.contains(name));
        QVERIFY(!config.error().advice.isEmpty());
    }

    void aValueThatTheLibraryRefusesIsToldWithItsProperty()
    {
        const auto config = clientConfig(kafkaSpec(Local, {{QStringLiteral("fetch.min.bytes"), QStringLiteral("many")}}), {});
        QVERIFY(!config);
        QVERIFY(config.error().message.contains(u"fetch.min.bytes"));
    }

    void anAllowedPropertyIsPassedOn()
    {
        const auto config = clientConfig(kafkaSpec(Local, {{QStringLiteral("client.rack"), QStringLiteral("a")}}), {});
        QVERIFY(config.has_value());
        QCOMPARE(valueOf(*config, "client.rack"), "a");
    }

    void hostNamesAndCertificatesAreAlwaysVerified()
    {
        QMap<QString, QString> properties{{QStringLiteral("security.protocol"), QStringLiteral("ssl")}};
        QCOMPARE(valueOf(*clientConfig(kafkaSpec(Remote, properties), {}), "ssl.endpoint.identification.algorithm"), "https");
        QMap<QString, QString> careless = properties;
        careless.insert(QStringLiteral("ssl.endpoint.identification.algorithm"), QStringLiteral("none"));
        QCOMPARE(clientConfig(kafkaSpec(Remote, careless), {}).error().code, ErrorCode::Refused);
        careless = properties;
        careless.insert(QStringLiteral("enable.ssl.certificate.verification"), QStringLiteral("false"));
        QCOMPARE(clientConfig(kafkaSpec(Remote, careless), {}).error().code, ErrorCode::Refused);
    }

    void aReadableSecretGoesToLoopbackOnly_data()
    {
        QTest::addColumn<QString>("hosts");
        QTest::addColumn<QString>("mechanism");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("plain to another machine") << Remote << QStringLiteral("PLAIN") << false;
        QTest::newRow("one of two is another machine") << Local + u',' + Remote << QStringLiteral("PLAIN") << false;
        QTest::newRow("a name that only starts like loopback") << QStringLiteral("127.0.0.1.example:9092") << QStringLiteral("PLAIN") << false;
        QTest::newRow("plain to loopback") << Local << QStringLiteral("PLAIN") << true;
        QTest::newRow("plain to localhost and IPv6 loopback") << QStringLiteral("localhost:1,[::1]:2") << QStringLiteral("PLAIN") << true;
        QTest::newRow("scram sends no readable secret") << Remote << QStringLiteral("SCRAM-SHA-512") << true;
    }
    void aReadableSecretGoesToLoopbackOnly()
    {
        QFETCH(QString, hosts);
        QFETCH(QString, mechanism);
        QFETCH(bool, isAllowed);
        const QMap<QString, QString> properties{{QStringLiteral("security.protocol"), QStringLiteral("sasl_plaintext")}, {QStringLiteral("sasl.mechanism"), mechanism}};
        Credentials credentials;
        credentials.password = QStringLiteral("not-to-be-told");
        const auto config = clientConfig(kafkaSpec(hosts, properties, QStringLiteral("alice")), credentials);
        QCOMPARE(config.has_value(), isAllowed);
        if (!isAllowed) {
            QCOMPARE(config.error().code, ErrorCode::Refused);
            QVERIFY(!describe(config.error()).contains(credentials.password));
        } else {
            QCOMPARE(config->isLoopbackOnly, mechanism == u"PLAIN");
        }
    }

    void aTokenEndpointMustBeHttpsAndComplete_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("https") << QStringLiteral("https://id.example/token") << true;
        QTest::newRow("http to this machine") << QStringLiteral("http://127.0.0.1:8080/token") << true;
        QTest::newRow("http to another") << QStringLiteral("http://id.example/token") << false;
        QTest::newRow("a file") << QStringLiteral("file:///etc/passwd") << false;
        QTest::newRow("a secret in it") << QStringLiteral("https://me:secret@id.example/token") << false;
        QTest::newRow("none") << QString() << false;
    }
    void aTokenEndpointMustBeHttpsAndComplete()
    {
        QFETCH(QString, url);
        QFETCH(bool, isAllowed);
        QMap<QString, QString> properties{{QStringLiteral("security.protocol"), QStringLiteral("sasl_ssl")},
                                          {QStringLiteral("sasl.mechanism"), QStringLiteral("OAUTHBEARER")},
                                          {QStringLiteral("sasl.oauthbearer.client.id"), QStringLiteral("me")}};
        if (!url.isEmpty())
            properties.insert(QStringLiteral("sasl.oauthbearer.token.endpoint.url"), url);
        QCOMPARE(clientConfig(kafkaSpec(Remote, properties), {}).has_value(), isAllowed);
    }

    void whatIsMissingForALoginIsTold_data()
    {
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QString>("mechanism");
        QTest::addColumn<QString>("userName");
        QTest::addColumn<QString>("told");
        QTest::newRow("mechanism") << "sasl_ssl" << "" << "alice" << "no SASL mechanism";
        QTest::newRow("another mechanism") << "sasl_ssl" << "GSSAPI" << "alice" << "GSSAPI";
        QTest::newRow("user") << "sasl_ssl" << "PLAIN" << "" << "user name";
        QTest::newRow("protocol") << "tls" << "" << "" << "tls";
        QTest::newRow("SASL in the protocol") << "ssl" << "PLAIN" << "alice" << "security.protocol is ssl";
    }
    void whatIsMissingForALoginIsTold()
    {
        QFETCH(QString, protocol);
        QFETCH(QString, mechanism);
        QFETCH(QString, userName);
        QFETCH(QString, told);
        QMap<QString, QString> properties{{QStringLiteral("security.protocol"), protocol}};
        if (!mechanism.isEmpty())
            properties.insert(QStringLiteral("sasl.mechanism"), mechanism);
        const auto config = clientConfig(kafkaSpec(Remote, properties, userName), {});
        QVERIFY(!config);
        QVERIFY2(config.error().message.contains(told), qPrintable(config.error().message));
    }
    void aUserWithoutAPasswordIsToldWhatIsMissing()
    {
        const auto spec = kafkaSpec(QStringLiteral("127.0.0.1:1"), {{QStringLiteral("security.protocol"), QStringLiteral("sasl_plaintext")}, {QStringLiteral("sasl.mechanism"), QStringLiteral("PLAIN")}},
                                    QStringLiteral("alice"));
        const auto connector = kafka::openKafka(spec, {});
        QVERIFY(connector);
        const auto identity = connectors::answerOf((*connector)->identify({}));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::NotAuthenticated);
        QVERIFY2(identity.error().message.contains(QStringLiteral("alice")) && identity.error().message.contains(QStringLiteral("password")), qPrintable(identity.error().message));
    }
};

QTEST_GUILESS_MAIN(TestClientConfig)
#include "tst_client_config.moc"
