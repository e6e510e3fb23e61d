// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal_sink.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace models::journal {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

Result<void> sinkFailed(const QString &path, const QString &why)
{
    return failure(ErrorCode::StorageFailed, QStringLiteral("The journal's second copy %1 could not be written: %2.").arg(path, why),
                   QStringLiteral("Make it writable, or change STREAMGAUGE_JOURNAL_SINK; nothing is changed without it."));
}

} // namespace

QString JournalSink::configuredPath()
{
    return qEnvironmentVariable("STREAMGAUGE_JOURNAL_SINK");
}

Result<void> JournalSink::write(const QByteArray &line) const
{
    if (m_path.isEmpty())
        return {};
    if (!m_path.startsWith(u'/')) // it would be another file in every folder the program is started in
        return sinkFailed(m_path, QStringLiteral("the path is not absolute"));
    // Without O_NONBLOCK a pipe would hold everything up until somebody reads it.
    const int file = ::open(QFile::encodeName(m_path).constData(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (file < 0)
        return sinkFailed(m_path, QString::fromLocal8Bit(std::strerror(errno)));
    struct stat before {};
    const bool isKnown = ::fstat(file, &before) == 0;
    const QByteArray text = line + '\n';
    const ssize_t written = ::write(file, text.constData(), static_cast<size_t>(text.size()));
    const bool isWhole = written == text.size() && ::fsync(file) == 0;
    const QString why = written >= 0 && written < text.size() ? QStringLiteral("the disk is full") : QString::fromLocal8Bit(std::strerror(errno));
    if (!isWhole && isKnown && S_ISREG(before.st_mode))
        std::ignore = ::ftruncate(file, before.st_size); // the next line must not go on in this one
    ::close(file);
    return isWhole ? Result<void>() : sinkFailed(m_path, why);
}

} // namespace models::journal
