// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/command_output.h"

#include "connectors/connection_spec.h"

#include <QDeadlineTimer>
#include <QProcess>

#include <algorithm>

namespace connectors {

namespace {

constexpr int SliceMs = 50;
constexpr int EndMs = 1000;

QString lastWordsOf(QProcess &process)
{
    QString words = QString::fromUtf8(process.readAllStandardError()).trimmed().section(u'\n', -1).left(200);
    std::replace_if(words.begin(), words.end(), [](QChar c) { return !c.isPrint(); }, QChar(u' '));
    return words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(words.simplified());
}

/// Empty: by itself.
QString whyEnded(const QProcess &process, const QByteArray &printed, qsizetype mostBytes, const QDeadlineTimer &deadline, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return QStringLiteral("was stopped.");
    if (process.state() != QProcess::NotRunning && deadline.hasExpired())
        return QStringLiteral("did not end in time.");
    return printed.size() > mostBytes ? QStringLiteral("printed too much.") : QString();
}

} // namespace

tl::expected<QByteArray, QString> outputOf(const QStringList &command, qsizetype mostBytes, std::chrono::milliseconds patience, const std::stop_token &stop)
{
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QString::fromLatin1(PasswordVariable));
    process.setProcessEnvironment(environment);
    process.start(command.value(0), command.mid(1));
    if (!process.waitForStarted())
        return tl::unexpected(QStringLiteral("could not be started: %1.").arg(process.errorString()));
    const QDeadlineTimer deadline(patience);
    QByteArray printed;
    QString why;
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(SliceMs) && why.isEmpty()) {
        printed += process.readAllStandardOutput();
        why = whyEnded(process, printed, mostBytes, deadline, stop);
    }
    printed += process.readAllStandardOutput();
    if (why.isEmpty())
        why = whyEnded(process, printed, mostBytes, deadline, stop);
    if (!why.isEmpty()) {
        process.kill();
        process.waitForFinished(EndMs);
        return tl::unexpected(why);
    }
    if (process.exitStatus() != QProcess::NormalExit)
        return tl::unexpected(QStringLiteral("was ended by a signal%1.").arg(lastWordsOf(process)));
    if (process.exitCode() != 0)
        return tl::unexpected(QStringLiteral("ended with status %1%2.").arg(process.exitCode()).arg(lastWordsOf(process)));
    return printed;
}

} // namespace connectors
