// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/target_lock.h"

#include "models/journal/canonical_json.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace models::journal {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

Result<std::unique_ptr<TargetLock>> TargetLock::acquire(const QString &journalPath, const QString &systemId, const QString &target)
{
    const QString folder = QFileInfo(journalPath).absolutePath() + QStringLiteral("/locks");
    const QString path = folder + u'/' + sha256Hex((systemId + QChar(u'\n') + target).toUtf8()) + QStringLiteral(".lock");
    const int file = QDir().mkpath(folder) ? ::open(QFile::encodeName(path).constData(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR) : -1;
    if (file < 0) {
        return failure(ErrorCode::StorageFailed, QStringLiteral("The lock %1 cannot be written.").arg(path),
                       QStringLiteral("Make the journal's folder writable for you; nothing is changed without the lock."));
    }
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
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

TargetLock::~TargetLock()
{
    ::close(m_file);
}

} // namespace models::journal
