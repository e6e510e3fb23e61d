// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"

#include <QString>

#include <array>

namespace models::lag {

/// A fact about one consumer and one partition now. Ordered from harmless to worst, so that the worst is the maximum.
enum class LagState {
    CaughtUp,       ///< lag ≤ the allowed lag
    Paused,         ///< the system says so
    Replaying,      ///< a rebuild or reset runs
    NeverStarted,   ///< no checkpoint, and none known of before
    Lagging,        ///< lag above the allowed; somebody reads, or the system cannot tell
    Rebalancing,    ///< members come and go
    Unknown,        ///< could not be read; never shown as 0
    CheckpointGone, ///< no checkpoint, but there was one
    NoMembers,      ///< lag above the allowed and nobody reads
    AheadOfLog,     ///< checkpoint > end: the stream was re-created or truncated
    DataLost        ///< checkpoint < start: retention removed unread events
};

inline constexpr std::array AllLagStates{LagState::CaughtUp,   LagState::Paused,     LagState::Replaying, LagState::NeverStarted,
                                         LagState::Lagging,    LagState::Rebalancing, LagState::Unknown,  LagState::CheckpointGone,
                                         LagState::NoMembers,  LagState::AheadOfLog, LagState::DataLost};

/// Only these take part in sums; the others are counted beside them.
[[nodiscard]] constexpr bool isInSums(LagState state)
{
    return state == LagState::CaughtUp || state == LagState::Lagging;
}

/// The word of the command line's contract: `caughtUp`, `lagging` …
[[nodiscard]] QString stateName(LagState state);

/// What only memory or the system's own words can tell.
struct LagContext {
    bool hadCheckpoint = false; ///< history knows of one; else a missing checkpoint is `neverStarted`
    bool isReplaying = false;
    bool isPaused = false;
};

/// Lag and state of one consumer in one partition. Lag is the number of events in [checkpoint, end); null where a number
/// would be a lie: ahead of the log, never started, checkpoint gone, unknown.
struct PartitionLag {
    QString stream;
    int partition = 0;
    std::optional<qint64> checkpoint;
    std::optional<qint64> start;
    std::optional<qint64> safeHead;
    std::optional<qint64> end;
    std::optional<qint64> lag;
    std::optional<qint64> lost;     ///< start − checkpoint, only when data was lost
    std::optional<qint64> heldBack; ///< end − safe head: held back by an open transaction
    QString heldBackBy;             ///< by whose, where the system tells
    LagState state = LagState::Unknown;
    bool operator==(const PartitionLag &) const = default;
};

/// Lag that is no reason to speak of lagging: 1 in a transactional stream (it ends in a control record), else 0.
[[nodiscard]] constexpr qint64 allowedLag(bool isTransactional)
{
    return isTransactional ? 1 : 0;
}

[[nodiscard]] PartitionLag partitionLag(const connectors::ConsumerPosition &position, connectors::ConsumerActivity activity,
                                        const LagContext &context = {});

} // namespace models::lag
