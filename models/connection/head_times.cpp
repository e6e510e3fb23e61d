// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/head_times.h"

#include <algorithm>

namespace models::connection {

namespace {

constexpr size_t KeptPairs = 720; ///< two hours at one poll every 10 s; 11 kB a partition

} // namespace

bool HeadTimes::add(const connectors::ConsumerStates &states, connectors::EpochMs time)
{
    bool hasOnlyGrown = true;
    for (const connectors::ConsumerState &consumer : states.consumers) {
        for (const connectors::ConsumerPosition &position : consumer.positions) {
            if (!position.end)
                continue;
            auto &pairs = m_pairs[{position.stream, position.partition}];
            if (!pairs.empty() && *position.end < pairs.back().end) {
                pairs.clear();
                hasOnlyGrown = false;
            }
            if (!pairs.empty() && time <= pairs.back().time)
                continue; // another consumer of the same partition told it already
            // While the end stands still only the first and the latest pair with it matter.
            if (pairs.size() >= 2 && pairs.back().end == *position.end && pairs[pairs.size() - 2].end == *position.end)
                pairs.back().time = time;
            else
                pairs.push_back({*position.end, time});
            if (pairs.size() > KeptPairs)
                pairs.pop_front();
        }
    }
    return hasOnlyGrown;
}

std::optional<connectors::EpochMs> HeadTimes::timeOf(const QString &stream, int partition, qint64 position) const
{
    const auto found = m_pairs.find({stream, partition});
    if (found == m_pairs.end() || found->second.empty())
        return std::nullopt;
    const auto &pairs = found->second;
    // The event at `position` was written when the end went from at most `position` to beyond it.
    const auto after = std::find_if(pairs.begin(), pairs.end(), [position](const Pair &pair) { return pair.end > position; });
    if (after == pairs.end() || after == pairs.begin())
        return std::nullopt;
    const Pair &before = *std::prev(after);
    const double part = static_cast<double>(position + 1 - before.end) / static_cast<double>(after->end - before.end);
    return before.time + static_cast<connectors::EpochMs>(part * static_cast<double>(after->time - before.time));
}

} // namespace models::connection
