// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_systems.h"

#include "app/session/translation.h"
#include "app/session/worker_road.h"
#include "connectors/remote/worker_connector.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace session {

using namespace connectors;

WorkerSystems::WorkerSystems(qint64 memoryLimit, ProfileStore profiles, QString program, remote::WhenSilent whenSilent)
    : m_memoryLimit(memoryLimit)
    , m_profiles(std::move(profiles))
    , m_program(std::move(program))
    , m_whenSilent(whenSilent)
{
}

Result<remote::WorkerOpening> WorkerSystems::openingFor(remote::Opening what) const
{
    if (!what.spec.via.isEmpty() && !what.credentials.tokenCommand.isEmpty()) {
        // It would be run where the worker is, where neither the program nor the login is, and by whoever can act there.
        return failure(ErrorCode::Unsupported, tr("The token command of “%1” is run on this machine only, and the connection is held on another one.").arg(what.spec.name.left(200)),
                       tr("Name a token endpoint in the address, sasl.oauthbearer.token.endpoint.url, and give the client secret, also by a password command."));
    }
    return roadOf(what.spec, m_profiles, m_program, m_memoryLimit).map([&](const WorkerRoad &road) {
        remote::WorkerOpening opening{road.command, std::move(what), m_memoryLimit, m_whenSilent};
        opening.where = road.where;
        opening.explain = road.explain;
        return opening;
    });
}

Result<std::shared_ptr<Connector>> WorkerSystems::open(const ConnectionSpec &spec, const Credentials &credentials, const DeclarationSource &declarations) const
{
    return openingFor({spec, credentials, declarations ? declarations() : DeadLetterDeclarations()}).and_then(remote::openThroughWorker);
}

Result<std::unique_ptr<CheckpointWriter>> WorkerSystems::openCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials) const
{
    return openingFor({spec, credentials}).and_then(remote::openCheckpointWriterThroughWorker);
}

Result<std::unique_ptr<LineLog>> WorkerSystems::openLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic) const
{
    return openingFor({spec, credentials, {}, remote::Purpose::KeepingLines, topic}).and_then(remote::openLineLogThroughWorker);
}

QString WorkerSystems::workerProgram()
{
    const QString name = QStringLiteral("streamgauge-worker");
    if (const QString given = qEnvironmentVariable("STREAMGAUGE_WORKER"); !given.isEmpty())
        return given;
    const QString beside = QCoreApplication::applicationDirPath() + u'/' + name;
    return QFileInfo(beside).isExecutable() ? beside : name;
}

} // namespace session
