// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lag/consumer_lag.h"

#include <algorithm>
#include <numeric>

namespace models::lag {

void LagSum::add(const PartitionLag &partition)
{
    if (isInSums(partition.state) && partition.lag) {
        lag += *partition.lag;
        ++counted;
    } else {
        ++others[static_cast<size_t>(partition.state)];
    }
}

void LagSum::add(const LagSum &other)
{
    lag += other.lag;
    counted += other.counted;
    for (size_t i = 0; i < others.size(); ++i)
        others[i] += other.others[i];
}

int LagSum::otherCount() const
{
    return std::accumulate(others.cbegin(), others.cend(), 0);
}

ConsumerLag consumerLag(const connectors::ConsumerState &state, const LagMemory &memory)
{
    ConsumerLag result;
    result.consumer = state.summary.consumer;
    result.activity = state.summary.activity;
    result.worst = state.problem ? LagState::Unknown : LagState::CaughtUp;
    if (state.positions.empty()) {
        result.worst = state.problem ? LagState::Unknown : LagState::NeverStarted;
        return result;
    }
    result.partitions.reserve(state.positions.size());
    for (const connectors::ConsumerPosition &position : state.positions) {
        const LagContext context = memory ? memory(state.summary.consumer, position) : LagContext();
        const PartitionLag partition = partitionLag(position, state.summary.activity, context);
        result.worst = std::max(result.worst, partition.state);
        result.sum.add(partition);
        result.lost += partition.lost.value_or(0);
        if (partition.lag)
            result.totalLag = result.totalLag.value_or(0) + *partition.lag;
        const qint64 slowestLag = result.slowest ? *result.partitions[*result.slowest].lag : 0;
        if (partition.lag && *partition.lag > slowestLag)
            result.slowest = result.partitions.size();
        result.partitions.push_back(partition);
    }
    return result;
}

ConsumerLag asUnknown(ConsumerLag lag)
{
    lag.worst = LagState::Unknown;
    lag.totalLag.reset();
    lag.lost = 0;
    lag.sum = {};
    lag.slowest.reset();
    for (PartitionLag &partition : lag.partitions) {
        partition.lag.reset();
        partition.lost.reset();
        partition.heldBack.reset();
        partition.heldBackBy.clear();
        partition.state = LagState::Unknown;
        lag.sum.add(partition);
    }
    return lag;
}

} // namespace models::lag
