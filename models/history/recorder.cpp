// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recorder.h"

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
}

void Recorder::recordConsumers(const Connection &connection)
{
    const auto &reading = connection.consumers();
    if (!reading.isFresh() || !connection.identity())
        return;
    PollSamples poll{SampleKind::Consumer, reading.receivedAt, {}, reading.value.problems.empty()};
    for (const connectors::ConsumerState &consumer : reading.value.consumers) {
        if (consumer.problem)
            poll.isComplete = false;
        for (const connectors::ConsumerPosition &position : consumer.positions)
            poll.samples.push_back({consumer.summary.consumer, position.stream, position.partition, position.checkpoint, position.start,
                                    position.end, position.scopeLag});
    }
    m_history.record(connection.identity()->systemId, std::move(poll));
}

void Recorder::recordDeadLetters(const Connection &connection)
{
    const auto &reading = connection.deadLetterQueues();
    if (!reading.isFresh() || !connection.identity())
        return;
    PollSamples poll{SampleKind::DeadLetters, reading.receivedAt, {}, true};
    for (const connectors::DeadLetterQueue &queue : reading.value)
        poll.samples.push_back({queue.stream, queue.stream, 0, std::nullopt, std::nullopt, queue.depth, std::nullopt});
    m_history.record(connection.identity()->systemId, std::move(poll));
}

} // namespace models::history
