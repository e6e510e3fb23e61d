// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/secret_store.h"

#include <QPromise>

#include <nlohmann/json.hpp>
#include <qt6keychain/keychain.h>

#include <memory>

namespace session {

using connectors::Credentials;

namespace {

QString service()
{
    return QStringLiteral("streamgauge");
}

/// One keyring entry a connection. tokenCommand is no secret and belongs to the profile.
QByteArray encoded(const Credentials &credentials)
{
    const nlohmann::json object{{"password", credentials.password.toStdString()},
                                {"clientSecret", credentials.clientSecret.toStdString()},
                                {"keyPassword", credentials.keyPassword.toStdString()}};
    return QByteArray::fromStdString(object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::optional<Credentials> decoded(const QByteArray &bytes)
{
    constexpr qsizetype MaxBytes = 64 * 1024;
    const nlohmann::json object = bytes.size() > MaxBytes ? nlohmann::json() : nlohmann::json::parse(bytes.cbegin(), bytes.cend(), nullptr, false);
    if (!object.is_object())
        return std::nullopt;
    const auto text = [&object](const char *member) {
        const auto found = object.find(member);
        return found != object.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
    };
    Credentials credentials;
    credentials.password = text("password");
    credentials.clientSecret = text("clientSecret");
    credentials.keyPassword = text("keyPassword");
    return credentials;
}

} // namespace

SecretStore::SecretStore(Backend backend, QObject *parent)
    : QObject(parent)
    , m_backend(backend)
{
}

QFuture<std::optional<Credentials>> SecretStore::read(const QString &connectionName)
{
    auto promise = std::make_shared<QPromise<std::optional<Credentials>>>();
    promise->start();
    const auto answer = [promise](const std::optional<Credentials> &credentials) {
        promise->addResult(credentials);
        promise->finish();
    };
    QMetaObject::invokeMethod(this, [this, connectionName, answer] {
        if (const auto kept = m_forThisSession.constFind(connectionName); kept != m_forThisSession.cend())
            return answer(*kept);
        if (m_backend == Backend::MemoryOnly)
            return answer(std::nullopt);
        auto *job = new QKeychain::ReadPasswordJob(service(), this); // deletes itself
        job->setKey(connectionName);
        connect(job, &QKeychain::Job::finished, this, [job, answer] {
            answer(job->error() == QKeychain::NoError ? decoded(job->binaryData()) : std::nullopt);
        });
        job->start();
    });
    return promise->future();
}

QFuture<SecretKept> SecretStore::write(const QString &connectionName, const Credentials &credentials)
{
    auto promise = std::make_shared<QPromise<SecretKept>>();
    promise->start();
    const auto answer = [promise](SecretKept kept) {
        promise->addResult(kept);
        promise->finish();
    };
    QMetaObject::invokeMethod(this, [this, connectionName, credentials, answer] {
        // At once for this session: a keyring may ask its user first, and a connection is opened meanwhile.
        m_forThisSession.insert(connectionName, credentials);
        if (m_backend == Backend::MemoryOnly)
            return answer(SecretKept::ForThisSession);
        auto *job = new QKeychain::WritePasswordJob(service(), this);
        job->setKey(connectionName);
        job->setBinaryData(encoded(credentials));
        connect(job, &QKeychain::Job::finished, this, [job, answer] {
            answer(job->error() == QKeychain::NoError ? SecretKept::InKeyring : SecretKept::ForThisSession);
        });
        job->start();
    });
    return promise->future();
}

QFuture<void> SecretStore::remove(const QString &connectionName)
{
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    QMetaObject::invokeMethod(this, [this, connectionName, promise] {
        m_forThisSession.remove(connectionName);
        if (m_backend == Backend::MemoryOnly)
            return promise->finish();
        auto *job = new QKeychain::DeletePasswordJob(service(), this);
        job->setKey(connectionName);
        connect(job, &QKeychain::Job::finished, this, [promise] { promise->finish(); });
        job->start();
    });
    return promise->future();
}

} // namespace session
