// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session_opener.h"

#include "app/session/connection_url.h"
#include "app/session/secret_command.h"
#include "connectors/deliver.h"
#include "models/connection/same_place.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <memory>

namespace session {

using namespace connectors;
using models::connection::SavedConnection;

namespace {

/// What was entered now, and for the rest what is kept.
Credentials merged(const Credentials &given, const Credentials &kept)
{
    const auto either = [](const QString &first, const QString &second) { return first.isEmpty() ? second : first; };
    return {either(given.password, kept.password), either(given.clientSecret, kept.clientSecret), either(given.tokenCommand, kept.tokenCommand),
            either(given.keyPassword, kept.keyPassword)};
}

bool isEmpty(const Credentials &credentials)
{
    return credentials.password.isEmpty() && credentials.clientSecret.isEmpty() && credentials.tokenCommand.isEmpty() && credentials.keyPassword.isEmpty();
}

} // namespace

SessionOpener::SessionOpener(SessionFactory &factory, const QString &profilesPath, SecretStore::Backend backend, QObject *parent)
    : QObject(parent)
    , m_factory(factory)
    , m_profiles(std::make_shared<const ProfileStore>(profilesPath))
    , m_secrets(backend)
{
}

QFuture<Result<std::vector<SavedConnection>>> SessionOpener::savedConnections()
{
    return QtConcurrent::run([profiles = m_profiles]() -> Result<std::vector<SavedConnection>> {
        return profiles->load().map([](const std::vector<Profile> &all) {
            std::vector<SavedConnection> saved;
            saved.reserve(all.size());
            for (const Profile &profile : all) {
                ConnectionSpec untagged = profile.spec;
                untagged.environment = Environment::Untagged;
                untagged.via.clear();
                saved.push_back({profile.spec, connectionUrl(untagged), profile.tokenCommand, !profile.passwordCommand.isEmpty()});
            }
            return saved;
        });
    });
}

QFuture<Result<ConnectionSpec>> SessionOpener::find(const QString &nameOrUrl)
{
    return QtConcurrent::run([profiles = m_profiles, nameOrUrl]() -> Result<ConnectionSpec> {
        return profiles->find(nameOrUrl).map([](const Profile &profile) { return profile.spec; });
    });
}

template<typename Answer, typename Work>
QFuture<Answer> SessionOpener::withKept(const QString &name, Work work)
{
    const auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    connectors::deliver(m_secrets.read(name), this, [promise, work](const std::optional<Credentials> &kept) {
        std::ignore = QtConcurrent::run([promise, work, kept] {
            promise->addResult(work(kept));
            promise->finish();
        });
    });
    return promise->future();
}

QFuture<Result<std::shared_ptr<Connector>>> SessionOpener::open(const ConnectionSpec &spec, const std::optional<Credentials> &credentials)
{
    if (credentials && isEmpty(*credentials)) { // none is needed
        m_factory.setCredentials(spec, *credentials);
        return QtConcurrent::run([this, spec] { return m_factory.open(spec); });
    }
    return withKept<Result<std::shared_ptr<Connector>>>(spec.name, [this, spec, given = credentials.value_or(Credentials())](const std::optional<Credentials> &kept) {
        return completed(spec, given, kept).and_then([this, &spec](const Credentials &used) {
            m_factory.setCredentials(spec, used);
            return m_factory.open(spec);
        });
    });
}

Result<Credentials> SessionOpener::completed(const ConnectionSpec &spec, const Credentials &given, const std::optional<Credentials> &kept) const
{
    Credentials used = merged(given, kept.value_or(m_factory.credentials(spec)));
    const Result<Profile> profile = m_profiles->find(spec.name);
    if (used.tokenCommand.isEmpty() && profile && profile->spec == spec && !profile->tokenCommand.isEmpty()) {
        if (const Result<void> own = m_profiles->checkOwn(); !own)
            return tl::unexpected(own.error());
        used.tokenCommand = profile->tokenCommand;
    }
    const bool isEntered = !given.password.isEmpty() || !given.clientSecret.isEmpty() || !given.keyPassword.isEmpty();
    if (isEntered || !profile || profile->passwordCommand.isEmpty() || !models::connection::isSamePlace(profile->spec, spec))
        return used;
    return m_profiles->checkOwn().and_then([&] { return secretFromCommand(profile->passwordCommand); }).map([&](const QString &secret) {
        putSecret(spec, secret, &used); // in memory only
        return used;
    });
}

QFuture<Result<void>> SessionOpener::save(const ConnectionSpec &spec, const std::optional<Credentials> &credentials)
{
    const QString tokenCommand = credentials ? credentials->tokenCommand : QString();
    if (credentials)
        keepSecrets(spec.name, *credentials);
    return QtConcurrent::run([profiles = m_profiles, spec, tokenCommand] {
        Profile profile{spec, tokenCommand, {}};
        const Result<Profile> saved = profiles->find(spec.name);
        if (tokenCommand.isEmpty() && saved)
            profile.tokenCommand = saved->tokenCommand;
        return profiles->save(profile);
    });
}

void SessionOpener::keepSecrets(const QString &name, const Credentials &given)
{
    Credentials secrets = given;
    secrets.tokenCommand.clear(); // no secret: it is the profile's
    if (isEmpty(secrets))
        return;
    connectors::deliver(m_secrets.read(name), this, [this, name, secrets](const std::optional<Credentials> &kept) {
        writeSecrets(name, merged(secrets, kept.value_or(Credentials())));
    });
}

void SessionOpener::writeSecrets(const QString &name, const Credentials &secrets)
{
    connectors::deliver(m_secrets.write(name, secrets), this, [this, name](SecretKept where) {
        if (where == SecretKept::ForThisSession)
            Q_EMIT secretKeptForThisSessionOnly(name);
    });
}

QFuture<Result<void>> SessionOpener::change(const QString &name, const ConnectionSpec &spec, const Credentials &credentials)
{
    return withKept<Result<void>>(name, [this, profiles = m_profiles, name, spec, given = credentials](const std::optional<Credentials> &kept) -> Result<void> {
        const Result<Profile> before = profiles->find(name);
        const Result<void> changed = profiles->change(name, {spec, given.tokenCommand, {}});
        if (!changed)
            return changed;
        const Credentials known = before ? m_factory.credentials(before->spec) : Credentials();
        Credentials secrets = merged(given, kept.value_or(known));
        secrets.tokenCommand = given.tokenCommand;
        m_factory.setCredentials(spec, secrets); // what was removed is not used again either
        if (!kept && before && !before->passwordCommand.isEmpty()) // its secret is kept nowhere
            secrets = given;
        secrets.tokenCommand.clear();
        // Before the caller hears of it, who may open the connection by its new name at once.
        QMetaObject::invokeMethod(this, [this, name, newName = spec.name, secrets, hadAny = kept.has_value()] {
            if (newName != name)
                std::ignore = m_secrets.remove(name);
            if (hadAny || !isEmpty(secrets))
                writeSecrets(newName, secrets);
        });
        return changed;
    });
}

QFuture<Result<void>> SessionOpener::forget(const QString &name)
{
    std::ignore = m_secrets.remove(name);
    return QtConcurrent::run([profiles = m_profiles, name] { return profiles->remove(name); });
}

} // namespace session
