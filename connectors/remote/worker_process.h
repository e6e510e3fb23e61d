// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/message_pipe.h"
#include "connectors/result.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

namespace connectors::remote {

/// One process at the other end of a pipe. What it writes to stderr is kept for the words of its end.
class WorkerProcess final
{
public:
    /// `command`: a program (looked for in PATH if it has no slash) and its arguments. CannotConnect if it cannot be started.
    [[nodiscard]] static Result<std::unique_ptr<WorkerProcess>> start(const QStringList &command, std::function<void(const QByteArray &)> received,
                                                                      std::function<void(MessagePipe::End)> ended);
    /// Closes its input, gives it a second to end, and ends it otherwise.
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess &) = delete;
    WorkerProcess &operator=(const WorkerProcess &) = delete;

    [[nodiscard]] qint64 processId() const { return m_pid; }
    void send(const QByteArray &message) { m_pipe->send(message); }
    [[nodiscard]] quint64 bytesHeard() const { return m_pipe->bytesHeard(); }
    /// From any thread: it and what it has started end at once, and `ended` is called.
    void kill();
    /// After `ended`: how it ended, for a person: "was ended by signal 9 (Killed)". Waits at most a second, then ends it.
    [[nodiscard]] QString waitForEnd();
    /// After waitForEnd(): of the signal that ended it, also where a shell between tells it by its status; 0: none.
    [[nodiscard]] int endSignal() const;
    /// After waitForEnd(): null where a signal ended it.
    [[nodiscard]] std::optional<int> exitStatus() const { return m_exitStatus; }
    /// After `ended`: the beginning of what it wrote to stdout and is no message.
    [[nodiscard]] QByteArray rest() const { return m_pipe->rest(); }
    /// After its end: the last lines that it wrote to stderr. Waits a moment for what is still on its way.
    [[nodiscard]] QString lastWords() const;

private:
    WorkerProcess(int pid, int errorEnd);
    void killGroup();
    [[nodiscard]] bool reap();
    void keepLastWords(const std::stop_token &stop);

    const int m_pid;
    const int m_errorEnd;
    mutable std::mutex m_mutex;
    bool m_isReaped = false; ///< from then on its number may be another's
    QString m_howItEnded = QStringLiteral("cannot be ended");
    int m_endSignal = 0;
    std::optional<int> m_exitStatus;
    QByteArray m_lastWords;
    bool m_hasHeardAll = false; ///< stderr is closed
    std::jthread m_listener;
    std::unique_ptr<MessagePipe> m_pipe;
};

} // namespace connectors::remote
