// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumer_row.h"

#include "ui/consumers/lag_text.h"

#include <algorithm>
#include <map>

namespace ui::consumers {

namespace {

using models::lag::PartitionLag;

/// Where the first event is that waits there; null where none does.
std::optional<qint64> firstWaiting(const PartitionLag &partition)
{
    if (!partition.lag || !partition.checkpoint || !partition.end || *partition.lag <= 0)
        return std::nullopt;
    return std::max(*partition.checkpoint, partition.start.value_or(0));
}

std::optional<connectors::EpochMs> estimatedTime(const models::connection::Connection &connection, const PartitionLag &partition, qint64 position)
{
    return connection.headTimes().timeOf(partition.stream, partition.partition, position);
}

void setTimeLag(ConsumerRow &row, const models::connection::Connection &connection, connectors::EpochMs now)
{
    std::optional<qint64> oldest;
    bool isExact = true;
    for (const PartitionLag &partition : row.lag.partitions) {
        const std::optional<qint64> position = firstWaiting(partition);
        if (!position)
            continue;
        auto time = connection.checkpointTimes().timeOf(partition.stream, partition.partition, *position);
        if (!time) {
            isExact = false;
            time = estimatedTime(connection, partition, *position);
        }
        if (!time)
            return; // it may be the oldest
        oldest = std::max(oldest.value_or(0), now - *time);
    }
    const bool isCaughtUp = row.lag.worst == models::lag::LagState::CaughtUp;
    row.timeLagMs = !oldest && isCaughtUp ? std::optional<qint64>(0) : oldest;
    row.isTimeLagExact = isExact;
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
        setTimeLag(row, connection, reading.receivedAt);
        row.ratePerSecond = connection.throughput().out(row.consumer);
        if (!connection.isCurrent(reading))
            makeStale(row, now - reading.receivedAt);
        rows.push_back(std::move(row));
    }
    return rows;
}

void readTimeLags(models::connection::Workspace &workspace, const std::vector<ConsumerRow> &shown)
{
    std::map<QString, std::vector<connectors::PartitionRead>> places;
    for (const ConsumerRow &row : shown) {
        const models::connection::Connection *connection = workspace.find(row.connection);
        if (!connection || row.timeLagMs || row.staleForMs)
            continue;
        for (const PartitionLag &partition : row.lag.partitions) {
            const std::optional<qint64> position = firstWaiting(partition);
            if (position && !estimatedTime(*connection, partition, *position))
                places[row.connection].push_back({partition.stream, partition.partition, *position, *partition.end, *position, 0});
        }
    }
    for (const auto &[name, wanted] : places)
        workspace.find(name)->checkpointTimes().read(wanted);
}

int troubleCount(const models::connection::Workspace &workspace)
{
    std::ptrdiff_t count = 0;
    for (const models::connection::Connection *connection : workspace.systems()) {
        const auto &reading = connection->consumers();
        if (reading.hasValue() && connection->isCurrent(reading))
            count += std::ranges::count_if(reading.value.consumers,
                                           [](const connectors::ConsumerState &state) { return isTrouble(models::lag::consumerLag(state).worst); });
    }
    return static_cast<int>(count);
}

const connectors::ConsumerState *stateOf(const models::connection::Connection &connection, const QString &consumer)
{
    const auto &consumers = connection.consumers().value.consumers;
    const auto found = std::find_if(consumers.begin(), consumers.end(),
                                    [&consumer](const connectors::ConsumerState &state) { return state.summary.consumer == consumer; });
    return found == consumers.end() ? nullptr : &*found;
}

} // namespace ui::consumers
