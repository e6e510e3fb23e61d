// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_link.h"

#include "connectors/remote/wire.h"

#include <QDateTime>

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
constexpr int TicksOfPatience = 10;
/// So many deaths in a row of young processes, of which nothing is learnt, and nothing is tried again by itself.
constexpr int MostBarrenDeaths = 5;
constexpr quint32 LinkId = 0; ///< of what is the link's own: no question of the contract has it

Error versionsDiffer(const Hello &theirs, const QString &where)
{
    const QString worker = where.isEmpty() ? QStringLiteral("The worker") : QStringLiteral("The worker on %1").arg(where);
    const QString ours = QStringLiteral(STREAMGAUGE_VERSION);
    const QString what = theirs.version != ours ? QStringLiteral("%1 is of version %2, this program of version %3.").arg(worker, theirs.version.left(40), ours)
                                                : QStringLiteral("%1 speaks protocol %2, this program protocol %3.").arg(worker).arg(theirs.protocol).arg(ProtocolVersion);
    return {ErrorCode::Unsupported, what, QStringLiteral("Install the same version on both sides."), false};
}

} // namespace

/// What the thread works with that starts the processes; it may outlive the link for the moment in which it ends.
struct WorkerLink::Keeper {
    enum class Ended { ByItself, OnDemand, Silent, NoWorker };

    Keeper(WorkerOpening what, Receiver who)
        : opening(std::move(what))
        , receiver(std::move(who))
        , quarantine(opening.memoryLimit)
    {
        report.memoryLimit = opening.memoryLimit;
    }

    void run();
    void runOnce();
    void hear(const QByteArray &message);
    void hearGreeting(const Reader &reply);
    void hearEnd(MessagePipe::End how);
    void refuse(const Error &error, bool isHopeless = true);
    void watchUntilItEnds(std::unique_lock<std::mutex> &lock);
    void noteSilence(std::unique_lock<std::mutex> &lock);
    void endIt(Ended why);
    [[nodiscard]] QString howItEnded(WorkerProcess &dead) const;
    [[nodiscard]] Error deathOf(const QString &how, bool wasUp) const;
    void noteDeath(const QString &how);
    [[nodiscard]] WorkerEnd endOf(WorkerProcess &gone, bool isAnswered, bool wasUp) const;
    [[nodiscard]] bool takeTokenQuestion(const QByteArray &message);
    void answerTokenQuestions(const std::stop_token &stop);
    [[nodiscard]] bool isWorthAnother(const WorkerProcess &dead);
    [[nodiscard]] Opening nextOpening() const;
    [[nodiscard]] bool isOwnThread() const { return std::this_thread::get_id() == hearing || std::this_thread::get_id() == running; }

    const WorkerOpening opening;
    const Receiver receiver;

    mutable std::mutex mutex;
    std::condition_variable changed;
    bool isWanted = true;
    bool isClosed = false;
    std::chrono::milliseconds pause{0};
    Quarantine quarantine;
    bool hasLearnt = false; ///< from the latest death
    int barrenDeaths = 0;
    std::atomic<std::thread::id> running;
    std::atomic<std::thread::id> hearing;
    // of the newest process
    WorkerProcess *process = nullptr;
    bool hasSaidHello = false;
    bool isUp = false;
    std::optional<MessagePipe::End> end;
    std::optional<Result<Greeting>> greeting;
    std::vector<QByteArray> waiting; ///< until it is up
    Ended ended = Ended::ByItself; ///< why
    ProcessReport report; ///< of all of them
    bool isTokenWanted = false;
    bool isTokenFetched = false;
    std::jthread fetchingTokens; ///< last: it uses the others
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
            ended = Ended::ByItself;
        }
        const auto begin = Clock::now();
        runOnce();
        const std::lock_guard lock(mutex);
        const bool isUseful = ended == Ended::OnDemand || Clock::now() - begin > OpeningTime || std::exchange(hasLearnt, false);
        barrenDeaths = isUseful ? 0 : barrenDeaths + 1;
        if (ended == Ended::NoWorker)
            pause = LongestPause;
        else
            pause = isUseful ? 0ms : std::clamp(2 * pause, std::chrono::milliseconds(ShortestPause), std::chrono::milliseconds(LongestPause));
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
    report.startedAt = QDateTime::currentMSecsSinceEpoch();
    const bool isAnswered = changed.wait_for(lock, OpeningTime, [this] { return greeting || end || isClosed; });
    if (isAnswered && greeting && *greeting) {
        watchUntilItEnds(lock);
        isWanted = ended != Ended::NoWorker; // it was well: the next one is there before it is asked for
    }
    process = nullptr;
    report.state = ProcessState::Responding;
    const bool wasUp = std::exchange(isUp, false);
    const bool isOurs = isClosed;
    lock.unlock();
    if (isOurs)
        return;
    if (greeting && !*greeting)
        return refuse(greeting->error());
    Error error{ErrorCode::TimedOut, QStringLiteral("“%1” does not answer.").arg(opening.command.front()), QStringLiteral("Try again."), true};
    if (isAnswered) {
        const QString how = howItEnded(**started);
        error = deathOf(how, wasUp);
        if (wasUp && ended != Ended::OnDemand)
            noteDeath(how);
    }
    const bool isExplained = ended == Ended::ByItself || (ended == Ended::NoWorker && !wasUp);
    if (opening.explain && isExplained)
        error = opening.explain(endOf(**started, isAnswered, wasUp));
    const bool isWorthIt = wasUp && isWorthAnother(**started);
    started->reset();
    refuse(error, !isWorthIt);
}

