// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/message_pipe.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace connectors::remote {

namespace {
constexpr size_t ChunkBytes = 256 * 1024;
}

MessagePipe::MessagePipe(int readEnd, int writeEnd, std::function<void(const QByteArray &)> received, std::function<void(End)> ended,
                         qsizetype firstLimit)
    : m_readEnd(readEnd)
    , m_writeEnd(writeEnd)
    , m_closing(eventfd(0, EFD_CLOEXEC))
    , m_received(std::move(received))
    , m_ended(std::move(ended))
    , m_frames(firstLimit)
{
    for (const int end : {m_readEnd, m_writeEnd})
        fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK);
    m_reader = std::thread([this] { readAll(); });
    m_writer = std::thread([this] { writeAll(); });
}

MessagePipe::~MessagePipe()
{
    close();
    m_reader.join();
    m_writer.join();
    ::close(m_readEnd);
    ::close(m_writeEnd);
    ::close(m_closing);
}

void MessagePipe::send(const QByteArray &message)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed)
            return;
        m_waiting.push_back(frameOf(message));
    }
    m_changed.notify_all();
}

void MessagePipe::flush(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, patience, [this] { return m_isClosed || (m_waiting.empty() && !m_isWriting); });
}

void MessagePipe::close()
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_isClosed, true))
            return;
    }
    const quint64 one = 1;
    std::ignore = ::write(m_closing, &one, sizeof one);
    m_changed.notify_all();
}

bool MessagePipe::waitFor(int end, short events) const
{
    std::array<pollfd, 2> ends{pollfd{end, events, 0}, pollfd{m_closing, POLLIN, 0}};
    while (poll(ends.data(), ends.size(), -1) < 0) {
        if (errno != EINTR)
            return false;
    }
    return ends[1].revents == 0;
}

void MessagePipe::readAll()
{
    const End end = readUntilEnd();
    close(); // whoever cannot hear any more is not spoken to either
    m_ended(end);
}

MessagePipe::End MessagePipe::readUntilEnd()
{
    std::vector<char> chunk(ChunkBytes);
    while (waitFor(m_readEnd, POLLIN)) {
        const ssize_t count = ::read(m_readEnd, chunk.data(), chunk.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count <= 0)
            return End::Closed;
        m_bytesHeard += static_cast<quint64>(count);
        m_frames.add(chunk.data(), count);
        while (const auto message = m_frames.next())
            m_received(*message);
        if (m_frames.isBroken())
            return End::Broken;
    }
    return End::Closed;
}

void MessagePipe::writeAll()
{
    // Writing to an end that has gone is an error here, and no signal that ends the program.
    sigset_t brokenPipe;
    sigemptyset(&brokenPipe);
    sigaddset(&brokenPipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &brokenPipe, nullptr);
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [this] { return m_isClosed || !m_waiting.empty(); });
        if (m_isClosed)
            return;
        const QByteArray frame = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_isWriting = true;
        lock.unlock();
        const bool isWritten = write(frame);
        lock.lock();
        m_isWriting = false;
        m_changed.notify_all();
        if (!isWritten)
            return;
    }
}

bool MessagePipe::write(const QByteArray &frame) const
{
    qsizetype written = 0;
    while (written < frame.size()) {
        const ssize_t count = ::write(m_writeEnd, frame.constData() + written, static_cast<size_t>(frame.size() - written));
        if (count >= 0)
            written += count;
        else if (errno == EAGAIN ? !waitFor(m_writeEnd, POLLOUT) : errno != EINTR)
            return false;
    }
    return true;
}

} // namespace connectors::remote
