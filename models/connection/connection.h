// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/connection/checkpoint_times.h"
#include "models/connection/head_times.h"
#include "models/connection/heartbeat.h"
#include "models/connection/process_watch.h"
#include "models/connection/reading.h"
#include "models/connection/throughput.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <array>
#include <memory>

namespace models::connection {

enum class ConnectionState { Connecting, Open, Failed };

/// What is polled, each on its own. InternalStreams makes the answer about streams hold the internal ones too (a broker's own
/// topics, every single stream of an event store, which may be a hundred thousand): only while somebody looks at them.
enum class Subject { Consumers, Streams, DeadLetters, InternalStreams };

/// One open connection, on the GUI thread. It connects at once, then asks gently: what somebody looks at every 10 s, the
/// rest every 60 s, jittered by a fifth, slower when answers are slow, one request of a kind outstanding. Answers come
/// back on the GUI thread; those of an earlier attempt to connect are dropped.
class Connection final : public QObject
{
    Q_OBJECT

public:
    Connection(connectors::ConnectionSpec spec, std::shared_ptr<connectors::Connector> connector, QObject *parent = nullptr);
    ~Connection() override;

    [[nodiscard]] const QString &name() const { return m_spec.name; }
    [[nodiscard]] const connectors::ConnectionSpec &spec() const { return m_spec; }
    /// As tagged, or assumed from what the system told; see effectiveEnvironment().
    [[nodiscard]] connectors::Environment environment() const;
    [[nodiscard]] ConnectionState state() const { return m_state; }
    /// Why it failed; null while it has not.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    /// Set while an open connection does not answer: what is held is old, whatever subject it is of. Asked again every 10 s.
    [[nodiscard]] const std::optional<connectors::Error> &silence() const { return m_silence; }
    /// The process that holds it, if it is not this one: whether it responds, and its deaths.
    [[nodiscard]] const ProcessWatch &process() const { return m_process; }
    /// Ends it and starts another, which is asked for everything.
    void restartProcess() { m_process.restart(); }
    /// The value is what the system says now.
    template<typename T>
    [[nodiscard]] bool isCurrent(const Reading<T> &reading) const { return reading.isFresh() && !m_silence; }
    /// Null until the system has answered once.
    [[nodiscard]] const std::optional<connectors::SystemIdentity> &identity() const { return m_identity; }
    /// The same system is tagged so under another address.
    void noteTag(connectors::Environment tag);
    /// Shared, so that work that outlives this object keeps it. Never null.
    [[nodiscard]] const std::shared_ptr<connectors::Connector> &connector() const { return m_connector; }

    [[nodiscard]] const Reading<connectors::ConsumerStates> &consumers() const { return m_consumers; }
    [[nodiscard]] const Reading<connectors::StreamList> &streams() const { return m_streams; }
    [[nodiscard]] const Reading<std::vector<connectors::DeadLetterQueue>> &deadLetterQueues() const { return m_deadLetters; }

    /// Events per second, from the last two polls.
    [[nodiscard]] const Throughput &throughput() const { return m_throughput; }

    /// When the ends that were watched passed a position.
    [[nodiscard]] const HeadTimes &headTimes() const { return m_headTimes; }
    /// When the events at checkpoints were written, for those who read them through this.
    [[nodiscard]] CheckpointTimes &checkpointTimes() { return m_checkpointTimes; }
    [[nodiscard]] const CheckpointTimes &checkpointTimes() const { return m_checkpointTimes; }

    /// `watcher` looks at these now (an empty list: at nothing any more). What nobody looks at is polled every 60 s.
    /// A subject that becomes watched and is older than 10 s is asked for at once. Forgotten when the watcher is destroyed.
    void watch(QObject *watcher, const std::vector<Subject> &subjects);
    /// Asks for everything now (F5); connects again after a failure.
    void refresh();
    /// Forgets the rates so far, which mean nothing after the system was filled or restored, and asks again.
    void measureAnew();

    /// What we cause, averaged over the last seconds.
    [[nodiscard]] double requestsPerSecond() const { return m_requestsPerSecond; }
    [[nodiscard]] double bytesPerSecond() const { return m_bytesPerSecond; }

Q_SIGNALS:
    void stateChanged();
    void consumersReceived();   ///< also after a failed attempt: see Reading::error
    void streamsReceived();
    void deadLettersReceived();
    void trafficMeasured();
    void processDied();         ///< see process(); another one is started
    void silencePassed();       ///< every few seconds while there is silence(): ages have grown

private:
    struct Poll {
        QTimer timer;
        bool isOutstanding = false;
        qint64 lastDurationMs = 0;
    };

    void connectToSystem();
    void receiveIdentity(const connectors::Result<connectors::SystemIdentity> &result);
    void fail(const connectors::Error &error);
    void ask(Subject subject);
    void askConsumers(quint64 attempt, connectors::EpochMs askedAt);
    void askStreams(quint64 attempt, connectors::EpochMs askedAt);
    void askDeadLetters(quint64 attempt, connectors::EpochMs askedAt);
    void scheduleNext(Subject subject, connectors::EpochMs askedAt);
    void measureTraffic();
    void watchProcess();
    void listenToHeartbeat();
    [[nodiscard]] bool isWatched(Subject subject) const;
    [[nodiscard]] Poll &poll(Subject subject)
    {
        return *m_polls[static_cast<size_t>(subject == Subject::InternalStreams ? Subject::Streams : subject)];
    }
    void noteAnswer(const std::optional<connectors::Error> &error);
    void setSilence(const std::optional<connectors::Error> &error);
    void askWithin(std::chrono::milliseconds interval);
    template<typename T>
    void store(Reading<T> &reading, const connectors::Result<T> &result);

    const connectors::ConnectionSpec m_spec;
    const std::shared_ptr<connectors::Connector> m_connector;
    ProcessWatch m_process;
    Heartbeat m_heartbeat;
    bool m_isSilenceOfHeartbeat = false; ///< a poll has not told of it
    ConnectionState m_state = ConnectionState::Connecting;
    std::optional<connectors::Error> m_error;
    std::optional<connectors::Error> m_silence;
    std::optional<connectors::SystemIdentity> m_identity;
    Reading<connectors::ConsumerStates> m_consumers;
    Reading<connectors::StreamList> m_streams;
    bool m_hasInternalStreams = false; ///< the last answer about streams
    Reading<std::vector<connectors::DeadLetterQueue>> m_deadLetters;
    Throughput m_throughput;
    HeadTimes m_headTimes;
    CheckpointTimes m_checkpointTimes;
    QHash<QObject *, std::vector<Subject>> m_watchers;
    std::array<std::unique_ptr<Poll>, 3> m_polls;
    QTimer m_trafficTimer;
    QTimer m_reconnectTimer;
    connectors::Traffic m_lastTraffic;
    connectors::EpochMs m_lastTrafficAt = 0;
    double m_requestsPerSecond = 0;
    double m_bytesPerSecond = 0;
    quint64 m_attempt = 0; ///< of connecting; answers of an earlier one are dropped
    std::stop_source m_stop;
};

} // namespace models::connection
