// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/line_reader.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace ctl {

using namespace connectors;

LineReader::LineReader(int descriptor, std::stop_token stop)
    : m_descriptor(descriptor)
    , m_stop(std::move(stop))
{
}

Result<std::optional<QByteArray>> LineReader::next()
{
    qsizetype searchFrom = m_at;
    for (;;) {
        const qsizetype newline = m_buffer.indexOf('\n', searchFrom);
        if (newline >= 0) {
            const QByteArray line = m_buffer.mid(m_at, newline - m_at);
            m_at = newline + 1;
            ++m_lineNumber;
            return line;
        }
        if (m_isAtEnd) {
            if (m_at >= m_buffer.size())
                return std::nullopt;
            const QByteArray line = m_buffer.mid(m_at);
            m_at = m_buffer.size();
            ++m_lineNumber;
            return line;
        }
        m_buffer.remove(0, m_at);
        m_at = 0;
        searchFrom = m_buffer.size();
        if (m_buffer.size() > MaxLineBytes)
            return failure(ErrorCode::Unreadable, QStringLiteral("Line %1 is longer than 64 MiB.").arg(m_lineNumber + 1));
        if (const Result<bool> more = readMore(); !more)
            return tl::unexpected(more.error());
        else if (!*more)
            m_isAtEnd = true;
    }
}

Result<bool> LineReader::readMore()
{
    constexpr int PollMs = 100;
    constexpr qsizetype Chunk = 256 * 1024;
    pollfd input{m_descriptor, POLLIN, 0};
    while (poll(&input, 1, PollMs) <= 0) {
        if (m_stop.stop_requested())
            return failure(ErrorCode::Cancelled, QStringLiteral("The command was interrupted."));
    }
    const qsizetype had = m_buffer.size();
    m_buffer.resize(had + Chunk);
    ssize_t count = 0;
    do {
        count = read(m_descriptor, m_buffer.data() + had, Chunk);
    } while (count < 0 && errno == EINTR);
    m_buffer.resize(had + std::max<ssize_t>(count, 0));
    if (count < 0)
        return failure(ErrorCode::Unreadable, QStringLiteral("The input cannot be read: %1").arg(QString::fromLocal8Bit(std::strerror(errno))));
    return count > 0;
}

} // namespace ctl
