// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection.h"

#include "connectors/deliver.h"
#include "models/connection/environment.h"

#include <QDateTime>
#include <QFuture>
#include <QRandomGenerator>

#include <algorithm>

namespace models::connection {

namespace {

constexpr std::chrono::milliseconds WatchedInterval{10'000};
constexpr std::chrono::milliseconds RestInterval{60'000};
constexpr std::chrono::milliseconds LocalFileInterval{1'000}; ///< a file on this machine burdens nobody
constexpr std::chrono::milliseconds ReconnectInterval{10'000};
constexpr std::chrono::milliseconds FirstRetryInterval{1'000}; ///< a process that is started again is there by then
constexpr std::chrono::milliseconds TrafficInterval{2'000};
constexpr int SlownessFactor = 5; ///< a poll may keep the system busy for a fifth of the time at most

connectors::EpochMs now()
{
    return QDateTime::currentMSecsSinceEpoch();
}

bool isLocalFile(const connectors::ConnectionSpec &spec)
{
    return spec.kind == connectors::SystemKind::EventStoreSqlite && spec.via.isEmpty();
}

/// Nobody answers, or nobody who lets us in.
bool isSilent(const connectors::Error &error)
{
    using connectors::ErrorCode;
    return error.code == ErrorCode::CannotConnect || error.code == ErrorCode::TimedOut || error.code == ErrorCode::NotAuthenticated;
}

/// Members that were not asked for are those last told, until the next who looks at them asks.
connectors::Result<connectors::ConsumerStates> keepingMembers(connectors::Result<connectors::ConsumerStates> answer, const connectors::ConsumerStates &before)
{
    if (!answer)
        return answer;
    const auto nameOf = [](const connectors::ConsumerState &state) -> const QString & { return state.summary.consumer; };
    for (connectors::ConsumerState &state : answer->consumers) {
        if (state.summary.activity == connectors::ConsumerActivity::Empty) {
            state.members.emplace();
            continue;
        }
        const auto known = std::ranges::lower_bound(before.consumers, nameOf(state), {}, nameOf);
        if (known == before.consumers.end() || nameOf(*known) != nameOf(state))
            continue;
        state.members = known->members;
        state.membersProblem = known->membersProblem;
    }
    return answer;
}

} // namespace

Connection::Connection(connectors::ConnectionSpec spec, std::shared_ptr<connectors::Connector> connector, QObject *parent)
    : QObject(parent)
    , m_spec(std::move(spec))
    , m_connector(std::move(connector))
    , m_process(m_connector->processHealth())
    , m_heartbeat(*m_connector)
    , m_throughput(isLocalFile(m_spec) ? Throughput::LocalFile : Throughput::Broker)
    , m_checkpointTimes(m_connector)
{
    for (const Subject subject : {Subject::Consumers, Subject::Streams, Subject::DeadLetters}) {
        auto &slot = m_polls[static_cast<size_t>(subject)];
        slot = std::make_unique<Poll>();
        slot->timer.setSingleShot(true);
        connect(&slot->timer, &QTimer::timeout, this, [this, subject] { ask(subject); });
    }
    m_reconnectTimer.setSingleShot(true);
    connect(&m_reconnectTimer, &QTimer::timeout, this, &Connection::connectToSystem);
    connect(&m_trafficTimer, &QTimer::timeout, this, &Connection::measureTraffic);
    m_trafficTimer.start(TrafficInterval);
    watchProcess();
    listenToHeartbeat();
    connectToSystem();
}

void Connection::watchProcess()
{
    connect(&m_process, &ProcessWatch::changed, this, &Connection::stateChanged);
    connect(&m_process, &ProcessWatch::died, this, &Connection::processDied);
    connect(&m_process, &ProcessWatch::fellSilent, this, [this] {
        if (m_state == ConnectionState::Open)
            setSilence(connectors::Error{connectors::ErrorCode::TimedOut, QStringLiteral("The process that holds the connection does not respond."),
                                         QStringLiteral("Restart its process from the connection's menu, or wait."), true});
    });
    // At once, and not when the next poll is due: what it was asked before was lost or is old.
    connect(&m_process, &ProcessWatch::cameBack, this, &Connection::refresh);
}

/// A poll that fails says more than a heartbeat that is answered: that one may be another broker's.
void Connection::listenToHeartbeat()
{
    connect(&m_heartbeat, &Heartbeat::missed, this, [this](const connectors::Error &error) {
        if (m_silence || !isSilent(error))
            return;
        setSilence(error);
        m_isSilenceOfHeartbeat = true;
    });
    connect(&m_heartbeat, &Heartbeat::answered, this, [this] {
        if (m_isSilenceOfHeartbeat && m_process.isResponding())
            setSilence(std::nullopt);
    });
}

Connection::~Connection()
{
    m_stop.request_stop();
}

connectors::Environment Connection::environment() const
{
    return effectiveEnvironment(m_spec, m_identity);
}

void Connection::watch(QObject *watcher, const std::vector<Subject> &subjects)
{
    if (subjects.empty()) {
        m_watchers.remove(watcher);
        return;
    }
    if (!m_watchers.contains(watcher))
        connect(watcher, &QObject::destroyed, this, [this, watcher] { m_watchers.remove(watcher); });
    m_watchers.insert(watcher, subjects);
    for (const Subject subject : subjects) {
        Poll &entry = poll(subject);
        if (m_state != ConnectionState::Open || entry.isOutstanding)
            continue;
        // A timer set for the long interval has a remaining time beyond what a watched subject may wait.
        const bool isMissing = subject == Subject::InternalStreams && !m_hasInternalStreams;
        if (entry.timer.isActive() && (isMissing || entry.timer.remainingTimeAsDuration() > WatchedInterval))
            entry.timer.start(std::chrono::milliseconds(0));
    }
}

void Connection::refresh()
{
    if (m_state == ConnectionState::Failed) {
        connectToSystem();
        return;
    }
    if (m_state != ConnectionState::Open)
        return;
    for (const Subject subject : {Subject::Consumers, Subject::Streams, Subject::DeadLetters})
        ask(subject);
}

void Connection::connectToSystem()
{
    m_heartbeat.stop();
    const quint64 attempt = ++m_attempt;
    m_reconnectTimer.stop();
    m_state = ConnectionState::Connecting;
    connectors::deliver(m_connector->identify(m_stop.get_token()), this,
                        [this, attempt](const connectors::Result<connectors::SystemIdentity> &result) {
                            if (attempt == m_attempt)
                                receiveIdentity(result);
                        });
    Q_EMIT stateChanged();
}

void Connection::measureAnew()
{
    m_throughput = Throughput(m_throughput.pace());
    m_headTimes = {};
    m_checkpointTimes.forget();
    refresh();
}

void Connection::receiveIdentity(const connectors::Result<connectors::SystemIdentity> &result)
{
    if (!result) {
        fail(result.error());
        return;
    }
    m_identity = *result;
    m_error.reset();
    m_silence.reset();
    m_state = ConnectionState::Open;
    if (!isLocalFile(m_spec)) // it is there or not
        m_heartbeat.start();
    Q_EMIT stateChanged();
    for (const Subject subject : {Subject::Consumers, Subject::Streams, Subject::DeadLetters})
        ask(subject);
}

void Connection::noteTag(connectors::Environment tag)
{
    if (!m_identity)
        return;
    const connectors::Environment before = environment();
    m_identity->otherTag = stricter(m_identity->otherTag.value_or(tag), tag);
    if (environment() != before)
        Q_EMIT stateChanged();
}

void Connection::fail(const connectors::Error &error)
{
    m_error = error;
    m_state = ConnectionState::Failed;
    if (error.code != connectors::ErrorCode::NotAuthenticated) // a wrong password tried again and again locks accounts
        m_reconnectTimer.start(ReconnectInterval);
    Q_EMIT stateChanged();
}

void Connection::ask(Subject subject)
{
    Poll &entry = poll(subject);
    if (entry.isOutstanding)
        return;
    entry.timer.stop();
    switch (subject) {
    case Subject::Consumers:
        return askConsumers(m_attempt, now());
    case Subject::Streams:
    case Subject::InternalStreams:
        return askStreams(m_attempt, now());
    case Subject::DeadLetters:
        return askDeadLetters(m_attempt, now());
    }
}

void Connection::askConsumers(quint64 attempt, connectors::EpochMs askedAt)
{
    auto *catalog = m_connector->consumerCatalog();
    if (!catalog)
        return;
    connectors::ConsumerStateRequest request;
    request.withMembers = isWatched(Subject::Consumers);
    poll(Subject::Consumers).isOutstanding = true;
    connectors::deliver(catalog->consumerStates(request, m_stop.get_token()), this,
                        [this, attempt, askedAt, withMembers = request.withMembers](const connectors::Result<connectors::ConsumerStates> &result) {
                            scheduleNext(Subject::Consumers, askedAt);
                            if (attempt != m_attempt)
                                return;
                            store(m_consumers, withMembers ? result : keepingMembers(result, m_consumers.value));
                            if (result) {
                                m_throughput.addConsumers(*result, m_consumers.receivedAt);
                                if (!m_headTimes.add(*result, m_consumers.receivedAt))
                                    m_checkpointTimes.forget();
                            }
                            Q_EMIT consumersReceived();
                        });
}

void Connection::askStreams(quint64 attempt, connectors::EpochMs askedAt)
{
    auto *catalog = m_connector->streamCatalog();
    if (!catalog)
        return;
    connectors::StreamListRequest request;
    request.withInternal = isWatched(Subject::InternalStreams);
    poll(Subject::Streams).isOutstanding = true;
    connectors::deliver(catalog->listStreams(request, m_stop.get_token()), this,
                        [this, attempt, askedAt, withInternal = request.withInternal](const connectors::Result<connectors::StreamList> &result) {
                            m_hasInternalStreams = withInternal;
                            scheduleNext(Subject::Streams, askedAt);
                            if (!withInternal && isWatched(Subject::InternalStreams)) // looked at since
                                poll(Subject::Streams).timer.start(0);
                            if (attempt != m_attempt)
                                return;
                            store(m_streams, result);
                            if (result)
                                m_throughput.addStreams(*result, m_streams.receivedAt);
                            Q_EMIT streamsReceived();
                        });
}

void Connection::askDeadLetters(quint64 attempt, connectors::EpochMs askedAt)
{
    auto *source = m_connector->deadLetterSource();
    if (!source)
        return;
    poll(Subject::DeadLetters).isOutstanding = true;
    connectors::deliver(source->deadLetterQueues(m_stop.get_token()), this,
                        [this, attempt, askedAt](const connectors::Result<std::vector<connectors::DeadLetterQueue>> &result) {
                            scheduleNext(Subject::DeadLetters, askedAt);
                            if (attempt != m_attempt)
                                return;
                            store(m_deadLetters, result);
                            Q_EMIT deadLettersReceived();
                        });
}

template<typename T>
void Connection::store(Reading<T> &reading, const connectors::Result<T> &result)
{
    ++reading.generation;
    if (result) {
        reading.value = *result;
        reading.receivedAt = now();
        reading.error.reset();
    } else {
        reading.error = result.error();
    }
    noteAnswer(reading.error);
}

/// A refusal is an answer too. The first subject that is answered, or not, tells it of all of them.
void Connection::noteAnswer(const std::optional<connectors::Error> &error)
{
    const bool isAnswered = !error || !isSilent(*error);
    if (isAnswered)
        m_heartbeat.restart();
    setSilence(isAnswered ? std::nullopt : error);
}

void Connection::setSilence(const std::optional<connectors::Error> &error)
{
    const bool wasSilent = m_silence.has_value();
    m_silence = error;
    m_isSilenceOfHeartbeat = false;
    if (error)
        askWithin(wasSilent ? ReconnectInterval : FirstRetryInterval);
    else if (wasSilent)
        askWithin(std::chrono::milliseconds(0));
    if (error.has_value() != wasSilent)
        Q_EMIT stateChanged();
}

void Connection::askWithin(std::chrono::milliseconds interval)
{
    for (const auto &entry : m_polls) {
        if (entry->timer.isActive() && entry->timer.remainingTimeAsDuration() > interval)
            entry->timer.start(interval);
    }
}

void Connection::scheduleNext(Subject subject, connectors::EpochMs askedAt)
{
    Poll &entry = poll(subject);
    entry.isOutstanding = false;
    const std::chrono::milliseconds duration(std::max<qint64>(0, now() - askedAt));
    const bool isNear = isLocalFile(m_spec);
    const auto base = isWatched(subject) ? (isNear ? LocalFileInterval : WatchedInterval) : (isNear ? WatchedInterval : RestInterval);
    const auto interval = std::max(base, duration * SlownessFactor);
    const auto jitter = interval / 5;
    const auto offset = QRandomGenerator::global()->bounded(static_cast<qint64>(jitter.count()) + 1);
    entry.timer.start(interval - jitter / 2 + std::chrono::milliseconds(offset));
}

bool Connection::isWatched(Subject subject) const
{
    return std::any_of(m_watchers.cbegin(), m_watchers.cend(), [subject](const std::vector<Subject> &subjects) {
        return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
    });
}

void Connection::measureTraffic()
{
    const connectors::Traffic traffic = m_connector->traffic();
    const connectors::EpochMs time = now();
    if (m_lastTrafficAt != 0 && time > m_lastTrafficAt) {
        const double seconds = static_cast<double>(time - m_lastTrafficAt) / 1000.0;
        m_requestsPerSecond = static_cast<double>(traffic.requests - m_lastTraffic.requests) / seconds;
        m_bytesPerSecond = static_cast<double>(traffic.bytesRead - m_lastTraffic.bytesRead) / seconds;
        Q_EMIT trafficMeasured();
    }
    if (m_silence)
        Q_EMIT silencePassed();
    m_lastTraffic = traffic;
    m_lastTrafficAt = time;
}

} // namespace models::connection
