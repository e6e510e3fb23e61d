// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/options.h"

#include <QFileInfo>
#include <QStringList>
#include <QSysInfo>

#include <libpq-fe.h>

#include <algorithm>

#include <arpa/inet.h>

namespace connectors::postgres {

namespace {

constexpr const char *SystemCertificates = "/etc/ssl/certs/ca-certificates.crt";
constexpr int FirstVersionWithRequiredAuthentication = 160000;
constexpr qsizetype LongestIdentifier = 63; ///< bytes; the server cuts a longer one without a word

/// libpq's properties that a connection may set as they are: none of them reads a password from somewhere, runs a program or
/// leads elsewhere.
const QStringList &passedOnProperties()
{
    static const QStringList names{QStringLiteral("channel_binding"), QStringLiteral("sslcert"), QStringLiteral("sslcrl"), QStringLiteral("sslkey"),
                                   QStringLiteral("sslmode"), QStringLiteral("sslrootcert"), QStringLiteral("target_session_attrs")};
    return names;
}

auto invalid(const QString &message, const QString &advice)
{
    return failure(ErrorCode::InvalidInput, message, advice);
}

Result<void> checkProperties(const QMap<QString, QString> &properties)
{
    for (auto property = properties.cbegin(); property != properties.cend(); ++property) {
        if (property.key() != u"schema" && !passedOnProperties().contains(property.key()))
            return invalid(QStringLiteral("The property “%1” is not allowed in a connection to PostgreSQL.").arg(property.key().left(80)),
                           QStringLiteral("Leave it out. Allowed are: schema, %1.").arg(passedOnProperties().join(QStringLiteral(", "))));
        if (property.value().contains(QChar::Null))
            return invalid(QStringLiteral("The property “%1” has a NUL character in it.").arg(property.key()), QStringLiteral("Leave it out."));
    }
    static const QStringList modes{QStringLiteral("disable"), QStringLiteral("prefer"), QStringLiteral("require"), QStringLiteral("verify-ca"),
                                   QStringLiteral("verify-full")};
    if (const QString mode = properties.value(QStringLiteral("sslmode")); !mode.isEmpty() && !modes.contains(mode))
        return invalid(QStringLiteral("“%1” is no way to use TLS.").arg(mode.left(40)), QStringLiteral("Set sslmode to one of %1.").arg(modes.join(QStringLiteral(", "))));
    if (const QString schema = properties.value(QStringLiteral("schema"), QStringLiteral("s"));
        schema.isEmpty() || schema.toUtf8().size() > LongestIdentifier || schema.startsWith(u"pg_"))
        return invalid(QStringLiteral("“%1” cannot be the name of a schema.").arg(schema.left(80)),
                       QStringLiteral("A schema's name has 1 to %1 bytes and does not begin with “pg_”.").arg(LongestIdentifier));
    return {};
}

/// "host:port", "[v6]:port" → the two.
std::pair<QByteArray, QByteArray> parted(const QString &hostAndPort)
{
    const qsizetype colon = hostAndPort.lastIndexOf(u':');
    QString host = hostAndPort.left(colon);
    if (host.startsWith(u'['))
        host = host.mid(1, host.size() - 2);
    return {host.toUtf8(), hostAndPort.mid(colon + 1).toUtf8()};
}

/// Shown by the server in pg_stat_activity and its log: who looks.
QByteArray applicationName()
{
    const QString user = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME", QStringLiteral("unknown")));
    return QStringLiteral("streamgauge/%1@%2").arg(user, QSysInfo::machineHostName()).toUtf8().left(LongestIdentifier);
}

QString securityModeOf(const ConnectionSpec &spec, bool isAllHere)
{
    return spec.properties.value(QStringLiteral("sslmode"), isAllHere ? QStringLiteral("prefer") : QStringLiteral("verify-full"));
}

Result<void> refuseReadablePassword(const ConnectionSpec &spec, const QString &mode)
{
    const bool isEncrypted = mode != u"disable" && mode != u"prefer";
    if (isEncrypted || PQlibVersion() >= FirstVersionWithRequiredAuthentication)
        return {};
    return failure(ErrorCode::Refused,
                   QStringLiteral("Logging in to %1 with sslmode=%2 could send the password readable over the network.").arg(spec.hosts.front().left(80), mode),
                   QStringLiteral("Use sslmode=verify-full or sslmode=require, or go through the machine itself with via=ssh:user@host."));
}

void addSecurity(Options *options, const ConnectionSpec &spec, const QString &mode, bool hasRemotePassword)
{
    options->parameters.emplace_back("sslmode", mode.toUtf8());
    const bool isVerifying = mode.startsWith(u"verify-");
    // libpq's own default is a file that hardly anybody has.
    if (isVerifying && !spec.properties.contains(QStringLiteral("sslrootcert")) && QFileInfo::exists(QString::fromLatin1(SystemCertificates)))
        options->parameters.emplace_back("sslrootcert", SystemCertificates);
    if (hasRemotePassword && (mode == u"disable" || mode == u"prefer"))
        options->parameters.emplace_back("require_auth", "scram-sha-256");
    for (const QString &name : passedOnProperties()) {
        if (name != u"sslmode" && spec.properties.contains(name))
            options->parameters.emplace_back(name.toUtf8(), spec.properties.value(name).toUtf8());
    }
}

} // namespace

bool isThisMachine(const QString &hostAndPort)
{
    const QByteArray host = parted(hostAndPort).first;
    if (in_addr v4{}; inet_pton(AF_INET, host.constData(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    if (in6_addr v6{}; inet_pton(AF_INET6, host.constData(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return host.compare("localhost", Qt::CaseInsensitive) == 0;
}

QByteArray quotedName(const QString &name)
{
    return '"' + name.toUtf8().replace('"', "\"\"") + '"';
}

Result<Options> optionsOf(const ConnectionSpec &spec, const Credentials &credentials)
{
    const QString form = QStringLiteral("Write it as postgresql://user@host:port/database.");
    if (spec.hosts.isEmpty())
        return invalid(QStringLiteral("The address names no server."), form);
    if (spec.path.isEmpty() || spec.path.contains(QChar::Null))
        return invalid(QStringLiteral("The address names no database."), form);
    if (const Result<void> checked = checkProperties(spec.properties); !checked)
        return tl::unexpected(checked.error());
    const bool isAllHere = std::all_of(spec.hosts.cbegin(), spec.hosts.cend(), isThisMachine);
    const bool hasRemotePassword = !isAllHere && !credentials.password.isEmpty();
    const QString mode = securityModeOf(spec, isAllHere);
    if (const Result<void> refused = hasRemotePassword ? refuseReadablePassword(spec, mode) : Result<void>(); !refused)
        return tl::unexpected(refused.error());

    Options options;
    options.place = QStringLiteral("%1 at %2").arg(spec.path.left(80), spec.hosts.join(u',').left(200));
    options.schema = spec.properties.value(QStringLiteral("schema"), QStringLiteral("streamgauge"));
    options.databaseName = spec.path;
    QByteArrayList hosts;
    QByteArrayList ports;
    for (const QString &host : spec.hosts) {
        const auto [name, port] = parted(host);
        hosts += name;
        ports += port;
    }
    // A dead peer is noticed after half a minute, whether we wait for it or write to it.
    options.parameters = {{"host", hosts.join(',')}, {"port", ports.join(',')}, {"dbname", spec.path.toUtf8()}, {"application_name", applicationName()},
                          {"client_encoding", "UTF8"}, {"keepalives", "1"}, {"keepalives_idle", "10"}, {"keepalives_interval", "5"},
                          {"keepalives_count", "4"}, {"tcp_user_timeout", "30000"}};
    if (!spec.userName.isEmpty())
        options.parameters.emplace_back("user", spec.userName.toUtf8());
    if (!credentials.password.isEmpty())
        options.parameters.emplace_back("password", credentials.password.toUtf8());
    if (!credentials.keyPassword.isEmpty())
        options.parameters.emplace_back("sslpassword", credentials.keyPassword.toUtf8());
    addSecurity(&options, spec, mode, hasRemotePassword);
    return options;
}

} // namespace connectors::postgres
