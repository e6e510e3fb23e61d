// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_systems.h"

#include "app/session/secret_command.h"
#include "app/session/worker_road.h"
#include "connectors/remote/worker_connector.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>

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
    const QStringList command = QProcess::splitCommand(what.credentials.tokenCommand);
    if (!command.isEmpty()) // the worker asks for what it prints: it may be where neither the program nor the login is
        what.credentials.tokenCommand = QFileInfo(command.front()).fileName();
    return roadOf(what.spec, m_profiles, m_program, m_memoryLimit).map([&](const WorkerRoad &road) {
        remote::WorkerOpening opening{road.command, std::move(what), m_memoryLimit, m_whenSilent};
        if (!command.isEmpty())
            opening.token = [command](const std::stop_token &stop) {
                return secretFromCommand(command, stop, std::chrono::seconds(30), Printed::Token).map([](const QString &token) { return token.toUtf8(); });
            };
        opening.where = road.where;
        opening.explain = road.explain;
        opening.isRoadsEnd = road.isRoadsEnd;
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
