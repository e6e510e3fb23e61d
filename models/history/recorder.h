// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"

namespace models::history {

/// What a poll told, as samples.
[[nodiscard]] PollSamples samplesOf(const connectors::ConsumerStates &states, connectors::EpochMs time);
[[nodiscard]] PollSamples samplesOf(const std::vector<connectors::DeadLetterQueue> &queues, connectors::EpochMs time);

/// Writes what every open connection is told at its polls into the history.
class Recorder final : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive the recorder.
    Recorder(connection::Workspace &workspace, History &history, QObject *parent = nullptr);

private:
    void follow(connection::Connection *connection);
    void recordSilence(const connection::Connection &connection);
    void recordConsumers(const connection::Connection &connection);
    void recordDeadLetters(const connection::Connection &connection);

    History &m_history;
};

} // namespace models::history
