// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_link.h"

#include "connectors/remote/wire.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace connectors::remote {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto OpeningTime = 10s;
constexpr auto ShortestPause = 250ms;
constexpr auto LongestPause = 2000ms;
constexpr quint32 OpeningId = 0; ///< no question of the contract has it

Error versionsDiffer(const QString &theirs)
{
    return {ErrorCode::Unsupported, QStringLiteral("The worker is of version %1, this program of version %2.").arg(theirs, QStringLiteral(STREAMGAUGE_VERSION)),
            QStringLiteral("Install the same version on both sides."), false};
}

} // namespace

/// What the thread works with that starts the processes; it may outlive the link for the moment in which it ends.
struct WorkerLink::Keeper {
    Keeper(WorkerOpening what, Receiver who)
        : opening(std::move(what))
        , receiver(std::move(who))
    {
    }

    void run();
    void runOnce();
    void hear(const QByteArray &message);
    void hearGreeting(const Reader &reply);
    void hearEnd(MessagePipe::End how);
    void refuse(const Error &error);
    [[nodiscard]] Error deathOf(WorkerProcess &dead, bool wasUp) const;
    [[nodiscard]] bool isOwnThread() const { return std::this_thread::get_id() == hearing || std::this_thread::get_id() == running; }

    const WorkerOpening opening;
    const Receiver receiver;

    mutable std::mutex mutex;
    std::condition_variable changed;
    bool isWanted = true;
    bool isClosed = false;
    std::chrono::milliseconds pause{0};
    std::atomic<std::thread::id> running;
    std::atomic<std::thread::id> hearing;
    // of the newest process
    WorkerProcess *process = nullptr;
    bool hasSaidHello = false;
    bool isUp = false;
    std::optional<MessagePipe::End> end;
    std::optional<Result<Greeting>> greeting;
    std::vector<QByteArray> waiting; ///< until it is up
};

void WorkerLink::Keeper::run()
{
    running = std::this_thread::get_id();
    while (true) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return isWanted || isClosed; });
            changed.wait_for(lock, pause, [this] { return isClosed; });
            if (isClosed)
                return;
            isWanted = false;
            hasSaidHello = false;
            end.reset();
            greeting.reset();
        }
        const auto begin = Clock::now();
        runOnce();
        const std::lock_guard lock(mutex);
        pause = Clock::now() - begin > OpeningTime ? 0ms : std::clamp(2 * pause, std::chrono::milliseconds(ShortestPause), std::chrono::milliseconds(LongestPause));
    }
}

void WorkerLink::Keeper::runOnce()
{
    std::unique_lock lock(mutex); // what it says first waits until it is known here
    auto started = WorkerProcess::start(
        opening.command, [this](const QByteArray &message) { hear(message); },
        [this](MessagePipe::End how) { hearEnd(how); });
    if (!started) {
        lock.unlock();
        return refuse(started.error());
    }
    process = started->get();
    const bool isAnswered = changed.wait_for(lock, OpeningTime, [this] { return greeting || end || isClosed; });
    if (isAnswered && greeting && *greeting) {
        changed.wait(lock, [this] { return end || isClosed; });
        isWanted = true; // it was well: the next one is there before it is asked for
    }
    process = nullptr;
    const bool wasUp = std::exchange(isUp, false);
    const bool isOurs = isClosed;
    lock.unlock();
    if (isOurs)
        return;
    if (greeting && !*greeting)
        return refuse(greeting->error());
    const Error error = isAnswered ? deathOf(**started, wasUp)
                                   : Error{ErrorCode::TimedOut, QStringLiteral("“%1” does not answer.").arg(opening.command.front()), QStringLiteral("Try again."), true};
    started->reset();
    refuse(error);
}

/// What was asked is lost, and what waited too.
void WorkerLink::Keeper::refuse(const Error &error)
{
    {
        const std::lock_guard lock(mutex);
        waiting.clear();
        if (!greeting)
            greeting = tl::unexpected<Error>(error);
    }
    changed.notify_all();
    receiver.lost(error);
}

