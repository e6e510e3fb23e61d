// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/deadletter/cause.h"

#include <QStringList>

namespace models::deadletter {

enum class Grouping { ByCause, ByExactText };

/// Letters of one queue that died of the same cause and came from the same stream with the same event type.
struct LetterGroup {
    Cause cause;
    QString originalStream;
    QString eventType;
    std::vector<qsizetype> letters; ///< rows of the list that was grouped, in its order
    connectors::EpochMs firstSeen = connectors::NoNumber;
    connectors::EpochMs lastSeen = connectors::NoNumber;
};

/// The largest group first; n log n in the number of letters.
[[nodiscard]] std::vector<LetterGroup> groupLetters(const std::vector<connectors::DeadLetter> &letters, Grouping grouping);

/// One step of the chart: letters that arrived in [time, next time), and the depth at the end of it.
struct DepthStep {
    connectors::EpochMs time = 0;
    qint64 arrivals = 0;
    qint64 depth = 0;
};

/// Depth over [from, to) in `steps` equal steps, told by the letters' own times backwards from the depth now. It reaches
/// as far back as the letters do: letters that were removed before are not in it.
[[nodiscard]] std::vector<DepthStep> depthOverTime(const std::vector<connectors::DeadLetter> &letters, qint64 depthNow,
                                                   connectors::EpochMs from, connectors::EpochMs to, int steps);

/// Letters an hour over the last hour before `now`.
[[nodiscard]] qint64 arrivalsInLastHour(const std::vector<connectors::DeadLetter> &letters, connectors::EpochMs now);

} // namespace models::deadletter
