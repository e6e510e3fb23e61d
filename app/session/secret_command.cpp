// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/secret_command.h"

#include "app/session/translation.h"
#include "connectors/command_output.h"

#include <QStringDecoder>

namespace session {

using namespace connectors;

namespace {

constexpr qsizetype MaxSecretBytes = 256 * 1024; ///< of a token; a password is shorter

auto secretFailure(Printed printed, const QString &program, const QString &how)
{
    if (printed == Printed::Token) {
        return failure(ErrorCode::NotAuthenticated, tr("The token command “%1” %2").arg(program.left(200), how),
                       tr("Run it in a terminal: it is to print one JSON web token, and to end with status 0."));
    }
    return failure(ErrorCode::NotAuthenticated, tr("The password command “%1” %2").arg(program.left(200), how),
                   tr("Run it in a terminal: it is to print the password, and nothing else, and to end with status 0."));
}

Result<QString> textOfSecret(Printed what, const QString &program, QByteArray printed)
{
    if (printed.endsWith('\n'))
        printed.chop(printed.endsWith("\r\n") ? 2 : 1);
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString secret = decoder(printed);
    if (printed.isEmpty())
        return secretFailure(what, program, tr("printed nothing."));
    if (decoder.hasError() || printed.contains('\0') || printed.contains('\n'))
        return secretFailure(what, program, tr("printed something else than one line of text."));
    return secret;
}

} // namespace

Result<QString> secretFromCommand(const QStringList &command, const std::stop_token &stop, std::chrono::milliseconds patience, Printed what)
{
    const QString program = command.value(0);
    const auto printed = outputOf(command, MaxSecretBytes, patience, stop);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, tr("Logging in was cancelled."));
    if (!printed)
        return secretFailure(what, program, printed.error());
    return textOfSecret(what, program, *printed);
}

void putSecret(const ConnectionSpec &spec, const QString &secret, Credentials *credentials)
{
    const QString mechanism = spec.properties.value(QStringLiteral("sasl.mechanism"), spec.properties.value(QStringLiteral("sasl.mechanisms")));
    if (mechanism.compare(u"OAUTHBEARER", Qt::CaseInsensitive) == 0)
        credentials->clientSecret = secret;
    else if (spec.userName.isEmpty() && (spec.properties.contains(QStringLiteral("ssl.key.location")) || spec.properties.contains(QStringLiteral("sslkey"))))
        credentials->keyPassword = secret;
    else
        credentials->password = secret;
}

} // namespace session
