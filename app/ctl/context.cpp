// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/context.h"

#include "app/session/connection_url.h"
#include "app/session/secret_command.h"
#include "models/connection/environment.h"
#include "models/connection/same_place.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <thread>

namespace ctl {

using namespace connectors;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Context", text);
}

Result<QString> passwordFromFile(const QString &path)
{
    constexpr qint64 MaxBytes = 64 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::InvalidInput, tr("The password file “%1” cannot be read: %2").arg(path, file.errorString()));
    const QByteArray bytes = file.read(MaxBytes + 1);
    if (bytes.size() > MaxBytes)
        return failure(ErrorCode::InvalidInput, tr("The password file “%1” is larger than 64 KiB.").arg(path));
    QString password = QString::fromUtf8(bytes);
    while (password.endsWith(u'\n') || password.endsWith(u'\r'))
        password.chop(1);
    return password;
}

/// A file asks nobody who he is.
bool takesSecrets(const ConnectionSpec &spec)
{
    return spec.kind != SystemKind::EventStoreSqlite;
}

bool needsSecret(const ConnectionSpec &spec)
{
    static const QStringList names{QStringLiteral("ssl.key.location"), QStringLiteral("sslkey"), QStringLiteral("sasl.mechanism"), QStringLiteral("sasl.mechanisms")};
    return !spec.userName.isEmpty() || std::any_of(names.cbegin(), names.cend(), [&spec](const QString &name) { return spec.properties.contains(name); });
}

} // namespace

Context::Context(ContextOptions options, session::SecretStore &secrets, std::stop_source stop)
    : m_options(std::move(options))
    , m_secrets(secrets)
    , m_stop(std::move(stop))
    , m_output(m_options.isJson, [this] {
        if (!m_options.isChanging)
            m_stop.request_stop();
    })
    , m_factory(m_options.systems)
{
}

Result<Credentials> Context::credentialsFor(const session::Profile &profile, bool isKeyringAsked)
{
    Credentials credentials;
    const auto setPassword = [&](const QString &password) { session::putSecret(profile.spec, password, &credentials); };
    if (!m_options.passwordFile.isEmpty()) {
        const Result<QString> password = passwordFromFile(m_options.passwordFile);
        if (!password)
            return tl::unexpected(password.error());
        setPassword(*password);
    } else if (qEnvironmentVariableIsSet(PasswordVariable)) {
        setPassword(qEnvironmentVariable(PasswordVariable));
    } else if (!profile.passwordCommand.isEmpty()) {
        const Result<QString> password = m_profiles.checkOwn().and_then([&] { return session::secretFromCommand(profile.passwordCommand, stopToken()); });
        if (!password)
            return tl::unexpected(password.error());
        setPassword(*password);
    } else if (isKeyringAsked && needsSecret(profile.spec)) {
        const auto kept = waitUntil(m_secrets.read(profile.spec.name), stopToken());
        if (!kept)
            return failure(ErrorCode::Cancelled, tr("The command was interrupted."));
        credentials = kept->value_or(Credentials());
    }
    if (const Result<void> own = profile.tokenCommand.isEmpty() ? Result<void>() : m_profiles.checkOwn(); !own)
        return tl::unexpected(own.error());
    credentials.tokenCommand = profile.tokenCommand;
    return credentials;
}

Result<ConnectionSpec> Context::resolve(const QString &nameOrUrl)
{
    const Result<session::Profile> profile = m_profiles.find(nameOrUrl);
    if (!profile)
        return tl::unexpected(profile.error());
    if (takesSecrets(profile->spec)) {
        const Result<Credentials> credentials = credentialsFor(*profile);
        if (!credentials)
            return tl::unexpected(credentials.error());
        m_factory.setCredentials(profile->spec, *credentials);
    }
    return profile->spec;
}

Result<OpenConnection> Context::open(const QString &nameOrUrl, bool mayCreate)
{
    Result<ConnectionSpec> spec = resolve(nameOrUrl);
    if (!spec)
        return tl::unexpected(spec.error());
    spec->mayCreate = mayCreate;
    const Result<std::shared_ptr<Connector>> connector = m_factory.open(*spec);
    if (!connector)
        return tl::unexpected(connector.error());
    return identify(*spec, *connector);
}

