// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumer_row.h"

#include <algorithm>

namespace ui::consumers {

namespace {

std::optional<qint64> oldestWaiting(const models::connection::Connection &connection, const models::lag::ConsumerLag &lag, connectors::EpochMs now)
{
    std::optional<qint64> oldest;
    bool hasUnknown = false;
    for (const models::lag::PartitionLag &partition : lag.partitions) {
        if (!partition.lag || !partition.checkpoint || *partition.lag <= 0)
            continue;
        const auto time = connection.headTimes().timeOf(partition.stream, partition.partition, *partition.checkpoint);
        if (time)
            oldest = std::max(oldest.value_or(0), now - *time);
        else
            hasUnknown = true;
    }
    if (hasUnknown)
        return std::nullopt; // older than anything watched: an estimate would be too small
    if (!oldest && lag.worst == models::lag::LagState::CaughtUp)
        return 0;
    return oldest;
}

void makeStale(ConsumerRow &row, qint64 ageMs)
{
    row.staleForMs = ageMs;
    row.lastLag = row.lag.totalLag;
    row.lag = models::lag::asUnknown(std::move(row.lag));
    row.timeLagMs.reset();
    row.ratePerSecond.reset();
}

} // namespace

std::vector<ConsumerRow> rowsOf(const models::connection::Connection &connection, connectors::EpochMs now)
{
    std::vector<ConsumerRow> rows;
    const auto &reading = connection.consumers();
    if (!reading.hasValue())
        return rows;
    rows.reserve(reading.value.consumers.size());
    for (const connectors::ConsumerState &state : reading.value.consumers) {
        ConsumerRow row;
        row.connection = connection.name();
        row.consumer = state.summary.consumer;
        row.lag = models::lag::consumerLag(state);
        if (state.members)
            row.members = static_cast<int>(state.members->size());
        row.membersProblem = state.membersProblem;
        row.timeLagMs = oldestWaiting(connection, row.lag, reading.receivedAt);
        row.ratePerSecond = connection.throughput().out(row.consumer);
        if (!connection.isCurrent(reading))
            makeStale(row, now - reading.receivedAt);
        rows.push_back(std::move(row));
    }
    return rows;
}

const connectors::ConsumerState *stateOf(const models::connection::Connection &connection, const QString &consumer)
{
    const auto &consumers = connection.consumers().value.consumers;
    const auto found = std::find_if(consumers.begin(), consumers.end(),
                                    [&consumer](const connectors::ConsumerState &state) { return state.summary.consumer == consumer; });
    return found == consumers.end() ? nullptr : &*found;
}

} // namespace ui::consumers
