// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_keeper.h"

#include <QDateTime>

#include <algorithm>

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
constexpr auto LongestOutage = 2min;
/// What a worker says when it is opened.
constexpr qsizetype MostGreetingBytes = 1 << 20;
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
        const bool wasUp = runOnce();
        const std::lock_guard lock(mutex);
        const bool isUseful = ended == Ended::OnDemand || (wasUp && Clock::now() - begin > OpeningTime) || std::exchange(hasLearnt, false);
        barrenDeaths = isUseful ? 0 : barrenDeaths + (wasUp ? 1 : 0);
        if (ended == Ended::NoWorker)
            pause = LongestPause;
        else
            pause = isUseful ? 0ms : std::clamp(2 * pause, std::chrono::milliseconds(ShortestPause), std::chrono::milliseconds(LongestPause));
    }
}

bool WorkerLink::Keeper::runOnce()
{
    std::unique_lock lock(mutex); // what it says first waits until it is known here
    auto started = WorkerProcess::start(
        opening.command, [this](const QByteArray &message) { hear(message); },
        [this](MessagePipe::End how) { hearEnd(how); });
    if (!started) {
        lock.unlock();
        refuse(started.error(), !mayComeBack(started.error()));
        return false;
    }
    process = started->get();
    quarantine.begin();
    report.startedAt = QDateTime::currentMSecsSinceEpoch();
    const bool isAnswered = changed.wait_for(lock, OpeningTime, [this] { return greeting || end || isClosed; });
    if (isAnswered && greeting && *greeting) {
        watchUntilItEnds(lock);
        downSince = Clock::now();
        isWanted = ended != Ended::NoWorker; // it was well: the next one is there before it is asked for
    }
    process = nullptr;
    report.state = ProcessState::Responding;
    const bool wasUp = std::exchange(isUp, false);
    const bool isOurs = isClosed;
    const std::optional<Error> refused = greeting && !*greeting ? std::optional(greeting->error()) : std::nullopt;
    lock.unlock();
    if (isOurs)
        return wasUp;
    if (refused) {
        started->reset();
        refuse(*refused, !mayComeBack(*refused));
        return false;
    }
    Error error{ErrorCode::TimedOut, QStringLiteral("“%1” does not answer.").arg(opening.command.front()), QStringLiteral("Try again."), true};
    if (isAnswered)
        error = deathOf(howItEnded(**started));
    const WorkerEnd its = endOf(**started, isAnswered, wasUp);
    if (isAnswered && wasUp && ended != Ended::OnDemand)
        noteDeath(opening.isRoadsEnd && opening.isRoadsEnd(its) ? QStringLiteral("lost its link. ssh said: %1").arg(its.lastWords.section(u'\n', -1).left(300)) : howItEnded(**started));
    const bool isExplained = ended == Ended::ByItself || (ended == Ended::NoWorker && !wasUp);
    if (opening.explain && isExplained)
        error = opening.explain(its);
    const bool isWorthIt = wasUp ? isWorthAnother(**started, its) : mayComeBack(error);
    started->reset();
    refuse(error, !isWorthIt);
    return wasUp;
}

/// Whether what was being read is to be read again by the next one.
bool WorkerLink::Keeper::isWorthAnother(const WorkerProcess &dead, const WorkerEnd &its)
{
    const std::lock_guard lock(mutex);
    const bool isRoadsEnd = opening.isRoadsEnd && opening.isRoadsEnd(its);
    if ((ended == Ended::ByItself || ended == Ended::Silent) && !isRoadsEnd)
        hasLearnt = quarantine.learnFromDeath(dead.endSignal());
    return ended != Ended::NoWorker && (hasLearnt || isRoadsEnd || barrenDeaths < MostBarrenDeaths);
}

/// One that was up and does not come up again, for what may pass.
bool WorkerLink::Keeper::mayComeBack(const Error &error) const
{
    const std::lock_guard lock(mutex);
    const bool mayPass = ended == Ended::OnDemand || (error.isRetryable && ended != Ended::NoWorker);
    return downSince && mayPass && Clock::now() - *downSince < LongestOutage;
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
        isWanted = isWanted || !isHopeless;
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

Error WorkerLink::Keeper::deathOf(const QString &how) const
{
    if (ended == Ended::NoWorker)
        return malformedMessage();
    return {ErrorCode::CannotConnect, QStringLiteral("The process that holds the connection “%1” %2").arg(opening.opening.spec.name.left(200), how),
            downSince ? QStringLiteral("It is started again by itself.") : QStringLiteral("It belongs beside the program; install both again."), true};
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
        if (greeting) // it was refused already
            return;
        if (message.size() > MostGreetingBytes)
            greeting = tl::unexpected<Error>(malformedMessage());
    }
    if (message.size() > MostGreetingBytes)
        return changed.notify_all();
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

} // namespace connectors::remote
