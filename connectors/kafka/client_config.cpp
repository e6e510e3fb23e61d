// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client_config.h"

#include <QSysInfo>
#include <QUrl>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <memory>

#include <arpa/inet.h>

namespace connectors::kafka {

namespace {

/// librdkafka properties that a connection may set as they are: none of them loads code, runs a program, joins a group,
/// commits, writes or logs.
const QStringList &passedOnProperties()
{
    static const QStringList names{
        QStringLiteral("api.version.request.timeout.ms"), QStringLiteral("broker.address.family"), QStringLiteral("broker.address.ttl"),
        QStringLiteral("check.crcs"), QStringLiteral("client.dns.lookup"), QStringLiteral("client.rack"), QStringLiteral("connections.max.idle.ms"),
        QStringLiteral("fetch.error.backoff.ms"), QStringLiteral("fetch.max.bytes"), QStringLiteral("fetch.message.max.bytes"),
        QStringLiteral("fetch.min.bytes"), QStringLiteral("fetch.wait.max.ms"), QStringLiteral("max.partition.fetch.bytes"),
        QStringLiteral("metadata.max.age.ms"), QStringLiteral("queued.max.messages.kbytes"), QStringLiteral("queued.min.messages"),
        QStringLiteral("receive.message.max.bytes"), QStringLiteral("reconnect.backoff.max.ms"), QStringLiteral("reconnect.backoff.ms"),
        QStringLiteral("socket.connection.setup.timeout.ms"), QStringLiteral("socket.keepalive.enable"), QStringLiteral("socket.max.fails"),
        QStringLiteral("socket.nagle.disable"), QStringLiteral("socket.receive.buffer.bytes"), QStringLiteral("socket.send.buffer.bytes"),
        QStringLiteral("socket.timeout.ms"), QStringLiteral("ssl.ca.location"), QStringLiteral("ssl.certificate.location"),
        QStringLiteral("ssl.cipher.suites"), QStringLiteral("ssl.crl.location"), QStringLiteral("ssl.curves.list"), QStringLiteral("ssl.key.location"),
        QStringLiteral("ssl.keystore.location"), QStringLiteral("ssl.sigalgs.list"), QStringLiteral("topic.metadata.refresh.interval.ms")};
    return names;
}

/// Properties that are ours to interpret: security rules hang on them, or the library in use could not.
const QStringList &interpretedProperties()
{
    static const QStringList names{
        QStringLiteral("security.protocol"), QStringLiteral("sasl.mechanism"), QStringLiteral("sasl.mechanisms"), QStringLiteral("sasl.username"),
        QStringLiteral("sasl.oauthbearer.method"), QStringLiteral("sasl.oauthbearer.token.endpoint.url"), QStringLiteral("sasl.oauthbearer.client.id"),
        QStringLiteral("sasl.oauthbearer.scope"), QStringLiteral("sasl.oauthbearer.extensions"), QStringLiteral("https.ca.location"),
        QStringLiteral("ssl.endpoint.identification.algorithm"), QStringLiteral("enable.ssl.certificate.verification")};
    return names;
}

/// Why a property that people try is not allowed; null for any other.
QString reasonAgainst(const QString &name)
{
    if (name == u"group.id" || name == u"group.instance.id")
        return QStringLiteral("Streamgauge looks without joining a consumer group.");
    if (name.startsWith(u"enable.auto.") || name.startsWith(u"auto.commit."))
        return QStringLiteral("Streamgauge never commits for a consumer.");
    if (name == u"plugin.library.paths" || name == u"ssl.engine.location" || name.startsWith(u"sasl.kerberos."))
        return QStringLiteral("It would run code that the address names.");
    if (name == u"isolation.level")
        return QStringLiteral("What is read is chosen for each read.");
    return {};
}

auto invalid(const QString &message, const QString &advice = {})
{
    return failure(ErrorCode::InvalidInput, message, advice);
}

Result<void> checkName(const QString &name)
{
    if (passedOnProperties().contains(name) || interpretedProperties().contains(name))
        return {};
    const QString reason = reasonAgainst(name);
    const QString message = QStringLiteral("The property “%1” is not allowed in a connection to Kafka.").arg(name.left(80));
    if (!reason.isEmpty())
        return invalid(message, reason + QStringLiteral(" Leave it out."));
    const QStringList allowed = passedOnProperties() + interpretedProperties();
    return invalid(message, QStringLiteral("Leave it out. Allowed are: %1.").arg(allowed.join(QStringLiteral(", "))));
}

/// Host names and certificates are always verified; saying so again is fine.
Result<void> checkVerification(const QMap<QString, QString> &properties)
{
    const QString algorithm = QStringLiteral("ssl.endpoint.identification.algorithm");
    const QString verification = QStringLiteral("enable.ssl.certificate.verification");
    if (properties.value(algorithm, QStringLiteral("https")) != u"https")
        return failure(ErrorCode::Refused, QStringLiteral("The property “%1” must be https: the brokers' host names are always verified.").arg(algorithm),
                       QStringLiteral("Use a name that the broker's certificate holds."));
    if (properties.value(verification, QStringLiteral("true")) != u"true")
        return failure(ErrorCode::Refused, QStringLiteral("The property “%1” must be true: certificates are always verified.").arg(verification),
                       QStringLiteral("Name the CA that signed the brokers' certificates with ssl.ca.location."));
    return {};
}

struct Security {
    QString protocol;  ///< plaintext, ssl, sasl_plaintext, sasl_ssl
    QString mechanism; ///< upper case; empty without SASL
    bool isSasl() const { return protocol.startsWith(u"sasl_"); }
    bool isEncrypted() const { return protocol.endsWith(u"ssl"); }
};

Result<Security> securityOf(const ConnectionSpec &spec)
{
    const QMap<QString, QString> &given = spec.properties;
    Security security;
    security.protocol = given.value(QStringLiteral("security.protocol"), QStringLiteral("plaintext")).toLower();
    security.mechanism = given.value(QStringLiteral("sasl.mechanism"), given.value(QStringLiteral("sasl.mechanisms"))).toUpper();
    static const QStringList protocols{QStringLiteral("plaintext"), QStringLiteral("ssl"), QStringLiteral("sasl_plaintext"), QStringLiteral("sasl_ssl")};
    static const QStringList mechanisms{QStringLiteral("PLAIN"), QStringLiteral("SCRAM-SHA-256"), QStringLiteral("SCRAM-SHA-512"), QStringLiteral("OAUTHBEARER")};
    if (!protocols.contains(security.protocol))
        return invalid(QStringLiteral("“%1” is not a security protocol.").arg(security.protocol.left(40)),
                       QStringLiteral("Set security.protocol to plaintext, ssl, sasl_plaintext or sasl_ssl."));
    if (!security.isSasl() && !security.mechanism.isEmpty())
        return invalid(QStringLiteral("A SASL mechanism is given, but security.protocol is %1.").arg(security.protocol),
                       QStringLiteral("Set security.protocol=sasl_ssl."));
    if (security.isSasl() && !mechanisms.contains(security.mechanism))
        return invalid(security.mechanism.isEmpty() ? QStringLiteral("security.protocol is %1, but no SASL mechanism is given.").arg(security.protocol)
                                                    : QStringLiteral("The SASL mechanism “%1” is not supported.").arg(security.mechanism.left(40)),
                       QStringLiteral("Set sasl.mechanism to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER."));
    return security;
}

/// A secret that the network could read: PLAIN's password and a bearer token, without TLS.
bool isSecretReadable(const Security &security)
{
    return security.isSasl() && !security.isEncrypted() && (security.mechanism == u"PLAIN" || security.mechanism == u"OAUTHBEARER");
}

Result<void> refuseReadableSecret(const ConnectionSpec &spec, const Security &security)
{
    if (!isSecretReadable(security))
        return {};
    const auto remote = std::find_if_not(spec.hosts.cbegin(), spec.hosts.cend(), isLoopbackHost);
    if (remote == spec.hosts.cend())
        return {};
    return failure(ErrorCode::Refused,
                   QStringLiteral("Logging in to %1 by %2 without TLS would send the secret readable over the network.").arg(remote->left(80), security.mechanism),
                   QStringLiteral("Use security.protocol=sasl_ssl, or a SCRAM mechanism."));
}

Result<TokenSource> tokenSourceOf(const ConnectionSpec &spec, const Credentials &credentials)
{
    const QMap<QString, QString> &given = spec.properties;
    TokenSource source;
    source.command = credentials.tokenCommand;
    source.endpointUrl = given.value(QStringLiteral("sasl.oauthbearer.token.endpoint.url"));
    source.clientId = given.value(QStringLiteral("sasl.oauthbearer.client.id"), spec.userName);
    source.clientSecret = credentials.clientSecret.isEmpty() ? credentials.password : credentials.clientSecret;
    source.scope = given.value(QStringLiteral("sasl.oauthbearer.scope"));
    source.caLocation = given.value(QStringLiteral("https.ca.location"));
    source.extensions = given.value(QStringLiteral("sasl.oauthbearer.extensions"));
    if (given.value(QStringLiteral("sasl.oauthbearer.method"), QStringLiteral("oidc")).toLower() != u"oidc")
        return invalid(QStringLiteral("sasl.oauthbearer.method must be oidc."), QStringLiteral("Leave it out."));
    if (!source.isGiven())
        return invalid(QStringLiteral("OAUTHBEARER needs to know where a token comes from."),
                       QStringLiteral("Set sasl.oauthbearer.token.endpoint.url and sasl.oauthbearer.client.id, or a token command in the saved connection."));
    if (!source.command.isEmpty())
        return source;
    const QUrl url(source.endpointUrl, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"https" && url.scheme() != u"http"))
        return invalid(QStringLiteral("“%1” is not the address of a token endpoint.").arg(source.endpointUrl.left(200)),
                       QStringLiteral("Write https://host/path."));
    if (!url.userInfo().isEmpty())
        return invalid(QStringLiteral("The address of a token endpoint must not hold a user or a secret."),
                       QStringLiteral("Set sasl.oauthbearer.client.id; the secret is asked for."));
    if (url.scheme() == u"http" && !isLoopbackHost(url.host()))
        return failure(ErrorCode::Refused, QStringLiteral("The token endpoint at %1 would get the client secret readable over the network.").arg(url.host()),
                       QStringLiteral("Use its https address."));
    if (source.clientId.isEmpty())
        return invalid(QStringLiteral("A token endpoint needs a client id."), QStringLiteral("Set sasl.oauthbearer.client.id."));
    return source;
}

/// Shown by brokers in their logs and quotas: who looks.
QByteArray clientId()
{
    const QString user = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME", QStringLiteral("unknown")));
    return QStringLiteral("streamgauge/%1@%2").arg(user, QSysInfo::machineHostName()).toUtf8();
}

void addSecurity(ClientProperties *properties, const Security &security, const ConnectionSpec &spec, const Credentials &credentials)
{
    properties->emplace_back("security.protocol", security.protocol.toUtf8());
    if (security.isEncrypted()) {
        properties->emplace_back("enable.ssl.certificate.verification", "true");
        properties->emplace_back("ssl.endpoint.identification.algorithm", "https");
        if (!credentials.keyPassword.isEmpty())
            properties->emplace_back(spec.properties.contains(QStringLiteral("ssl.keystore.location")) ? "ssl.keystore.password" : "ssl.key.password",
                                     credentials.keyPassword.toUtf8());
    }
    if (!security.isSasl())
        return;
    properties->emplace_back("sasl.mechanisms", security.mechanism.toUtf8());
    if (security.mechanism != u"OAUTHBEARER") {
        properties->emplace_back("sasl.username", spec.userName.toUtf8());
        properties->emplace_back("sasl.password", credentials.password.toUtf8());
    }
}

/// Has the library look at every name and value. Reads no file.
Result<void> tryProperties(const ClientProperties &properties)
{
    const std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
    std::array<char, 512> text{};
    for (const auto &[name, value] : properties) {
        if (rd_kafka_conf_set(conf.get(), name.constData(), value.constData(), text.data(), text.size()) != RD_KAFKA_CONF_OK)
            return invalid(QStringLiteral("The property “%1” cannot be used: %2.").arg(QString::fromUtf8(name), QString::fromUtf8(text.data())),
                           QStringLiteral("Correct its value, or leave it out. The library in use is librdkafka %1.").arg(QString::fromUtf8(rd_kafka_version_str())));
    }
    return {};
}

bool isLoopbackV4(const in_addr &address)
{
    return (ntohl(address.s_addr) >> 24) == 127;
}

} // namespace

