// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"

#include <chrono>

namespace models::replay {

/// Where one partition is after its checkpoint was moved.
enum class TakeUpState {
    Waiting,   ///< still at the target
    Moving,    ///< the consumer has gone on from there
    CaughtUp,  ///< nothing is left to read
    Elsewhere, ///< stored where the consumer could not have come from the target: before it, or gone
    Unknown    ///< could not be read
};

struct TakeUpRow {
    PlanRow row;
    std::optional<qint64> first; ///< the first checkpoint seen that was not the target
    std::optional<qint64> now;
    std::optional<qint64> end;
    TakeUpState state = TakeUpState::Unknown;
    /// The first one seen was at or beyond the old place already: it was quick, or somebody stored the old place again.
    bool hasJumped = false;
};

/// Follows a consumer after its checkpoints were moved: does it come back, does it start at the targets, does it catch up?
/// Values only; TakeUpWatch asks the system.
class TakeUp final
{
public:
    TakeUp(std::vector<PlanRow> moved, connectors::EpochMs begun, std::chrono::milliseconds alarmAfter);

    void add(const connectors::ConsumerState &state, connectors::EpochMs now);

    [[nodiscard]] const std::vector<TakeUpRow> &rows() const { return m_rows; }
    [[nodiscard]] bool isActive() const { return m_isActive; }
    [[nodiscard]] std::optional<int> members() const { return m_members; }
    [[nodiscard]] bool isSeen() const { return m_isSeen; } ///< the system has answered at least once
    /// Nothing is left to read; a row that was put back to no checkpoint at all and has none is done with too.
    [[nodiscard]] bool isCaughtUp() const;
    [[nodiscard]] bool isToBeGone() const; ///< every row was put back to no checkpoint at all
    [[nodiscard]] bool hasStarted() const; ///< some checkpoint has moved on
    [[nodiscard]] bool hasElsewhere() const;
    /// Nothing has moved for so long although there is something to read.
    [[nodiscard]] bool isStill(connectors::EpochMs now) const;
    [[nodiscard]] connectors::EpochMs begun() const { return m_begun; }
    [[nodiscard]] connectors::EpochMs lastMovement() const { return m_lastMovement; }
    [[nodiscard]] std::optional<connectors::EpochMs> caughtUpAt() const { return m_caughtUpAt; }
    [[nodiscard]] qint64 left() const; ///< events between checkpoints and ends

private:
    std::vector<TakeUpRow> m_rows;
    const connectors::EpochMs m_begun;
    const std::chrono::milliseconds m_alarmAfter;
    connectors::EpochMs m_lastMovement;
    std::optional<connectors::EpochMs> m_caughtUpAt;
    std::optional<int> m_members;
    bool m_isActive = false;
    bool m_isSeen = false;
};

} // namespace models::replay
