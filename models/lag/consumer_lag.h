// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/lag/lag_state.h"

#include <functional>
#include <vector>

namespace models::lag {

/// A sum that never hides what it could not add: what isInSums() is in the number, every other partition
/// is counted beside it ("12,430 + 3 unknown").
struct LagSum {
    qint64 lag = 0;
    int counted = 0; ///< partitions in `lag`; 0: the sum says nothing, show "–"
    std::array<int, AllLagStates.size()> others{}; ///< by state

    void add(const PartitionLag &partition);
    void add(const LagSum &other);
    [[nodiscard]] int countOf(LagState state) const { return others[static_cast<size_t>(state)]; }
    [[nodiscard]] int otherCount() const;
    bool operator==(const LagSum &) const = default;
};

/// One consumer over all its partitions.
struct ConsumerLag {
    QString consumer;
    connectors::ConsumerActivity activity = connectors::ConsumerActivity::Unknown;
    std::vector<PartitionLag> partitions; ///< sorted by stream, partition
    LagState worst = LagState::Unknown;
    /// Every partition's lag that is a number, whatever its state: what a stopped consumer still has to do. Null: none is.
    std::optional<qint64> totalLag;
    qint64 lost = 0;
    LagSum sum;
    std::optional<size_t> slowest; ///< index into partitions of the largest lag above 0
};

/// Tells what memory knows of a consumer's partition.
using LagMemory = std::function<LagContext(const QString &consumer, const connectors::ConsumerPosition &position)>;

/// A consumer without any partition never started; one that could not be read is unknown.
[[nodiscard]] ConsumerLag consumerLag(const connectors::ConsumerState &state, const LagMemory &memory = {});

/// The same where the system no longer answers: the places stay as last known, but no lag follows from them.
[[nodiscard]] ConsumerLag asUnknown(ConsumerLag lag);

} // namespace models::lag
