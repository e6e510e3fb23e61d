// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/target_lock.h"

#include "models/journal/canonical_json.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace models::journal {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

QString lockFolder(const QString &journalPath)
{
    return QFileInfo(journalPath).absolutePath() + QStringLiteral("/locks");
}

QString lockPath(const QString &journalPath, const QString &systemId, const QString &target)
{
    return lockFolder(journalPath) + u'/' + sha256Hex((systemId + QChar(u'\n') + target).toUtf8()) + QStringLiteral(".lock");
}

/// Of the whole file, and of this open file rather than of the process: two threads of one window exclude each other too.
struct flock wholeFile()
{
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

} // namespace

Result<std::unique_ptr<TargetLock>> TargetLock::acquire(const QString &journalPath, const QString &systemId, const QString &target)
{
    const QString path = lockPath(journalPath, systemId, target);
    const int file = QDir().mkpath(lockFolder(journalPath)) ? ::open(QFile::encodeName(path).constData(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR) : -1;
    if (file < 0) {
        return failure(ErrorCode::StorageFailed, QStringLiteral("The lock %1 cannot be written.").arg(path),
                       QStringLiteral("Make the journal's folder writable for you; nothing is changed without the lock."));
    }
    struct flock lock = wholeFile();
    if (::fcntl(file, F_OFD_SETLK, &lock) != 0) {
        char holder[32] = {};
        const auto length = ::pread(file, holder, sizeof holder - 1, 0);
        ::close(file);
        return failure(ErrorCode::Conflict, QStringLiteral("Another change of “%1” is under way, in process %2.")
                           .arg(target, length > 0 ? QString::fromLatin1(holder, length) : QStringLiteral("?")),
                       QStringLiteral("Wait until it has ended, then look at the journal and plan again."), true);
    }
    const QByteArray pid = QByteArray::number(QCoreApplication::applicationPid());
    // Only for the message above; the lock itself is the operating system's.
    [[maybe_unused]] const bool isNamed = ::ftruncate(file, 0) == 0 && ::pwrite(file, pid.constData(), static_cast<size_t>(pid.size()), 0) == pid.size();
    return std::unique_ptr<TargetLock>(new TargetLock(file));
}

bool TargetLock::isHeld(const QString &journalPath, const QString &systemId, const QString &target)
{
    const int file = ::open(QFile::encodeName(lockPath(journalPath, systemId, target)).constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno != ENOENT; // where it cannot be told, nobody is said to have been interrupted
    struct flock lock = wholeFile();
    const bool isTold = ::fcntl(file, F_OFD_GETLK, &lock) == 0;
    ::close(file);
    return !isTold || lock.l_type != F_UNLCK;
}

TargetLock::~TargetLock()
{
    ::close(m_file);
}

} // namespace models::journal
