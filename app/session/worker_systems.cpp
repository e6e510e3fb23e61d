// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_systems.h"

#include "connectors/remote/worker_connector.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace session {

using namespace connectors;

WorkerSystems::WorkerSystems(qint64 memoryLimit, QString program, remote::WhenSilent whenSilent)
    : m_command({std::move(program), QStringLiteral("--memory-limit"), QString::number(memoryLimit)})
    , m_memoryLimit(memoryLimit)
    , m_whenSilent(whenSilent)
{
}

remote::WorkerOpening WorkerSystems::opening(remote::Opening what) const
{
    return {m_command, std::move(what), m_memoryLimit, m_whenSilent};
}

Result<std::shared_ptr<Connector>> WorkerSystems::open(const ConnectionSpec &spec, const Credentials &credentials, const DeclarationSource &declarations) const
{
    return remote::openThroughWorker(opening({spec, credentials, declarations ? declarations() : DeadLetterDeclarations()}));
}

Result<std::unique_ptr<CheckpointWriter>> WorkerSystems::openCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials) const
{
    return remote::openCheckpointWriterThroughWorker(opening({spec, credentials}));
}

Result<std::unique_ptr<LineLog>> WorkerSystems::openLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic) const
{
    return remote::openLineLogThroughWorker(opening({spec, credentials, {}, remote::Purpose::KeepingLines, topic}));
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
