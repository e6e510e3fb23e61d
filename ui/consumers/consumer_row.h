// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/lag/consumer_lag.h"

#include <QVariantList>

namespace ui::consumers {

/// One consumer of one connection, as a table shows it.
struct ConsumerRow {
    QString connection;
    QString consumer;
    models::lag::ConsumerLag lag;
    std::optional<int> members;
    QString membersProblem;
    std::optional<qint64> timeLagMs;     ///< of the oldest event that waits
    bool isTimeLagExact = false;         ///< read from the event; else estimated from the ends that were watched
    std::optional<double> ratePerSecond; ///< checkpoints' progress
    std::optional<qint64> staleForMs;    ///< the last good answer is so old, and `lag` is unknown; null: it is fresh
    std::optional<qint64> lastLag;       ///< of that answer
    QVariantList trend;
};

/// The consumers of a connection as last told. `now` is for ages.
[[nodiscard]] std::vector<ConsumerRow> rowsOf(const models::connection::Connection &connection, connectors::EpochMs now);
/// Asks for the time lags that are not known of these rows, which are on screen: a small read a stream, once for each place.
/// CheckpointTimes::changed() of their connections tells when there is more to show, and to ask for.
void readTimeLags(models::connection::Workspace &workspace, const std::vector<ConsumerRow> &shown);
/// Consumers that want attention, of all systems whose answer is current; one system under two names has its consumers once.
[[nodiscard]] int troubleCount(const models::connection::Workspace &workspace);
[[nodiscard]] const connectors::ConsumerState *stateOf(const models::connection::Connection &connection, const QString &consumer);

} // namespace ui::consumers
