// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/access_token.h"

#include "connectors/command_output.h"

#include <QProcess>

namespace connectors::kafka {

namespace {

constexpr std::chrono::seconds CommandTime(30);
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
    const QStringList command = QProcess::splitCommand(source.command);
    if (command.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The token command is empty."));
    const QString &program = command.front();
    if (source.fetch)
        return source.fetch(stop).and_then([&program](const QByteArray &printed) { return tokenPrintedBy(program, printed); });
    const auto printed = outputOf(command, MaxTokenBytes, CommandTime, stop);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Logging in was cancelled."));
    if (!printed)
        return failed(program, printed.error());
    return tokenPrintedBy(program, *printed);
}

} // namespace connectors::kafka
