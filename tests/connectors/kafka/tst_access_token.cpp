// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/access_token.h"
#include "connectors/kafka/kafka_connector.h"
#include "tests/connectors/kafka/token_server.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using namespace connectors::kafka;
using tests::answerOf;
using tests::TokenServer;
using tests::unsignedToken;

namespace {

QByteArray answerWith(const QByteArray &token)
{
    return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
}

TokenSource endpoint(const QString &url)
{
    TokenSource source;
    source.endpointUrl = url;
    source.clientId = QStringLiteral("watcher");
    source.clientSecret = QStringLiteral("s3cret-of-client");
    source.scope = QStringLiteral("kafka read");
    return source;
}

TokenSource command(const QString &text)
{
    TokenSource source;
    source.command = text;
    return source;
}

ConnectionSpec oauthSpec(const QMap<QString, QString> &more = {})
{
    QMap<QString, QString> properties{{QStringLiteral("security.protocol"), QStringLiteral("sasl_plaintext")},
                                      {QStringLiteral("sasl.mechanism"), QStringLiteral("OAUTHBEARER")}};
    properties.insert(more);
    return tests::kafkaSpec(tests::secureKafka().value(QStringLiteral("sasl_plaintext")), properties);
}

} // namespace

class TestAccessToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void claimsAreReadOutOfAToken()
    {
        const auto claims = readClaims(unsignedToken("bob", 60));
        QVERIFY(claims.has_value());
        QCOMPARE(claims->subject, QStringLiteral("bob"));
        QVERIFY(claims->expires.value() > QDateTime::currentMSecsSinceEpoch());
    }

    void whatIsNoTokenHasNoClaims_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"", "opaque", "a.b", "!!.??.##", "e30.bm8ganNvbg.x", "e30.eyJzdWIiOg.x"})
            QTest::newRow(text) << QByteArray(text);
    }
    void whatIsNoTokenHasNoClaims()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!readClaims(text));
    }

    void theEndpointIsAskedAsTheStandardSays()
    {
        const TokenServer server(200, answerWith(unsignedToken("bob")));
        const auto token = fetchTokenFromEndpoint(endpoint(server.url()), {});
        QVERIFY2(token.has_value(), token ? "" : qPrintable(describe(token.error())));
        QCOMPARE(token->principal, QStringLiteral("bob"));
        const QByteArray request = server.lastRequest();
        QVERIFY(request.startsWith("POST /token "));
        QVERIFY(request.contains(QByteArray("Authorization: Basic " + QByteArray("watcher:s3cret-of-client").toBase64())));
        QVERIFY(request.contains("grant_type=client_credentials&scope=kafka%20read"));
    }

    void anOpaqueTokenLivesAsLongAsTheEndpointSays()
    {
        const TokenServer server(200, answerWith("opaque-value"));
        const auto token = fetchTokenFromEndpoint(endpoint(server.url()), {});
        QVERIFY(token.has_value());
        QCOMPARE(token->principal, QStringLiteral("watcher"));
        QVERIFY(token->expires > QDateTime::currentMSecsSinceEpoch() + 3'000'000);
    }

    void aRefusedClientIsToldWithoutTheSecret()
    {
        const TokenServer server(401, R"({"error":"invalid_client","error_description":"unknown client"})");
        const auto token = fetchTokenFromEndpoint(endpoint(server.url()), {});
        QVERIFY(!token);
        QCOMPARE(token.error().code, ErrorCode::NotAuthenticated);
        QVERIFY2(token.error().message.contains(u"watcher") && token.error().message.contains(u"unknown client"), qPrintable(token.error().message));
        QVERIFY(!describe(token.error()).contains(u"s3cret"));
    }

    void anAnswerThatIsNoTokenIsAnError_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no token in it") << 200 << QByteArray("{}");
        QTest::newRow("not JSON") << 200 << QByteArray("<html>");
        QTest::newRow("a broken server") << 500 << QByteArray("oops");
        QTest::newRow("a token that is not text") << 200 << QByteArray(R"({"access_token":{}})");
    }
    void anAnswerThatIsNoTokenIsAnError()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const TokenServer server(status, body);
        const auto token = fetchTokenFromEndpoint(endpoint(server.url()), {});
        QVERIFY(!token);
        QVERIFY(token.error().message.contains(server.url()));
    }

    void aClosedEndpointCannotBeAsked()
    {
        const auto token = fetchTokenFromEndpoint(endpoint(QStringLiteral("http://127.0.0.1:1/token")), {});
        QVERIFY(!token);
        QCOMPARE(token.error().code, ErrorCode::CannotConnect);
    }

    void theEndpointsCertificateIsVerified()
    {
        REQUIRE_SECURE_KAFKA();
        // A TLS listener that speaks no HTTP: whether it is trusted is decided before that matters.
        const auto server = tests::secureKafka();
        TokenSource source = endpoint(QStringLiteral("https://%1/token").arg(server.value(QStringLiteral("ssl"))));
        source.caLocation = server.value(QStringLiteral("other_ca"));
        const auto untrusted = fetchTokenFromEndpoint(source, {});
        QVERIFY(!untrusted);
        QVERIFY2(untrusted.error().message.contains(u"certificate"), qPrintable(untrusted.error().message));
        source.caLocation = server.value(QStringLiteral("ca"));
        const auto trusted = fetchTokenFromEndpoint(source, {});
        QVERIFY(!trusted);
        QVERIFY2(!trusted.error().message.contains(u"certificate"), qPrintable(trusted.error().message));
    }

    void handlesShareAToken()
    {
        const TokenServer server(200, answerWith(unsignedToken("bob")));
        TokenProvider provider(endpoint(server.url()));
        QVERIFY(provider.token({}).has_value());
        QVERIFY(provider.token({}).has_value());
        QCOMPARE(server.requests(), 1);
    }

    void theCommandIsRunWithoutAShell()
    {
        const QString text = QString::fromLatin1(unsignedToken("carol"));
        const auto token = fetchTokenFromCommand(command(QStringLiteral("/bin/echo ") + text), {});
        QVERIFY2(token.has_value(), token ? "" : qPrintable(describe(token.error())));
        QCOMPARE(token->principal, QStringLiteral("carol"));
        QVERIFY(token->expires > QDateTime::currentMSecsSinceEpoch());
        // A shell would run the second command; echo prints it.
        const QTemporaryDir folder;
        QVERIFY(!fetchTokenFromCommand(command(QStringLiteral("/bin/echo x; touch ") + folder.filePath(QStringLiteral("made"))), {}));
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("made"))));
    }

    void aCommandThatFailsIsTold_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("told");
        QTest::newRow("absent") << "/no/such/program" << "could not be started";
        QTest::newRow("status") << "/bin/sh -c \"echo login first >&2; exit 3\"" << "status 3 (login first)";
        QTest::newRow("no token") << "/bin/echo hello" << "JSON web token";
        QTest::newRow("empty") << "  " << "empty";
    }
    void aCommandThatFailsIsTold()
    {
        QFETCH(QString, text);
        QFETCH(QString, told);
        const auto token = fetchTokenFromCommand(command(text), {});
        QVERIFY(!token);
        QVERIFY2(token.error().message.contains(told), qPrintable(token.error().message));
    }

    void aCommandThatHangsCanBeCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto token = fetchTokenFromCommand(command(QStringLiteral("/bin/sleep 600")), stop.get_token());
        QVERIFY(!token);
        QCOMPARE(token.error().code, ErrorCode::Cancelled);
    }

    void clientCredentialsLogInToKafka()
    {
        REQUIRE_SECURE_KAFKA();
        const TokenServer server(200, answerWith(unsignedToken("bob")));
        Credentials credentials;
        credentials.clientSecret = QStringLiteral("s3cret-of-client");
        const auto connector = *openKafka(oauthSpec({{QStringLiteral("sasl.oauthbearer.token.endpoint.url"), server.url()},
                                                     {QStringLiteral("sasl.oauthbearer.client.id"), QStringLiteral("watcher")}}),
                                          credentials);
        const auto identity = answerOf(connector->identify({}));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        QCOMPARE(identity->userName, QStringLiteral("bob"));
    }

    void aTokenCommandLogsInToKafka()
    {
        REQUIRE_SECURE_KAFKA();
        Credentials credentials;
        credentials.tokenCommand = QStringLiteral("/bin/echo ") + QString::fromLatin1(unsignedToken("carol"));
        const auto connector = *openKafka(oauthSpec(), credentials);
        const auto identity = answerOf(connector->identify({}));
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        QCOMPARE(identity->userName, QStringLiteral("carol"));
    }

    void aTokenThatCannotBeHadEndsTheConnectingWithItsCause()
    {
        REQUIRE_SECURE_KAFKA();
        Credentials credentials;
        credentials.tokenCommand = QStringLiteral("/bin/false");
        const auto connector = *openKafka(oauthSpec(), credentials);
        const auto identity = answerOf(connector->identify({}));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::NotAuthenticated);
        QVERIFY2(identity.error().message.contains(u"/bin/false"), qPrintable(identity.error().message));
    }

    void aTokenThatTheBrokerRefusesIsTold()
    {
        REQUIRE_SECURE_KAFKA();
        Credentials credentials; // signed by nobody the broker knows
        credentials.tokenCommand = QStringLiteral("/bin/echo ") + QString::fromLatin1(unsignedToken("carol").replace(0, 20, tests::base64Url(R"({"alg":"RS256"})"))) + u"c2ln";
        const auto connector = *openKafka(oauthSpec(), credentials);
        const auto identity = answerOf(connector->identify({}));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::NotAuthenticated);
    }
};

QTEST_GUILESS_MAIN(TestAccessToken)
#include "tst_access_token.moc"
