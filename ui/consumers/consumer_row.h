// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection.h"
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
    std::optional<qint64> timeLagMs; ///< of the oldest event that waits; an estimate
    std::optional<double> ratePerSecond; ///< checkpoints' progress
    std::optional<qint64> staleForMs;    ///< the last good answer is so old, and `lag` is unknown; null: it is fresh
    std::optional<qint64> lastLag;       ///< of that answer
    QVariantList trend;
};

/// The consumers of a connection as last told. `now` is for ages.
[[nodiscard]] std::vector<ConsumerRow> rowsOf(const models::connection::Connection &connection, connectors::EpochMs now);
[[nodiscard]] const connectors::ConsumerState *stateOf(const models::connection::Connection &connection, const QString &consumer);

} // namespace ui::consumers