bool isLoopbackHost(const QString &hostAndPort)
{
    QString host = hostAndPort;
    if (host.startsWith(u'['))
        host = host.mid(1, host.indexOf(u']') - 1);
    else if (host.count(u':') == 1)
        host = host.section(u':', 0, 0);
    const QByteArray text = host.toUtf8();
    if (in_addr v4{}; inet_pton(AF_INET, text.constData(), &v4) == 1)
        return isLoopbackV4(v4);
    if (in6_addr v6{}; inet_pton(AF_INET6, text.constData(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return host.compare(u"localhost", Qt::CaseInsensitive) == 0;
}

Result<ClientConfig> clientConfig(const ConnectionSpec &spec, const Credentials &credentials)
{
    if (spec.hosts.isEmpty())
        return invalid(QStringLiteral("The address names no broker."), QStringLiteral("Write it as kafka://host:port."));
    for (const QString &name : spec.properties.keys()) {
        if (const Result<void> allowed = checkName(name); !allowed)
            return tl::unexpected(allowed.error());
    }
    if (const Result<void> verified = checkVerification(spec.properties); !verified)
        return tl::unexpected(verified.error());
    const Result<Security> security = securityOf(spec);
    if (!security)
        return tl::unexpected(security.error());
    if (const Result<void> unreadable = refuseReadableSecret(spec, *security); !unreadable)
        return tl::unexpected(unreadable.error());

    ClientConfig config;
    config.hosts = spec.hosts;
    config.userName = security->isSasl() ? spec.userName : QString();
    config.isLoopbackOnly = isSecretReadable(*security);
    if (security->mechanism == u"OAUTHBEARER") {
        const Result<TokenSource> token = tokenSourceOf(spec, credentials);
        if (!token)
            return tl::unexpected(token.error());
        config.token = *token;
    } else if (security->isSasl() && spec.userName.isEmpty()) {
        return invalid(QStringLiteral("%1 needs a user name.").arg(security->mechanism), QStringLiteral("Set sasl.username, or write kafka://USER@host:port."));
    }

    config.properties = {{"bootstrap.servers", spec.hosts.join(u',').toUtf8()},
                         {"client.id", clientId()},
                         {"allow.auto.create.topics", "false"},
                         {"enable.auto.commit", "false"},
                         {"enable.auto.offset.store", "false"},
                         {"reconnect.backoff.max.ms", "2000"}};
    addSecurity(&config.properties, *security, spec, credentials);
    for (const QString &name : passedOnProperties()) {
        if (spec.properties.contains(name))
            config.properties.emplace_back(name.toUtf8(), spec.properties.value(name).toUtf8());
    }
    if (const Result<void> tried = tryProperties(config.properties); !tried)
        return tl::unexpected(tried.error());
    return config;
}

} // namespace connectors::kafka
