// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"

#include <deque>
#include <map>

namespace models::connection {

/// Pairs of (end, time) of every partition as watched, to estimate when an event was written: between two pairs by a
/// straight line, never beyond them. An estimate is to be shown with ≈.
class HeadTimes final
{
public:
    /// False where a partition ends before it did: it was re-created or truncated, and its positions mean other events now.
    bool add(const connectors::ConsumerStates &states, connectors::EpochMs time);
    /// When the event at `position` was written; null when that was before the first pair.
    [[nodiscard]] std::optional<connectors::EpochMs> timeOf(const QString &stream, int partition, qint64 position) const;

private:
    struct Pair {
        qint64 end = 0;
        connectors::EpochMs time = 0;
    };
    std::map<std::pair<QString, int>, std::deque<Pair>> m_pairs; ///< ascending in both
};

} // namespace models::connection
