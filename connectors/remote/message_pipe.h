// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/frame.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace connectors::remote {

/// Messages over two ends of pipes, on two threads of its own. What waits to be sent is bounded by those who send: by the
/// credits of reads, and one answer to each question.
class MessagePipe final
{
public:
    enum class End {
        Closed, ///< the other end has gone, or close() was called
        Broken  ///< what came is no stream of messages
    };
    /// The first message that comes may have a limit of its own. Takes both ends. `received` and then, once, `ended` are called on a thread of the pipe, which must not destroy it.
    MessagePipe(int readEnd, int writeEnd, std::function<void(const QByteArray &)> received, std::function<void(End)> ended,
                qsizetype firstLimit = MaxFrameBytes);
    /// Closes, and waits for the threads.
    ~MessagePipe();
    MessagePipe(const MessagePipe &) = delete;
    MessagePipe &operator=(const MessagePipe &) = delete;

    /// From any thread; does not wait. Nothing happens after the end.
    void send(const QByteArray &message);
    /// Grows with all that comes, parts of messages too.
    [[nodiscard]] quint64 bytesHeard() const { return m_bytesHeard; }
    /// From `ended` on: the beginning of what came and was no message.
    [[nodiscard]] QByteArray rest() const { return m_frames.rest(); }
    /// Waits until all that was sent is out of this process, or the pipe has ended; at most so long.
    void flush(std::chrono::milliseconds patience);
    /// From any thread: both threads end soon.
    void close();

private:
    void readAll();
    [[nodiscard]] End readUntilEnd();
    void writeAll();
    [[nodiscard]] bool write(const QByteArray &frame) const;
    /// False: to be closed, or failed.
    [[nodiscard]] bool waitFor(int end, short events) const;

    const int m_readEnd;
    const int m_writeEnd;
    const int m_closing; ///< an eventfd: readable from close() on
    const std::function<void(const QByteArray &)> m_received;
    const std::function<void(End)> m_ended;
    std::atomic<quint64> m_bytesHeard = 0;
    FrameReader m_frames;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<QByteArray> m_waiting;
    bool m_isWriting = false;
    bool m_isClosed = false;
    std::thread m_reader;
    std::thread m_writer;
};

} // namespace connectors::remote