Error WorkerLink::Keeper::deathOf(WorkerProcess &dead, bool wasUp) const
{
    if (end == MessagePipe::End::Broken)
        return malformedMessage();
    const QString how = dead.waitForEnd();
    const QString words = dead.lastWords().section(u'\n', -1).left(500);
    const QString what = words.isEmpty() ? QString() : QStringLiteral(" It said: %1").arg(words);
    return {ErrorCode::CannotConnect, QStringLiteral("The process that holds the connection “%1” %2.%3").arg(opening.opening.spec.name.left(200), how, what),
            wasUp ? QStringLiteral("It is started again by itself.") : QStringLiteral("It belongs beside the program; install both again."), true};
}

void WorkerLink::Keeper::hear(const QByteArray &message)
{
    hearing = std::this_thread::get_id();
    {
        std::unique_lock lock(mutex);
        if (isClosed)
            return;
        if (isUp) {
            lock.unlock();
            return receiver.received(message);
        }
    }
    if (!hasSaidHello) {
        const auto hello = helloFrom(message);
        const std::lock_guard lock(mutex);
        hasSaidHello = true;
        if (!hello)
            greeting = tl::unexpected<Error>(malformedMessage());
        else if (hello->protocol != ProtocolVersion || hello->version != QStringLiteral(STREAMGAUGE_VERSION))
            greeting = tl::unexpected<Error>(versionsDiffer(hello->version.left(40)));
        else if (process)
            process->send(Writer(OpeningId, Call::Open).whole(opening.opening).bytes());
    } else {
        hearGreeting(Reader::reply(message));
    }
    changed.notify_all();
}

void WorkerLink::Keeper::hearEnd(MessagePipe::End how)
{
    {
        const std::lock_guard lock(mutex);
        end = how;
    }
    changed.notify_all();
}

void WorkerLink::Keeper::hearGreeting(const Reader &reply)
{
    Greeting told;
    Error error;
    const std::lock_guard lock(mutex);
    if (reply.isSound() && reply.kind() == Reply::Error && reply.whole(error)) {
        greeting = tl::unexpected<Error>(error);
        return;
    }
    if (!reply.isSound() || reply.kind() != Reply::Opened || !reply.whole(told) || !process) {
        greeting = tl::unexpected<Error>(malformedMessage());
        return;
    }
    greeting = std::move(told);
    isUp = true;
    for (const QByteArray &message : waiting)
        process->send(message);
    waiting.clear();
}

WorkerLink::WorkerLink(WorkerOpening opening, Receiver receiver)
    : m_keeper(std::make_shared<Keeper>(std::move(opening), std::move(receiver)))
    , m_thread([keeper = m_keeper] { keeper->run(); })
{
}

WorkerLink::~WorkerLink()
{
    close();
}

Result<Greeting> WorkerLink::open()
{
    std::unique_lock lock(m_keeper->mutex);
    m_keeper->changed.wait(lock, [this] { return m_keeper->greeting || m_keeper->isClosed; });
    return m_keeper->greeting.value_or(failure(ErrorCode::Cancelled, QStringLiteral("The connection was closed.")));
}

void WorkerLink::send(const QByteArray &message)
{
    {
        const std::lock_guard lock(m_keeper->mutex);
        if (m_keeper->isUp) {
            m_keeper->process->send(message);
            return;
        }
        m_keeper->waiting.push_back(message);
        m_keeper->isWanted = true;
    }
    m_keeper->changed.notify_all();
}

void WorkerLink::close()
{
    {
        const std::lock_guard lock(m_keeper->mutex);
        m_keeper->isClosed = true;
    }
    m_keeper->changed.notify_all();
    if (!m_thread.joinable())
        return;
    if (m_keeper->isOwnThread())
        m_thread.detach();
    else
        m_thread.join();
}

qint64 WorkerLink::processId() const
{
    const std::lock_guard lock(m_keeper->mutex);
    return m_keeper->process ? m_keeper->process->processId() : 0;
}

} // namespace connectors::remote
