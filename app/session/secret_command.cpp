// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/secret_command.h"

#include "app/session/translation.h"

#include <QDeadlineTimer>
#include <QProcess>
#include <QStringDecoder>

#include <algorithm>

namespace session {

using namespace connectors;

namespace {

constexpr qsizetype MaxSecretBytes = 256 * 1024; ///< of a token; a password is shorter
constexpr int SliceMs = 50;

auto secretFailure(Printed printed, const QString &program, const QString &how)
{
    if (printed == Printed::Token) {
        return failure(ErrorCode::NotAuthenticated, tr("The token command “%1” %2").arg(program.left(200), how),
                       tr("Run it in a terminal: it is to print one JSON web token, and to end with status 0."));
    }
    return failure(ErrorCode::NotAuthenticated, tr("The password command “%1” %2").arg(program.left(200), how),
                   tr("Run it in a terminal: it is to print the password, and nothing else, and to end with status 0."));
}

QString lastWordsOf(QProcess &process)
{
    QString words = QString::fromUtf8(process.readAllStandardError()).trimmed().section(u'\n', -1).left(200);
    std::replace_if(words.begin(), words.end(), [](QChar c) { return !c.isPrint(); }, QChar(u' '));
    return words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(words.simplified());
}

/// Keeps what it has printed within bounds while it runs. Null: it has ended by itself.
std::optional<QString> whyEnded(QProcess &process, QByteArray *printed, const std::stop_token &stop, QDeadlineTimer deadline)
{
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(SliceMs)) {
        *printed += process.readAllStandardOutput();
        if (stop.stop_requested())
            return tr("was stopped.");
        if (deadline.hasExpired())
            return tr("did not end in time.");
        if (printed->size() > MaxSecretBytes)
            return tr("printed too much.");
    }
    *printed += process.readAllStandardOutput();
    return std::nullopt;
}

Result<QString> textOfSecret(Printed what, const QString &program, QByteArray printed)
{
    if (printed.endsWith('\n'))
        printed.chop(printed.endsWith("\r\n") ? 2 : 1);
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString secret = decoder(printed);
    if (printed.isEmpty())
        return secretFailure(what, program, tr("printed nothing."));
    if (printed.size() > MaxSecretBytes)
        return secretFailure(what, program, tr("printed too much."));
    if (decoder.hasError() || printed.contains('\0') || printed.contains('\n'))
        return secretFailure(what, program, tr("printed something else than one line of text."));
    return secret;
}

} // namespace

Result<QString> secretFromCommand(const QStringList &command, const std::stop_token &stop, std::chrono::milliseconds patience, Printed what)
{
    const QString program = command.value(0);
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, command.mid(1));
    if (!process.waitForStarted())
        return secretFailure(what, program, tr("could not be started: %1.").arg(process.errorString()));
    QByteArray printed;
    if (const auto why = whyEnded(process, &printed, stop, QDeadlineTimer(patience))) {
        process.kill();
        process.waitForFinished(1000);
        return stop.stop_requested() ? failure(ErrorCode::Cancelled, tr("Logging in was cancelled.")) : secretFailure(what, program, *why);
    }
    if (process.exitStatus() != QProcess::NormalExit)
        return secretFailure(what, program, tr("was ended by a signal%1.").arg(lastWordsOf(process)));
    if (process.exitCode() != 0)
        return secretFailure(what, program, tr("ended with status %1%2.").arg(process.exitCode()).arg(lastWordsOf(process)));
    return textOfSecret(what, program, printed);
}

void putSecret(const ConnectionSpec &spec, const QString &secret, Credentials *credentials)
{
    const QString mechanism = spec.properties.value(QStringLiteral("sasl.mechanism"), spec.properties.value(QStringLiteral("sasl.mechanisms")));
    if (mechanism.compare(u"OAUTHBEARER", Qt::CaseInsensitive) == 0)
        credentials->clientSecret = secret;
    else if (spec.userName.isEmpty() && spec.properties.contains(QStringLiteral("ssl.key.location")))
        credentials->keyPassword = secret;
    else
        credentials->password = secret;
}

} // namespace session