Result<OpenConnection> Context::openPlanned(const ConnectionSpec &spec, bool isOwn)
{
    const bool isAddress = session::looksLikeUrl(spec.name);
    const Result<session::Profile> saved = isAddress ? Result<session::Profile>(failure(ErrorCode::NotFound, QString())) : m_profiles.find(spec.name);
    if (saved && !models::connection::isSamePlace(saved->spec, spec)) {
        return failure(ErrorCode::Refused, tr("The connection “%1” has changed since the plan was made: it leads elsewhere, or is secured in another way.").arg(spec.name),
                       tr("Plan again."));
    }
    if (!saved && !isOwn && takesSecrets(spec) && needsSecret(spec)) {
        return failure(ErrorCode::Refused, tr("The plan was made elsewhere, for a connection “%1” that is not saved here; no password is sent to an address out of a file.").arg(spec.name.left(200)),
                       tr("Save the connection under that name, or plan again here."));
    }
    if (!saved && !isOwn && !spec.via.isEmpty()) {
        return failure(ErrorCode::Refused, tr("The plan was made elsewhere, for a connection “%1” that is not saved here; no other machine is logged in to for an address out of a file.").arg(spec.name.left(200)),
                       tr("Save the connection under that name, or plan again here."));
    }
    if (takesSecrets(spec) && (saved || isOwn)) {
        const bool isKeyringAsked = saved || spec.name == session::connectionUrl(spec, false);
        const Result<Credentials> credentials = credentialsFor(saved ? *saved : session::Profile{spec, {}, {}}, isKeyringAsked);
        if (!credentials)
            return tl::unexpected(credentials.error());
        m_factory.setCredentials(spec, *credentials);
    }
    const Result<std::shared_ptr<Connector>> connector = m_factory.open(spec);
    if (!connector)
        return tl::unexpected(connector.error());
    return identify(spec, *connector);
}

Result<OpenConnection> Context::openRecorded(const ConnectionSpec &spec, bool isOwn)
{
    const bool isSaved = !session::looksLikeUrl(spec.name) && m_profiles.find(spec.name);
    return isSaved ? open(spec.name) : openPlanned(spec, isOwn);
}

Result<OpenConnection> Context::identify(const ConnectionSpec &spec, const std::shared_ptr<Connector> &connector)
{
    if (const Result<void> usable = m_factory.checkTeam(spec); !usable && std::exchange(m_teamProblem, usable.error().message) != usable.error().message)
        m_output.say(usable.error());
    std::stop_source stop;
    const std::stop_callback forwarded(stopToken(), [&stop] { stop.request_stop(); });
    // A timer of its own: the connector's time-out is about one request, the user's about the whole of connecting.
    std::mutex mutex;
    std::condition_variable_any alarm;
    std::jthread timer([&](const std::stop_token &isOver) {
        std::unique_lock lock(mutex);
        alarm.wait_for(lock, isOver, m_options.timeout, [] { return false; });
        if (!isOver.stop_requested())
            stop.request_stop();
    });
    const auto identity = waitUntil(connector->identify(stop.get_token()), stop.get_token());
    timer.request_stop();
    if (stopToken().stop_requested())
        return failure(ErrorCode::Cancelled, tr("The command was interrupted."));
    const bool isLate = !identity || (!identity->has_value() && (identity->error().code == ErrorCode::Cancelled || identity->error().code == ErrorCode::TimedOut));
    if (isLate) {
        return failure(ErrorCode::CannotConnect, tr("“%1” did not answer within %2 s.").arg(spec.name).arg(static_cast<double>(m_options.timeout.count()) / 1000),
                       tr("Check the address and the network, or wait longer with --timeout."));
    }
    if (!identity->has_value())
        return tl::unexpected(identity->error());
    return OpenConnection{spec, models::connection::effectiveEnvironment(spec, **identity), **identity, connector};
}

} // namespace ctl
