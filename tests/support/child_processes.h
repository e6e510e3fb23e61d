// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>

#include <csignal>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

namespace tests {

/// Of a process that crashes. A sanitizer makes an ordinary end of a bad access.
#ifdef STREAMGAUGE_SANITIZED
inline constexpr int CrashSignal = SIGABRT;
#else
inline constexpr int CrashSignal = SIGSEGV;
#endif

/// The processes that this one, or another, has started and that have not been waited for.
inline std::vector<pid_t> childProcesses(qint64 parent = getpid())
{
    std::vector<pid_t> children;
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(entry));
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = stat.readAll(); // 17 (a name) S 4 …
        if (line.mid(line.lastIndexOf(')') + 4).split(' ').first().toLongLong() == parent)
            children.push_back(static_cast<pid_t>(entry.toInt()));
    }
    return children;
}

inline void signalChildren(int signal, qint64 parent = getpid())
{
    for (const pid_t child : childProcesses(parent))
        ::kill(child, signal);
}

} // namespace tests
