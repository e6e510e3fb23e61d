// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_systems.h"

#include "app/session/secret_command.h"
#include "app/session/worker_road.h"
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"
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

namespace {

Error noReadModels(const ConnectionSpec &spec)
{
    return {ErrorCode::Unsupported, QStringLiteral("“%1” is no database of this machine that read models can be in.").arg(spec.name.left(200)),
            QStringLiteral("Name an SQLite file: sqlite:PATH. Tables in PostgreSQL are rebuilt with streamgaugectl projection, without --isolate."), false};
}

/// A file of this machine, which needs no client.
bool isOwnFile(const ConnectionSpec &spec)
{
    return spec.kind == SystemKind::EventStoreSqlite && spec.via.isEmpty();
}

} // namespace

Result<std::unique_ptr<ReadModel>> WorkerSystems::openReadModel(const ConnectionSpec &spec, const Credentials & /*credentials*/) const
{
    return isOwnFile(spec) ? Result<std::unique_ptr<ReadModel>>(readmodel::openSqliteReadModel(spec)) : tl::unexpected(noReadModels(spec));
}

Result<std::unique_ptr<ReadModelWriter>> WorkerSystems::openReadModelWriter(const ConnectionSpec &spec, const Credentials & /*credentials*/, const std::vector<TableSpec> &tables) const
{
    return isOwnFile(spec) ? Result<std::unique_ptr<ReadModelWriter>>(readmodel::openSqliteReadModelWriter(spec, tables)) : tl::unexpected(noReadModels(spec));
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
