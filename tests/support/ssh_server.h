// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace tests {

/// A real ssh server on loopback with keys of its own (tests/servers/sshd), stopped with the object. From the constructor on, the ssh in
/// this process's PATH is the one that knows it: as gauge, unknown-gauge, changed-gauge, locked-gauge, through-gauge.
class SshServer final
{
public:
    SshServer();
    ~SshServer();
    Q_DISABLE_COPY_MOVE(SshServer)

    /// False where there is no ssh server on this machine.
    [[nodiscard]] bool isThere() const { return !m_folder.isEmpty(); }
    /// What is run there has this folder as the first in its PATH.
    [[nodiscard]] QString programs() const { return m_folder + QStringLiteral("/remote"); }
    [[nodiscard]] QString home() const { return m_folder + QStringLiteral("/home"); }
    /// A script there, replaced if it is there already.
    void write(const QString &path, const QByteArray &script) const;
    /// Every session that goes on now.
    void cutSessions() const;
    void freezeSessions() const;

private:
    QString m_folder;
    QByteArray m_pathBefore;
};

} // namespace tests
