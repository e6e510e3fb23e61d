// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_road.h"

#include "app/session/connection_url.h"
#include "app/session/ssh_road.h"
#include "app/session/translation.h"
#include "models/connection/same_place.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace session {

using namespace connectors;
using remote::WorkerEnd;

namespace {

constexpr int NotRunnable = 126; // what shells and runtimes of containers answer
constexpr int NotThere = 127;

QStringList limitArguments(qint64 memoryLimit)
{
    return {QStringLiteral("--memory-limit"), QString::number(memoryLimit)};
}

/// Of what a stranger said: one line, as it would be read.
QString plainLine(const QString &text)
{
    constexpr qsizetype Longest = 300;
    QString line = text.left(Longest);
    std::replace_if(line.begin(), line.end(), [](QChar c) { return !c.isPrint(); }, QChar(u' '));
    return line.simplified();
}

QString firstLine(const QByteArray &noise)
{
    const QStringList lines = QString::fromUtf8(noise).split(u'\n', Qt::SkipEmptyParts);
    return lines.isEmpty() ? QString() : plainLine(lines.front());
}

bool isWorkerMissing(const WorkerEnd &end)
{
    const int status = end.exitStatus.value_or(0);
    // Runtimes of containers end with statuses of their own.
    return status == NotThere || status == NotRunnable || end.lastWords.contains(u"executable file not found");
}

Error missingWorker(const QString &place, const WorkerEnd &end)
{
    if (end.lastWords.contains(u"error while loading shared libraries")) {
        return {ErrorCode::CannotConnect, tr("The worker on %1 lacks a library.%2").arg(place, saidLast(end)),
                tr("Copy the folder there that packaging/worker-folder makes: it holds the worker with its libraries."), false};
    }
    return {ErrorCode::CannotConnect, tr("There is no streamgauge-worker on %1 that can be started.%2").arg(place, saidLast(end)),
            tr("Install it there, or copy the folder there that packaging/worker-folder makes; where it is not in the PATH, name its path as “worker” in the saved connection."), false};
}

QString workerOfSaved(const ProfileStore &profiles, const ConnectionSpec &spec)
{
    if (looksLikeUrl(spec.name))
        return {};
    const auto profile = profiles.find(spec.name);
    return profile && models::connection::isSamePlace(profile->spec, spec) ? profile->worker : QString();
}

Result<WorkerRoad> execRoad(const QString &name, const ProfileStore &profiles, qint64 memoryLimit)
{
    Result<QStringList> command = profiles.command(name);
    if (!command)
        return tl::unexpected(command.error());
    const QString program = command->front();
    const QString found = QStandardPaths::findExecutable(program);
    if (found.isEmpty()) {
        return failure(ErrorCode::CannotConnect, tr("There is no program “%1” here, which the command “%2” is to start.").arg(program.left(200), name),
                       tr("Install it, or correct the command in “%1”.").arg(profiles.path()));
    }
    command->front() = found;
    if (QFileInfo(command->back()).fileName() == u"streamgauge-worker") // else whoever wrote it knows what its end is
        *command += limitArguments(memoryLimit);
    const QString place = tr("the machine of the command “%1”").arg(name);
    return WorkerRoad{*command, place, [place](const WorkerEnd &end) { return farEnd(place, end); }};
}

} // namespace

QString saidLast(const WorkerEnd &end)
{
    const QStringList lines = end.lastWords.split(u'\n', Qt::SkipEmptyParts);
    const QString line = lines.isEmpty() ? QString() : plainLine(lines.back());
    return line.isEmpty() ? QString() : u' ' + tr("Its last words: %1").arg(line);
}

Error farEnd(const QString &place, const WorkerEnd &end)
{
    if (end.how == WorkerEnd::How::Silent)
        return {ErrorCode::CannotConnect, tr("The worker on %1 has not answered within 10 s.%2").arg(place, saidLast(end)), tr("Check the network between here and there, and try again."), true};
    if (end.wasUp) {
        return {ErrorCode::CannotConnect, tr("The worker on %1 has ended, or the link to it is broken.%2").arg(place, saidLast(end)), tr("It is started again by itself."), true};
    }
    if (end.how == WorkerEnd::How::NoWorker) {
        return {ErrorCode::CannotConnect, tr("On %1 something else than the worker speaks first: “%2”.").arg(place, firstLine(end.noise)),
                tr("Nothing may be written to standard output before the worker does, as by a .bashrc that greets: only where somebody sits at the shell."), false};
    }
    if (isWorkerMissing(end))
        return missingWorker(place, end);
    const QString how = end.exitStatus ? tr("ended with status %1").arg(*end.exitStatus) : tr("was ended");
    return {ErrorCode::CannotConnect, tr("The worker on %1 %2 before it had answered.%3").arg(place, how, saidLast(end)), tr("Try the command by hand."), true};
}

Result<WorkerRoad> roadOf(const ConnectionSpec &spec, const ProfileStore &profiles, const QString &program, qint64 memoryLimit)
{
    if (spec.via.isEmpty())
        return WorkerRoad{QStringList{program} + limitArguments(memoryLimit), {}, {}};
    if (const auto fit = models::connection::checkVia(spec); !fit) // it may come from a plan's file
        return tl::unexpected(fit.error());
    const auto via = models::connection::parseVia(spec.via);
    if (!via->command.isEmpty())
        return execRoad(via->command, profiles, memoryLimit);
    const QString named = workerOfSaved(profiles, spec);
    if (const Result<void> own = profiles.checkOwn(); !named.isEmpty() && !own)
        return tl::unexpected(own.error());
    return sshRoad(*via, named.isEmpty() ? QStringLiteral("streamgauge-worker") : named, memoryLimit);
}

} // namespace session
