// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_process.h"

#include "connectors/connection_spec.h"
#include "connectors/remote/wire.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connectors::remote {

namespace {

constexpr qsizetype KeptWords = 4096; ///< bytes of stderr, the last ones
constexpr auto Patience = std::chrono::seconds(1);

/// A shell between adds the signal's number to 128.
int signalInStatus(int status)
{
    constexpr int Base = 128;
    return status > Base && status < Base + NSIG ? status - Base : 0;
}

struct PipeEnds {
    int read = -1;
    int write = -1;
    PipeEnds()
    {
        std::array<int, 2> ends{-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) == 0) {
            read = ends[0];
            write = ends[1];
        }
    }
    ~PipeEnds()
    {
        for (const int end : {read, write})
            if (end >= 0)
                close(end);
    }
    PipeEnds(const PipeEnds &) = delete;
    PipeEnds &operator=(const PipeEnds &) = delete;
    [[nodiscard]] bool isOpen() const { return read >= 0; }
};

/// In a process group of its own, so that Ctrl+C in a terminal reaches only the program that may finish its step; without
/// our descriptors, the signals that we block or ignore, and the password that we may have been given.
int spawn(const QStringList &command, int in, int out, int error, pid_t *pid)
{
    std::vector<QByteArray> words;
    words.reserve(static_cast<size_t>(command.size()));
    for (const QString &word : command)
        words.push_back(QFile::encodeName(word));
    std::vector<char *> arguments;
    arguments.reserve(words.size() + 1);
    for (QByteArray &word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    std::vector<char *> environment;
    const QByteArray password = QByteArray(PasswordVariable) + '=';
    for (char **variable = environ; *variable; ++variable) {
        if (qstrncmp(*variable, password.constData(), static_cast<size_t>(password.size())) != 0)
            environment.push_back(*variable);
    }
    environment.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes, &all);
    const int failed = posix_spawnp(pid, arguments.front(), &actions, &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

} // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const QStringList &command, std::function<void(const QByteArray &)> received,
                                                            std::function<void(MessagePipe::End)> ended)
{
    PipeEnds in;
    PipeEnds out;
    PipeEnds error;
    pid_t pid = 0;
    const int failed = in.isOpen() && out.isOpen() && error.isOpen() ? spawn(command, in.read, out.write, error.write, &pid) : errno;
    if (failed != 0) {
        return failure(ErrorCode::CannotConnect, QStringLiteral("“%1”, which holds a connection, cannot be started: %2.").arg(command.front(), QString::fromLocal8Bit(std::strerror(failed))),
                       QStringLiteral("It belongs beside the program; install both again."));
    }
    std::unique_ptr<WorkerProcess> process(new WorkerProcess(pid, std::exchange(error.read, -1)));
    process->m_pipe = std::make_unique<MessagePipe>(std::exchange(out.read, -1), std::exchange(in.write, -1), std::move(received), std::move(ended), MostHelloBytes);
    return process;
}

WorkerProcess::WorkerProcess(int pid, int errorEnd)
    : m_pid(pid)
    , m_errorEnd(errorEnd)
    , m_listener([this](const std::stop_token &stop) { keepLastWords(stop); })
{
}

WorkerProcess::~WorkerProcess()
{
    m_pipe.reset();
    std::ignore = waitForEnd();
    m_listener.request_stop(); // who was started by it may still hold its stderr
    m_listener.join();
    close(m_errorEnd);
}

void WorkerProcess::kill()
{
    killGroup();
    m_pipe->close(); // whoever else holds its ends
}

/// With whatever it has started, a shell's child for one.
void WorkerProcess::killGroup()
{
    const std::lock_guard lock(m_mutex);
    if (!m_isReaped)
        ::kill(-m_pid, SIGKILL);
}

void WorkerProcess::keepLastWords(const std::stop_token &stop)
{
    constexpr int LookInterval = 100; // ms
    std::array<char, 1024> chunk{};
    while (!stop.stop_requested()) {
        pollfd end{m_errorEnd, POLLIN, 0};
        if (poll(&end, 1, LookInterval) <= 0)
            continue;
        const ssize_t count = read(m_errorEnd, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR)
            continue;
        const std::lock_guard lock(m_mutex);
        m_hasHeardAll = count <= 0;
        if (m_hasHeardAll)
            return;
        m_lastWords.append(chunk.data(), count);
        m_lastWords.remove(0, std::max<qsizetype>(0, m_lastWords.size() - KeptWords));
    }
}

QString WorkerProcess::lastWords() const
{
    constexpr auto Moment = std::chrono::milliseconds(300);
    const auto until = std::chrono::steady_clock::now() + Moment;
    std::unique_lock lock(m_mutex);
    while (!m_hasHeardAll && std::chrono::steady_clock::now() < until) {
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        lock.lock();
    }
    return QString::fromLocal8Bit(m_lastWords).trimmed();
}

int WorkerProcess::endSignal() const
{
    const std::lock_guard lock(m_mutex);
    return m_endSignal;
}

QString WorkerProcess::waitForEnd()
{
    const auto until = std::chrono::steady_clock::now() + Patience;
    while (!reap()) {
        if (std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        killGroup();
        if (until + Patience < std::chrono::steady_clock::now()) // another user's: it cannot be ended
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::lock_guard lock(m_mutex);
    return m_howItEnded;
}

bool WorkerProcess::reap()
{
    const std::lock_guard lock(m_mutex);
    int status = 0;
    if (m_isReaped)
        return true;
    if (waitpid(m_pid, &status, WNOHANG) == 0)
        return false;
    m_isReaped = true;
    ::kill(-m_pid, SIGKILL); // what it has started and left behind
    m_endSignal = WIFSIGNALED(status) ? WTERMSIG(status) : signalInStatus(WEXITSTATUS(status));
    if (WIFEXITED(status))
        m_exitStatus = WEXITSTATUS(status);
    m_howItEnded = WIFSIGNALED(status) ? QStringLiteral("was ended by signal %1 (%2)").arg(QString::number(WTERMSIG(status)), QString::fromLocal8Bit(strsignal(WTERMSIG(status))))
                                       : QStringLiteral("ended with status %1").arg(WEXITSTATUS(status));
    return true;
}

} // namespace connectors::remote
