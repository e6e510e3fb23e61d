// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal_sink.h"

#include <QFile>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
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

/// The same of a place that is no file, which says itself what is wrong and what to do.
Result<void> sinkFailed(const QString &address, const connectors::Error &why)
{
    return failure(ErrorCode::StorageFailed, QStringLiteral("The journal's second copy %1 could not be written: %2").arg(address, why.message),
                   QString(why.advice + QStringLiteral(" Nothing is changed without it (STREAMGAUGE_JOURNAL_SINK names it).")).trimmed());
}

/// False where another program keeps it. Nobody holds it longer than one line takes.
bool lockForAppend(int file)
{
    constexpr std::chrono::seconds LongestWait(10);
    constexpr std::chrono::milliseconds Pause(20);
    const auto deadline = std::chrono::steady_clock::now() + LongestWait;
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(Pause);
    }
    return true;
}

/// A whole line on the disk, or nothing of it and why. The next line must not go on in one that is cut; a line that somebody
/// else has written meanwhile stays.
Result<void> appendTo(int file, const QString &path, const QByteArray &text)
{
    struct stat before {};
    const bool isFile = ::fstat(file, &before) == 0 && S_ISREG(before.st_mode);
    if (isFile && !lockForAppend(file))
        return sinkFailed(path, errno == EWOULDBLOCK ? QStringLiteral("another program holds it locked") : QString::fromLocal8Bit(std::strerror(errno)));
    if (isFile && ::fstat(file, &before) != 0)
        return sinkFailed(path, QString::fromLocal8Bit(std::strerror(errno)));
    const ssize_t written = ::write(file, text.constData(), static_cast<size_t>(text.size()));
    if (written == text.size() && ::fsync(file) == 0)
        return {};
    const QString why = written >= 0 && written < text.size() ? QStringLiteral("the disk is full") : QString::fromLocal8Bit(std::strerror(errno));
    struct stat after {};
    if (isFile && written > 0 && ::fstat(file, &after) == 0 && after.st_size == before.st_size + written)
        std::ignore = ::ftruncate(file, before.st_size);
    return sinkFailed(path, why);
}

} // namespace

QString JournalSink::configuredPlace()
{
    return qEnvironmentVariable("STREAMGAUGE_JOURNAL_SINK");
}

Result<void> JournalSink::write(const QByteArray &line)
{
    if (m_place.isEmpty())
        return {};
    const bool isAddress = m_place.contains(u"://");
    if (!isAddress)
        return writeFile(line);
    if (!m_log) {
        auto opened = m_factory ? m_factory->openLineLog(m_place) : connectors::Result<std::unique_ptr<connectors::LineLog>>(failure(ErrorCode::Unsupported, QStringLiteral("It is no file.")));
        if (!opened) // the address is not repeated: it may hold a secret
            return sinkFailed(m_place.section(QStringLiteral("://"), 0, 0) + QStringLiteral("://…"), opened.error());
        m_log = std::move(*opened);
    }
    const Result<void> appended = m_log->append(line);
    return appended ? appended : sinkFailed(m_place, appended.error());
}

Result<void> JournalSink::writeFile(const QByteArray &line) const
{
    if (!m_place.startsWith(u'/')) // it would be another file in every folder the program is started in
        return sinkFailed(m_place, QStringLiteral("the path is not absolute"));
    // Without O_NONBLOCK a pipe would hold everything up until somebody reads it.
    const int file = ::open(QFile::encodeName(m_place).constData(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (file < 0)
        return sinkFailed(m_place, QString::fromLocal8Bit(std::strerror(errno)));
    const Result<void> appended = appendTo(file, m_place, line + '\n');
    ::close(file); // gives the lock back
    return appended;
}

} // namespace models::journal
