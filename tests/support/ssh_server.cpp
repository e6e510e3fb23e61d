// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ssh_server.h"

#include "tests/support/folders.h"

#include <QFile>
#include <QProcess>

namespace tests {

namespace {

/// What it printed; null where it failed.
std::optional<QString> runSshdScript(const QStringList &arguments)
{
    constexpr int LongestRunMs = 60'000;
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(sourceFolder() + QStringLiteral("/tests/servers/sshd"), arguments);
    if (!process.waitForFinished(LongestRunMs) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return std::nullopt;
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

SshServer::SshServer()
    : m_pathBefore(qgetenv("PATH"))
{
    const auto started = runSshdScript({QStringLiteral("start")});
    if (!started)
        return;
    m_folder = started->section(QStringLiteral("state="), 1).section(u'\n', 0, 0);
    qputenv("PATH", QFile::encodeName(m_folder) + "/bin:" + m_pathBefore);
}

SshServer::~SshServer()
{
    if (!isThere())
        return;
    qputenv("PATH", m_pathBefore);
    std::ignore = runSshdScript({QStringLiteral("stop"), m_folder});
}

void SshServer::write(const QString &path, const QByteArray &script) const
{
    QFile::remove(path); // it may be a link
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(script) != script.size() || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        qFatal("The test's ssh server: %s cannot be written", qPrintable(path));
}

void SshServer::cutSessions() const
{
    if (!runSshdScript({QStringLiteral("cut"), m_folder}))
        qFatal("The test's ssh server: its sessions cannot be cut");
}

void SshServer::freezeSessions() const
{
    if (!runSshdScript({QStringLiteral("freeze"), m_folder}))
        qFatal("The test's ssh server: its sessions cannot be frozen");
}

} // namespace tests
