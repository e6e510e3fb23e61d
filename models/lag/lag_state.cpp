// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lag/lag_state.h"

namespace models::lag {

using connectors::ConsumerActivity;
using connectors::ConsumerPosition;

QString stateName(LagState state)
{
    switch (state) {
    case LagState::CaughtUp: return QStringLiteral("caughtUp");
    case LagState::Paused: return QStringLiteral("paused");
    case LagState::Replaying: return QStringLiteral("replaying");
    case LagState::NeverStarted: return QStringLiteral("neverStarted");
    case LagState::Lagging: return QStringLiteral("lagging");
    case LagState::Rebalancing: return QStringLiteral("rebalancing");
    case LagState::Unknown: return QStringLiteral("unknown");
    case LagState::CheckpointGone: return QStringLiteral("checkpointGone");
    case LagState::NoMembers: return QStringLiteral("noMembers");
    case LagState::AheadOfLog: return QStringLiteral("aheadOfLog");
    case LagState::DataLost: return QStringLiteral("dataLost");
    }
    return QStringLiteral("unknown");
}

namespace {

LagState stateOfKnown(const PartitionLag &known, bool isTransactional, ConsumerActivity activity)
{
    if (*known.checkpoint < *known.start)
        return LagState::DataLost;
    if (*known.checkpoint > *known.end)
        return LagState::AheadOfLog;
    if (*known.lag <= allowedLag(isTransactional))
        return LagState::CaughtUp;
    switch (activity) {
    case ConsumerActivity::Empty:
    case ConsumerActivity::Dead: return LagState::NoMembers;
    case ConsumerActivity::Rebalancing: return LagState::Rebalancing;
    case ConsumerActivity::Active:
    case ConsumerActivity::NotTold:
    case ConsumerActivity::Unknown: break;
    }
    return LagState::Lagging;
}

} // namespace

PartitionLag partitionLag(const ConsumerPosition &position, ConsumerActivity activity, const LagContext &context)
{
    PartitionLag result;
    result.stream = position.stream;
    result.partition = position.partition;
    result.checkpoint = position.checkpoint;
    result.start = position.start;
    result.safeHead = position.safeHead;
    result.end = position.end;
    if (position.end && position.safeHead)
        result.heldBack = *position.end - *position.safeHead;
    result.heldBackBy = position.heldBackBy;

    // A partial answer is unknown as a whole: half of it would be taken for all of it.
    if (position.problem)
        return result;
    if (!position.checkpoint) {
        result.state = context.hadCheckpoint ? LagState::CheckpointGone : LagState::NeverStarted;
        return result;
    }
    if (!position.start || !position.end)
        return result;

    result.lag = position.scopeLag.value_or(*position.end - *position.checkpoint);
    result.state = stateOfKnown(result, position.isTransactional, activity);
    if (result.state == LagState::DataLost)
        result.lost = *position.start - *position.checkpoint;
    if (result.state == LagState::AheadOfLog) {
        result.lag.reset();
        return result;
    }
    if (context.isReplaying)
        result.state = LagState::Replaying;
    else if (context.isPaused && result.state != LagState::DataLost)
        result.state = LagState::Paused;
    return result;
}

} // namespace models::lag
