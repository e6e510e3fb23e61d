// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"

#include "app/session/translation.h"
#include "models/connection/via.h"

#include <QRegularExpression>
#include <QUrl>

namespace session {

using namespace connectors;

namespace {

constexpr int DefaultKafkaPort = 9092;
constexpr int DefaultPostgresPort = 5432;

auto invalid(const QString &message, const QString &advice = {})
{
    return failure(ErrorCode::InvalidInput, message, advice);
}

QString passwordAdvice()
{
    return tr("Leave it out and use the system keyring, the variable STREAMGAUGE_PASSWORD or --password-file.");
}

QString exampleAdvice()
{
    return tr("Write for example kafka://broker-1:9092,broker-2:9092, sqlite:/path/to/store.db or postgresql://user@host/database, or the name of a saved connection.");
}

/// One "host", "host:port" or "[v6]:port" to "host:port"; empty when it is none.
QString normalHost(const QString &text, int defaultPort)
{
    static const QRegularExpression shape(QStringLiteral("^(\\[[0-9A-Fa-f:.]+(?:%[\\w.-]+)?\\]|[\\w.-]+)(?::([0-9]{1,5}))?$"));
    const auto match = shape.match(text);
    const int port = match.captured(2).isEmpty() ? defaultPort : match.captured(2).toInt();
    if (!match.hasMatch() || port < 1 || port > 65535)
        return {};
    return match.captured(1) + u':' + QString::number(port);
}

QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

/// Any `user:password@`, also where the password itself has a `?`, `/` or `@` in it: nothing that comes after may be
/// repeated in a message then. A property's value with a bare `@` is taken for none if what stands before it is a query.
bool holdsPassword(const QString &rest)
{
    static const QRegularExpression query(QStringLiteral("\\?[\\w.-]+="));
    const qsizetype at = rest.lastIndexOf(u'@');
    const QString before = rest.left(at);
    const qsizetype queryAt = before.indexOf(query);
    const QString user = queryAt < 0 ? before : before.left(qMax(qsizetype(0), before.left(queryAt).lastIndexOf(u'@')));
    return at >= 0 && user.contains(u':');
}

/// A property that is ours, not the client library's. True when it was taken.
Result<bool> takeOwnProperty(ConnectionSpec *spec, const QString &name, const QString &value)
{
    if (name == u"environment") {
        const auto environment = environmentFromWord(value);
        if (!environment)
            return invalid(tr("“%1” is not an environment.").arg(value.left(40)), tr("Write production, staging or development."));
        spec->environment = *environment;
        return true;
    }
    if (name == u"via") {
        if (!spec->via.isEmpty())
            return invalid(tr("The property “%1” is given twice.").arg(name));
        if (const auto via = models::connection::parseVia(value); !via)
            return tl::unexpected(via.error());
        spec->via = value;
        return true;
    }
    if (name == u"isolation" || name == u"store") {
        return failure(ErrorCode::Unsupported, tr("The option “%1” of a connection is not supported in this version.").arg(name),
                       tr("Leave it out."));
    }
    if (name == u"sasl.username") {
        spec->userName = value;
        return true;
    }
    return false;
}

Result<void> parseProperties(ConnectionSpec *spec, const QString &query)
{
    const QStringList pairs = query.split(u'&', Qt::SkipEmptyParts);
    for (const QString &pair : pairs) {
        const qsizetype equals = pair.indexOf(u'=');
        const QString name = decoded(pair.left(equals));
        if (isSecretProperty(name))
            return invalid(tr("A connection's address must not hold a secret: “%1”.").arg(name.left(60)), passwordAdvice());
        if (equals < 1)
            return invalid(tr("A property of a connection is written name=value; one has no name or no value."), exampleAdvice());
        const QString value = decoded(pair.mid(equals + 1));
        const Result<bool> taken = takeOwnProperty(spec, name, value);
        if (!taken)
            return tl::unexpected(taken.error());
        if (!*taken && spec->properties.contains(name))
            return invalid(tr("The property “%1” is given twice.").arg(name.left(60)));
        if (!*taken)
            spec->properties.insert(name, value);
    }
    return {};
}

/// "[user@]host[:port][,host…]".
Result<void> parseHosts(ConnectionSpec *spec, QString rest, int defaultPort)
{
    const qsizetype at = rest.lastIndexOf(u'@');
    if (at >= 0) {
        spec->userName = decoded(rest.left(at));
        rest = rest.mid(at + 1);
    }
    const QStringList hosts = rest.split(u',');
    for (const QString &host : hosts) {
        const QString normal = normalHost(host.trimmed(), defaultPort);
        if (normal.isEmpty())
            return invalid(tr("“%1” is not a host and port.").arg(host.left(80)), exampleAdvice());
        spec->hosts += normal;
    }
    return {};
}

Result<void> parseKafka(ConnectionSpec *spec, QString rest)
{
    while (rest.endsWith(u'/'))
        rest.chop(1);
    return parseHosts(spec, rest, DefaultKafkaPort);
}

Result<void> parsePostgres(ConnectionSpec *spec, const QString &rest)
{
    spec->kind = SystemKind::EventStorePostgres;
    const qsizetype slash = rest.lastIndexOf(u'/');
    spec->path = slash < 0 ? QString() : decoded(rest.mid(slash + 1));
    if (spec->path.isEmpty() || spec->path.contains(QChar(0)))
        return invalid(tr("The address of an event store on PostgreSQL names no database."), exampleAdvice());
    return parseHosts(spec, rest.left(slash), DefaultPostgresPort);
}

Result<void> parseSystem(ConnectionSpec *spec, const QString &scheme, const QString &rest)
{
    if (scheme == u"kafka" && rest.startsWith(u"//"))
        return parseKafka(spec, rest.mid(2));
    if (scheme == u"sqlite") {
        spec->kind = SystemKind::EventStoreSqlite;
        // sqlite:///absolute/path is understood too.
        spec->path = rest.startsWith(u"///") ? rest.mid(2) : rest;
        if (spec->path.isEmpty() || spec->path.startsWith(u"//") || spec->path.contains(QChar(0)))
            return invalid(tr("The address of an event store names no file."), exampleAdvice());
        return {};
    }
    if ((scheme == u"postgresql" || scheme == u"postgres") && rest.startsWith(u"//"))
        return parsePostgres(spec, rest.mid(2));
    static const QStringList planned{QStringLiteral("nats"), QStringLiteral("amqp"), QStringLiteral("amqps"), QStringLiteral("sqs")};
    if (planned.contains(scheme)) {
        return failure(ErrorCode::Unsupported, tr("Systems of the kind “%1” are not supported in this version.").arg(scheme),
                       tr("This version connects to Kafka (kafka://…) and to event stores in a SQLite file (sqlite:…) or in PostgreSQL (postgresql://…)."));
    }
    return invalid(tr("“%1” is not a kind of system that is known.").arg(scheme.left(40)), exampleAdvice());
}

} // namespace

bool looksLikeUrl(const QString &text)
{
    static const QRegularExpression shape(QStringLiteral("^(?:[A-Za-z][A-Za-z0-9+.-]*://|(?:sqlite|postgresql|nats|amqp|sqs|kafka):)"));
    return shape.match(text).hasMatch();
}

std::optional<Environment> environmentFromWord(const QString &word)
{
    if (word == u"production")
        return Environment::Production;
    if (word == u"staging")
        return Environment::Staging;
    if (word == u"development")
        return Environment::Development;
    return std::nullopt;
}

bool isSecretProperty(const QString &name)
{
    static const QStringList parts{QStringLiteral("password"), QStringLiteral("secret"), QStringLiteral("token"), QStringLiteral("passphrase"),
                                   QStringLiteral("credential"), QStringLiteral("ssl.key.pem")};
    // Where a token is fetched, and over what, is no secret; what is in the file or the key is.
    if (name == u"sasl.oauthbearer.token.endpoint.url")
        return false;
    return std::any_of(parts.cbegin(), parts.cend(), [&name](const QString &part) { return name.contains(part, Qt::CaseInsensitive); });
}

Result<ConnectionSpec> parseConnection(const QString &url)
{
    const qsizetype colon = url.indexOf(u':');
    if (colon < 1 || !looksLikeUrl(url))
        return invalid(tr("This is not the address of a system."), exampleAdvice());
    ConnectionSpec spec;
    const QString rest = url.mid(colon + 1);
    const QString scheme = url.left(colon).toLower();
    if (rest.startsWith(u"//") && holdsPassword(rest))
        return invalid(tr("A connection's address must not hold a password."), passwordAdvice());
    const qsizetype question = rest.indexOf(u'?');
    if (const Result<void> parsed = parseSystem(&spec, scheme, question < 0 ? rest : rest.left(question)); !parsed)
        return tl::unexpected(parsed.error());
    if (question >= 0) {
        if (const Result<void> parsed = parseProperties(&spec, rest.mid(question + 1)); !parsed)
            return tl::unexpected(parsed.error());
    }
    if (const Result<void> fit = models::connection::checkVia(spec); !fit)
        return tl::unexpected(fit.error());
    spec.name = connectionUrl(spec, false);
    return spec;
}

} // namespace session
