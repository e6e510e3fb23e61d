// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "app/session/profile_store.h"
#include "app/session/secret_store.h"
#include "app/session/session_factory.h"
#include "connectors/connector.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace ctl {

/// A connection that has answered who it is.
struct OpenConnection {
    connectors::ConnectionSpec spec;
    connectors::Environment environment = connectors::Environment::Untagged; ///< as tagged, or assumed
    connectors::SystemIdentity identity;
    std::shared_ptr<connectors::Connector> connector;
};

struct ContextOptions {
    bool isJson = false;
    std::chrono::milliseconds timeout{10'000}; ///< to connect and log in
    bool isChanging = false;                   ///< Command::isChanging()
    QString passwordFile;                      ///< --password-file; else STREAMGAUGE_PASSWORD, else the keyring
    std::shared_ptr<const session::Systems> systems; ///< what opens connections
};

/// What a command runs with. Used on the command's thread, where waiting is allowed.
class Context final
{
public:
    /// `secrets` lives on a thread with an event loop and outlives the context.
    Context(ContextOptions options, session::SecretStore &secrets, std::stop_source stop);

    [[nodiscard]] Output &out() { return m_output; }
    [[nodiscard]] bool isJson() const { return m_options.isJson; }
    /// Asked to stop by Ctrl+C, SIGTERM or, where nothing is changed, a stdout that cannot be written.
    [[nodiscard]] std::stop_token stopToken() const { return m_stop.get_token(); }
    [[nodiscard]] session::SessionFactory &factory() { return m_factory; }

    /// A saved connection's name or a URL → its spec; InvalidInput for a bad URL, NotFound for an unknown name. No I/O on
    /// the system. Its credentials are known to the factory after.
    [[nodiscard]] connectors::Result<connectors::ConnectionSpec> resolve(const QString &nameOrUrl);
    /// resolve(), open, identify within the time-out; no answer in time is CannotConnect.
    [[nodiscard]] connectors::Result<OpenConnection> open(const QString &nameOrUrl, bool mayCreate = false);
    /// The same for the spec of a plan that is to be applied. Refused where the connection that is saved under its name is
    /// another by now. Secrets, also those that were given for this run, go to that very connection, or to the address of
    /// a plan that was made here (`isOwn`): never to what a plan's file from elsewhere has under its name.
    [[nodiscard]] connectors::Result<OpenConnection> openPlanned(const connectors::ConnectionSpec &spec, bool isOwn);
    /// The connection that a record names, as it is now; where none is saved so any more, as it was.
    [[nodiscard]] connectors::Result<OpenConnection> openRecorded(const connectors::ConnectionSpec &spec, bool isOwn);

    /// Blocks until the future is ready or the command is asked to stop (then Cancelled, after at most two more seconds).
    template<typename T>
    [[nodiscard]] connectors::Result<T> wait(QFuture<connectors::Result<T>> future);

private:
    template<typename Answer>
    [[nodiscard]] static std::optional<Answer> waitUntil(QFuture<Answer> future, std::stop_token stop);
    [[nodiscard]] connectors::Result<connectors::Credentials> credentialsFor(const session::Profile &profile, bool isKeyringAsked = true);
    [[nodiscard]] connectors::Result<OpenConnection> identify(const connectors::ConnectionSpec &spec,
                                                              const std::shared_ptr<connectors::Connector> &connector);

    const ContextOptions m_options;
    session::SecretStore &m_secrets;
    std::stop_source m_stop;
    Output m_output;
    session::ProfileStore m_profiles;
    session::SessionFactory m_factory;
    QString m_teamProblem; ///< told already
};

/// Null when there is none, or when stop was asked for and none came within two seconds after.
template<typename Answer>
std::optional<Answer> Context::waitUntil(QFuture<Answer> future, std::stop_token stop)
{
    struct Shared {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::optional<Answer> answer;
        bool isOver = false;
    };
    constexpr std::chrono::seconds Grace{2};
    const auto shared = std::make_shared<Shared>();
    // Not by then(): Qt 6.4 runs what is attached at the very moment of finishing twice, the second time without its promise.
    std::thread([shared, future]() mutable {
        future.waitForFinished();
        const std::lock_guard lock(shared->mutex);
        if (!future.isCanceled() && future.resultCount() > 0)
            shared->answer = future.takeResult();
        shared->isOver = true;
        shared->changed.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    const auto isOver = [shared] { return shared->isOver; };
    if (!shared->changed.wait(lock, stop, isOver))
        shared->changed.wait_for(lock, Grace, isOver);
    return std::move(shared->answer);
}

template<typename T>
connectors::Result<T> Context::wait(QFuture<connectors::Result<T>> future)
{
    auto answer = waitUntil(std::move(future), stopToken());
    if (!answer)
        return connectors::failure(connectors::ErrorCode::Cancelled, QStringLiteral("The command was interrupted."));
    return std::move(*answer);
}

} // namespace ctl
