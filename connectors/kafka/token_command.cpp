// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/access_token.h"

#include <QDeadlineTimer>
#include <QProcess>

namespace connectors::kafka {

namespace {

constexpr int CommandTimeoutMs = 30'000;
constexpr int CommandSliceMs = 100;
constexpr qsizetype MaxTokenBytes = 256 * 1024;

auto failed(const QString &program, const QString &what)
{
    return failure(ErrorCode::NotAuthenticated, QStringLiteral("The token command “%1” %2").arg(program.left(200), what),
                   QStringLiteral("Run it in a terminal: it is to print one JSON web token and end with status 0."));
}

Result<AccessToken> tokenPrintedBy(const QString &program, const QByteArray &printed)
{
    AccessToken token;
    token.value = printed.trimmed();
    const std::optional<TokenClaims> claims = readClaims(token.value);
    if (!claims)
        return failed(program, QStringLiteral("printed something else than a JSON web token."));
    if (!claims->expires || claims->subject.isEmpty())
        return failed(program, QStringLiteral("printed a token without “exp” or “sub”."));
    token.principal = claims->subject;
    token.expires = *claims->expires;
    return token;
}

} // namespace

Result<AccessToken> fetchTokenFromCommand(const TokenSource &source, const std::stop_token &stop)
{
    QStringList arguments = QProcess::splitCommand(source.command);
    if (arguments.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The token command is empty."));
    const QString program = arguments.takeFirst();
    if (source.fetch)
        return source.fetch(stop).and_then([&program](const QByteArray &printed) { return tokenPrintedBy(program, printed); });
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, arguments);
    const QDeadlineTimer deadline(CommandTimeoutMs);
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(CommandSliceMs)) {
        if (process.error() == QProcess::FailedToStart)
            break;
        if (stop.stop_requested() || deadline.hasExpired() || process.bytesAvailable() > MaxTokenBytes) {
            process.kill();
            process.waitForFinished(CommandSliceMs);
            return stop.stop_requested() ? failure(ErrorCode::Cancelled, QStringLiteral("Logging in was cancelled."))
                                         : failed(program, deadline.hasExpired() ? QStringLiteral("did not end within 30 s.") : QStringLiteral("printed more than a token."));
        }
    }
    if (process.error() == QProcess::FailedToStart)
        return failed(program, QStringLiteral("could not be started: %1.").arg(process.errorString()));
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        const QString said = QString::fromUtf8(process.readAllStandardError()).trimmed().section(u'\n', -1).left(200);
        return failed(program, QStringLiteral("ended with status %1%2.").arg(process.exitCode()).arg(said.isEmpty() ? QString() : QStringLiteral(": ") + said));
    }
    return tokenPrintedBy(program, process.readAllStandardOutput());
}

} // namespace connectors::kafka