/// Whether what was being read is to be read again by the next one.
bool WorkerLink::Keeper::isWorthAnother(const WorkerProcess &dead)
{
    const std::lock_guard lock(mutex);
    if (ended == Ended::ByItself || ended == Ended::Silent)
        hasLearnt = quarantine.learnFromDeath(dead.endSignal());
    return ended != Ended::NoWorker && (hasLearnt || barrenDeaths < MostBarrenDeaths);
}

Opening WorkerLink::Keeper::nextOpening() const
{
    Opening next = opening.opening;
    next.isCautious = quarantine.isCautious();
    next.quarantined = quarantine.batches();
    return next;
}

/// Ticks are counted, and not what the clock says: whoever was stopped himself has not waited.
void WorkerLink::Keeper::watchUntilItEnds(std::unique_lock<std::mutex> &lock)
{
    quint64 heardBefore = 0;
    int silentTicks = -1; // not asked
    while (!changed.wait_for(lock, opening.patience / TicksOfPatience, [this] { return end || isClosed; })) {
        if (const quint64 heard = process->bytesHeard(); std::exchange(heardBefore, heard) != heard) {
            silentTicks = -1;
            report.state = ProcessState::Responding;
            continue;
        }
        if (silentTicks < 0)
            process->send(Writer(LinkId, Call::Ping).bytes());
        if (++silentTicks >= TicksOfPatience)
            noteSilence(lock);
    }
}

void WorkerLink::Keeper::noteSilence(std::unique_lock<std::mutex> &lock)
{
    report.state = ProcessState::NotResponding;
    if (opening.whenSilent == WhenSilent::End) {
        ended = Ended::Silent;
        return process->kill();
    }
    lock.unlock();
    if (receiver.unanswered)
        receiver.unanswered({ErrorCode::TimedOut, QStringLiteral("The process that holds the connection “%1” does not respond.").arg(opening.opening.spec.name.left(200)),
                             QStringLiteral("Restart its process from the connection's menu, or wait."), true});
    lock.lock();
}

void WorkerLink::Keeper::endIt(Ended why)
{
    const std::lock_guard lock(mutex);
    if (!process)
        return;
    ended = why;
    process->kill();
}

void WorkerLink::Keeper::noteDeath(const QString &how)
{
    const std::lock_guard lock(mutex);
    ++report.deaths;
    report.diedAt = QDateTime::currentMSecsSinceEpoch();
    report.lastDeath = how;
}

/// What was asked is lost, and what waited too.
void WorkerLink::Keeper::refuse(const Error &error, bool isHopeless)
{
    {
        const std::lock_guard lock(mutex);
        waiting.clear();
        if (!greeting)
            greeting = tl::unexpected<Error>(error);
    }
    changed.notify_all();
    receiver.lost(error, isHopeless);
}

QString WorkerLink::Keeper::howItEnded(WorkerProcess &dead) const
{
    switch (ended) {
    case Ended::NoWorker: return QStringLiteral("said what is no message, and was ended.");
    case Ended::OnDemand: return QStringLiteral("was restarted.");
    case Ended::Silent: return QStringLiteral("did not respond for %1 s, and was ended.").arg(std::chrono::duration_cast<std::chrono::seconds>(opening.patience).count());
    case Ended::ByItself: break;
    }
    const QString how = dead.waitForEnd();
    const QString words = dead.lastWords().section(u'\n', -1).left(500);
    return words.isEmpty() ? how + u'.' : QStringLiteral("%1. It said: %2").arg(how, words);
}

