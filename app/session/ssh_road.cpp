// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/ssh_road.h"

#include "app/session/translation.h"

#include <QStandardPaths>

#include <algorithm>
#include <array>

namespace session {

using namespace connectors;
using models::connection::Via;
using remote::WorkerEnd;

namespace {

constexpr int SshFailed = 255; ///< the status of ssh's own failures; all others are the remote program's

/// That it asks nothing, forwards nothing, and notices within ten seconds that nobody answers: at the beginning before the
/// worker's own time is over, and later by the fourth question after two seconds each. A master that the user has started is used, none is made.
QStringList sshOptions()
{
    QStringList options{QStringLiteral("-T"), QStringLiteral("-a"), QStringLiteral("-x")};
    for (const char *option : {"BatchMode=yes", "ConnectTimeout=8", "ConnectionAttempts=1", "ServerAliveInterval=2", "ServerAliveCountMax=3", "ControlMaster=no",
                               "ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "LogLevel=ERROR"})
        options += {QStringLiteral("-o"), QString::fromLatin1(option)};
    return options;
}

/// ssh joins what it is given by spaces, and the login shell there, whichever it is, takes that apart.
Result<QString> quotedProgram(const QString &program)
{
    const bool isPath = program.startsWith(u'/') || program.startsWith(u"~/");
    const auto isPlain = [](QChar c) { return (c.isLetterOrNumber() && c.unicode() < 128) || QStringView(u"_.-").contains(c); };
    if (!isPath && !program.startsWith(u'-') && !program.isEmpty() && std::all_of(program.cbegin(), program.cend(), isPlain))
        return program;
    // Within single quotes every shell but these take all characters as they are.
    const bool isQuotable = std::all_of(program.cbegin(), program.cend(), [](QChar c) { return c.isPrint() && !QStringView(u"'\\!`").contains(c); });
    if (!isPath || !isQuotable) {
        return failure(ErrorCode::InvalidInput, tr("“%1” cannot be the path of the worker on another machine.").arg(program.left(80)),
                       tr("Write one from / or ~/ on, without quotes and backslashes, as “worker” in the saved connection."));
    }
    const QString home = program.startsWith(u'~') ? QStringLiteral("~/") : QString();
    return QString(home + u'\'' + program.mid(home.size()) + u'\'');
}

QString placeOf(const Via &via)
{
    QString place = via.host.contains(u':') ? u'[' + via.host + u']' : via.host;
    if (!via.user.isEmpty())
        place.prepend(via.user + u'@');
    return via.port == 0 ? place : place + u':' + QString::number(via.port);
}

/// For a terminal.
QString sshByHand(const Via &via)
{
    const QString port = via.port == 0 ? QString() : QStringLiteral("-p %1 ").arg(via.port);
    return QStringLiteral("ssh ") + port + (via.user.isEmpty() ? QString() : via.user + u'@') + via.host;
}

/// What ssh says where the link was cut. It has the same status where the program on the other side was ended by a signal, and
/// says nothing then.
constexpr std::array WordsOfACutLink{"client_loop", "closed by remote host", "Connection closed", "Connection reset", "Broken pipe", "Timeout, server"};

struct SshFailure {
    const char *words; ///< of ssh, which speaks English everywhere
    ErrorCode code;
    const char *message; ///< %1: the machine, %2: the line that says it
    const char *advice;  ///< %1: the command that reaches it
    bool mayPass = false; ///< by itself
};

/// The first that fits: the more telling before what follows from it.
constexpr std::array SshFailures{
    SshFailure{"REMOTE HOST IDENTIFICATION HAS CHANGED", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 has another host key than the one that is known here."),
            QT_TRANSLATE_NOOP("session", "Somebody may be listening in between. Ask whoever runs it; then remove the old key with ssh-keygen -R and connect once by hand: %1")},
    SshFailure{"Host key verification failed", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "The host key of %1 is not known here."),
            QT_TRANSLATE_NOOP("session", "Connect once by hand, compare the fingerprint, and say yes: %1")},
    SshFailure{"Permission denied", ErrorCode::NotAuthenticated, QT_TRANSLATE_NOOP("session", "%1 did not let you in. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Nothing can be asked here: a key must do, from the agent or without a passphrase. Try: %1 -o BatchMode=yes true")},
    SshFailure{"Too many authentication failures", ErrorCode::NotAuthenticated, QT_TRANSLATE_NOOP("session", "%1 did not let you in. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Name the one key for it in ~/.ssh/config, with IdentitiesOnly yes. Try: %1 -o BatchMode=yes true")},
    SshFailure{"Could not resolve hostname", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "The name of %1 is not known. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Check how it is written after via=ssh:, and the names in ~/.ssh/config."), true},
    SshFailure{"Connection refused", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 cannot be reached. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Check that an ssh server listens there, on that port."), true},
    SshFailure{"timed out", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 cannot be reached. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Check the network and the address."), true},
    SshFailure{"No route to host", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 cannot be reached. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Check the network and the address."), true},
    SshFailure{"Network is unreachable", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 cannot be reached. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Check the network and the address."), true},
    SshFailure{"Connection closed by", ErrorCode::CannotConnect, QT_TRANSLATE_NOOP("session", "%1 ended the connection. ssh said: %2"),
            QT_TRANSLATE_NOOP("session", "Try it by hand: %1 -o BatchMode=yes true"), true},
};

QString lineWith(const QString &text, const QString &words)
{
    const QStringList lines = text.split(u'\n');
    const auto line = std::find_if(lines.cbegin(), lines.cend(), [&words](const QString &each) { return each.contains(words); });
    return line == lines.cend() ? QString() : line->simplified().left(300);
}

} // namespace

Error sshEnd(const Via &via, const WorkerEnd &end)
{
    const QString where = placeOf(via);
    if (end.how != WorkerEnd::How::Ended || end.wasUp || end.exitStatus != SshFailed)
        return farEnd(where, end);
    const auto filled = [](const char *text, const QString &first, const QString &second) {
        return tr(text).replace(QStringLiteral("%1"), first).replace(QStringLiteral("%2"), second);
    };
    for (const SshFailure &failed : SshFailures) {
        const QString line = lineWith(end.lastWords, QString::fromLatin1(failed.words));
        if (!line.isEmpty())
            return {failed.code, filled(failed.message, where, line), filled(failed.advice, sshByHand(via), {}), failed.mayPass};
    }
    return {ErrorCode::CannotConnect, tr("ssh to %1 failed.%2").arg(where, saidLast(end)), tr("Try it by hand: %1 -o BatchMode=yes true").arg(sshByHand(via)), true};
}

bool isLinkCut(const WorkerEnd &end)
{
    const auto isSaid = [&end](const char *words) { return end.lastWords.contains(QLatin1String(words)); };
    return end.wasUp && end.exitStatus == SshFailed && std::any_of(WordsOfACutLink.cbegin(), WordsOfACutLink.cend(), isSaid);
}

Result<WorkerRoad> sshRoad(const Via &via, const QString &program, qint64 memoryLimit)
{
    const QString ssh = QStandardPaths::findExecutable(QStringLiteral("ssh"));
    const QString where = placeOf(via);
    if (ssh.isEmpty()) {
        return failure(ErrorCode::CannotConnect, tr("There is no program ssh here, by which %1 is to be reached.").arg(where),
                       tr("Install OpenSSH's client (openssh-client), or put it into the PATH."));
    }
    const auto quoted = quotedProgram(program);
    if (!quoted)
        return tl::unexpected(quoted.error());
    QStringList command = QStringList{ssh} + sshOptions();
    if (via.port != 0)
        command += {QStringLiteral("-p"), QString::number(via.port)};
    // After “--” nothing is an option, and what follows the host is the command.
    command += {QStringLiteral("--"), via.user.isEmpty() ? via.host : via.user + u'@' + via.host,
                *quoted + QStringLiteral(" --memory-limit ") + QString::number(memoryLimit)};
    return WorkerRoad{command, where, [via](const WorkerEnd &end) { return sshEnd(via, end); }, isLinkCut};
}

} // namespace session
