// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recorder.h"

#include "models/lag/lag_state.h"

#include <QDateTime>

namespace models::history {

using connection::Connection;

Recorder::Recorder(connection::Workspace &workspace, History &history, QObject *parent)
    : QObject(parent)
    , m_history(history)
{
    for (Connection *each : workspace.connections())
        follow(each);
    connect(&workspace, &connection::Workspace::connectionOpened, this, &Recorder::follow);
}

void Recorder::follow(Connection *connection)
{
    disconnect(connection, nullptr, this, nullptr); // announced again when it was open already
    connect(connection, &Connection::consumersReceived, this, [this, connection] { recordConsumers(*connection); });
    connect(connection, &Connection::deadLettersReceived, this, [this, connection] { recordDeadLetters(*connection); });
    connect(connection, &Connection::stateChanged, this, [this, connection] { recordSilence(*connection); });
}

/// The lines break where a system stops answering, or an outage would look like a time without change.
void Recorder::recordSilence(const Connection &connection)
{
    if (!connection.silence() || !connection.identity())
        return;
    for (const SampleKind kind : {SampleKind::Consumer, SampleKind::DeadLetters})
        m_history.record(connection.identity()->systemId, {kind, QDateTime::currentMSecsSinceEpoch(), {}, true});
}

void Recorder::recordConsumers(const Connection &connection)
{
    const auto &reading = connection.consumers();
    if (reading.isFresh() && connection.identity())
        m_history.record(connection.identity()->systemId, samplesOf(reading.value, reading.receivedAt));
}

void Recorder::recordDeadLetters(const Connection &connection)
{
    const auto &reading = connection.deadLetterQueues();
    if (reading.isFresh() && connection.identity())
        m_history.record(connection.identity()->systemId, samplesOf(reading.value, reading.receivedAt));
}

PollSamples samplesOf(const connectors::ConsumerStates &states, connectors::EpochMs time)
{
    PollSamples poll{SampleKind::Consumer, time, {}, states.problems.empty()};
    for (const connectors::ConsumerState &consumer : states.consumers) {
        if (consumer.problem)
            poll.isComplete = false;
        for (const connectors::ConsumerPosition &position : consumer.positions)
            poll.samples.push_back({consumer.summary.consumer, position.stream, position.partition, position.checkpoint, position.start,
                                    position.end, position.scopeLag, position.problem.has_value(),
                                    !lag::isInSums(lag::partitionLag(position, consumer.summary.activity).state)});
    }
    return poll;
}

PollSamples samplesOf(const std::vector<connectors::DeadLetterQueue> &queues, connectors::EpochMs time)
{
    PollSamples poll{SampleKind::DeadLetters, time, {}, true};
    for (const connectors::DeadLetterQueue &queue : queues)
        poll.samples.push_back({queue.stream, queue.stream, 0, std::nullopt, std::nullopt, queue.depth, std::nullopt, !queue.depth, false});
    return poll;
}

} // namespace models::history