Error WorkerLink::Keeper::deathOf(const QString &how, bool wasUp) const
{
    if (ended == Ended::NoWorker)
        return malformedMessage();
    return {ErrorCode::CannotConnect, QStringLiteral("The process that holds the connection “%1” %2").arg(opening.opening.spec.name.left(200), how),
            wasUp ? QStringLiteral("It is started again by itself.") : QStringLiteral("It belongs beside the program; install both again."), true};
}

WorkerEnd WorkerLink::Keeper::endOf(WorkerProcess &gone, bool isAnswered, bool wasUp) const
{
    WorkerEnd what;
    what.wasUp = wasUp;
    what.how = !isAnswered ? WorkerEnd::How::Silent : ended == Ended::NoWorker ? WorkerEnd::How::NoWorker : WorkerEnd::How::Ended;
    if (what.how == WorkerEnd::How::Ended) {
        std::ignore = gone.waitForEnd();
        what.exitStatus = gone.exitStatus();
    }
    if (isAnswered)
        what.noise = gone.rest();
    what.lastWords = gone.lastWords();
    return what;
}

void WorkerLink::Keeper::hear(const QByteArray &message)
{
    hearing = std::this_thread::get_id();
    if (opening.token && takeTokenQuestion(message))
        return;
    {
        std::unique_lock lock(mutex);
        if (isClosed || ended != Ended::ByItself)
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
            greeting = tl::unexpected<Error>(versionsDiffer(*hello, opening.where));
        else if (process)
            process->send(Writer(LinkId, Call::Open).whole(nextOpening()).bytes());
    } else {
        hearGreeting(Reader::reply(message));
    }
    changed.notify_all();
}

/// The command may take long, and whoever asks without end is answered once a second.
bool WorkerLink::Keeper::takeTokenQuestion(const QByteArray &message)
{
    constexpr qsizetype Longest = 100; // else all that comes would be taken apart twice
    if (message.size() > Longest || !hasSaidHello)
        return false;
    const Reader question = Reader::reply(message);
    if (!question.isSound() || question.kind() != Reply::AskToken)
        return false;
    const std::lock_guard lock(mutex);
    isTokenWanted = true;
    if (!std::exchange(isTokenFetched, true))
        fetchingTokens = std::jthread([this](const std::stop_token &stop) { answerTokenQuestions(stop); });
    return true;
}

void WorkerLink::Keeper::answerTokenQuestions(const std::stop_token &stop)
{
    std::unique_lock lock(mutex);
    while (std::exchange(isTokenWanted, false) && !isClosed) {
        const auto askedAt = report.startedAt;
        lock.unlock();
        const auto fetched = opening.token(stop);
        const std::optional<Error> error = fetched ? std::nullopt : std::optional(fetched.error());
        const QByteArray answer = Writer(LinkId, Call::Token)(fetched.value_or(QByteArray()), error).bytes();
        lock.lock();
        if (process && report.startedAt == askedAt) // another one asks for itself
            process->send(answer);
        std::condition_variable_any breather;
        breather.wait_for(lock, stop, 1s, [] { return false; });
    }
    isTokenFetched = false;
}

void WorkerLink::Keeper::hearEnd(MessagePipe::End how)
{
    {
        const std::lock_guard lock(mutex);
        end = how;
        if (how == MessagePipe::End::Broken)
            ended = Ended::NoWorker;
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

void WorkerLink::hear(const Announcement &announcement)
{
    const std::lock_guard lock(m_keeper->mutex);
    m_keeper->quarantine.hear(announcement);
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

ProcessReport WorkerLink::processReport() const
{
    const std::lock_guard lock(m_keeper->mutex);
    return m_keeper->report;
}

void WorkerLink::restartProcess()
{
    m_keeper->endIt(Keeper::Ended::OnDemand);
    {
        const std::lock_guard lock(m_keeper->mutex);
        m_keeper->isWanted = true;
    }
    m_keeper->changed.notify_all();
}

void WorkerLink::refuseProcess()
{
    m_keeper->endIt(Keeper::Ended::NoWorker);
}

} // namespace connectors::remote
