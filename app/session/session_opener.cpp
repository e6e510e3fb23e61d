// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session_opener.h"

#include "connectors/deliver.h"

#include <QtConcurrentRun>

namespace session {

using namespace connectors;

SessionOpener::SessionOpener(SessionFactory &factory, const QString &profilesPath, SecretStore::Backend backend, QObject *parent)
    : QObject(parent)
    , m_factory(factory)
    , m_profiles(std::make_shared<const ProfileStore>(profilesPath))
    , m_secrets(backend)
{
}

QFuture<Result<std::vector<ConnectionSpec>>> SessionOpener::savedConnections()
{
    return QtConcurrent::run([profiles = m_profiles]() -> Result<std::vector<ConnectionSpec>> {
        return profiles->load().map([](const std::vector<Profile> &all) {
            std::vector<ConnectionSpec> specs;
            specs.reserve(all.size());
            for (const Profile &profile : all)
                specs.push_back(profile.spec);
            return specs;
        });
    });
}

QFuture<Result<ConnectionSpec>> SessionOpener::find(const QString &nameOrUrl)
{
    return QtConcurrent::run([profiles = m_profiles, nameOrUrl]() -> Result<ConnectionSpec> {
        return profiles->find(nameOrUrl).map([](const Profile &profile) { return profile.spec; });
    });
}

QFuture<Result<std::shared_ptr<Connector>>> SessionOpener::open(const ConnectionSpec &spec, const std::optional<Credentials> &credentials)
{
    if (credentials) {
        m_factory.setCredentials(spec.name, *credentials);
        return QtConcurrent::run([this, spec] { return m_factory.open(spec); });
    }
    return m_secrets.read(spec.name).then(QtFuture::Launch::Async, [this, spec, profiles = m_profiles](const std::optional<Credentials> &kept) {
        Credentials found = kept.value_or(m_factory.credentials(spec.name));
        const Result<Profile> profile = profiles->find(spec.name);
        if (profile && profile->spec == spec)
            found.tokenCommand = profile->tokenCommand;
        m_factory.setCredentials(spec.name, found);
        return m_factory.open(spec);
    });
}

QFuture<Result<void>> SessionOpener::save(const ConnectionSpec &spec, const std::optional<Credentials> &credentials)
{
    const QString tokenCommand = credentials ? credentials->tokenCommand : QString();
    if (credentials) {
        connectors::deliver(m_secrets.write(spec.name, *credentials), this, [this, name = spec.name](SecretKept kept) {
            if (kept == SecretKept::ForThisSession)
                Q_EMIT secretKeptForThisSessionOnly(name);
        });
    }
    return QtConcurrent::run([profiles = m_profiles, spec, tokenCommand, isGiven = credentials.has_value()] {
        Profile profile{spec, tokenCommand};
        const Result<Profile> saved = profiles->find(spec.name);
        if (!isGiven && saved)
            profile.tokenCommand = saved->tokenCommand;
        return profiles->save(profile);
    });
}

QFuture<Result<void>> SessionOpener::forget(const QString &name)
{
    std::ignore = m_secrets.remove(name);
    return QtConcurrent::run([profiles = m_profiles, name] { return profiles->remove(name); });
}

} // namespace session
