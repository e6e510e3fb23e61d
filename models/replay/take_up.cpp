// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/take_up.h"

#include <algorithm>

namespace models::replay {

using namespace connectors;

namespace {

TakeUpState stateOf(const TakeUpRow &row)
{
    const auto &target = row.row.after;
    if (!row.now)
        return target ? TakeUpState::Elsewhere : TakeUpState::Waiting; // put back to no checkpoint at all
    if (target && *row.now < *target)
        return TakeUpState::Elsewhere;
    if (row.end && *row.now >= *row.end)
        return TakeUpState::CaughtUp;
    return row.now == target ? TakeUpState::Waiting : TakeUpState::Moving;
}

} // namespace

TakeUp::TakeUp(std::vector<PlanRow> moved, EpochMs begun, std::chrono::milliseconds alarmAfter)
    : m_begun(begun)
    , m_alarmAfter(alarmAfter)
    , m_lastMovement(begun)
{
    for (PlanRow &row : moved) {
        TakeUpRow one;
        one.now = row.after;
        one.end = row.end;
        one.row = std::move(row);
        m_rows.push_back(std::move(one));
    }
}

void TakeUp::add(const ConsumerState &state, EpochMs now)
{
    m_isSeen = true;
    m_isActive = state.summary.activity == ConsumerActivity::Active || state.summary.activity == ConsumerActivity::Rebalancing
        || (state.members && !state.members->empty());
    m_members.reset();
    if (state.members)
        m_members = static_cast<int>(state.members->size());
    for (TakeUpRow &row : m_rows) {
        const auto position = std::find_if(state.positions.begin(), state.positions.end(), [&](const ConsumerPosition &one) {
            return one.partition == row.row.partition && one.stream == row.row.stream;
        });
        if (position != state.positions.end() && position->problem) {
            row.state = TakeUpState::Unknown;
            continue;
        }
        const std::optional<qint64> checkpoint = position == state.positions.end() ? std::nullopt : position->checkpoint;
        if (checkpoint != row.now)
            m_lastMovement = now;
        row.now = checkpoint;
        if (position != state.positions.end() && position->end)
            row.end = position->end;
        if (!row.first && row.now && row.now != row.row.after) {
            row.first = row.now;
            row.hasJumped = row.row.before && row.row.after && *row.row.after < *row.row.before && *row.now >= *row.row.before;
        }
        row.state = stateOf(row);
    }
    if (isCaughtUp() && !m_caughtUpAt)
        m_caughtUpAt = now;
}

bool TakeUp::isCaughtUp() const
{
    return m_isSeen && std::all_of(m_rows.begin(), m_rows.end(), [](const TakeUpRow &row) {
        const bool isGoneAgain = row.state == TakeUpState::Waiting && !row.row.after && !row.now;
        return row.state == TakeUpState::CaughtUp || isGoneAgain;
    });
}

bool TakeUp::isToBeGone() const
{
    return std::all_of(m_rows.begin(), m_rows.end(), [](const TakeUpRow &row) { return !row.row.after; });
}

bool TakeUp::hasStarted() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const TakeUpRow &row) { return row.first.has_value(); });
}

bool TakeUp::hasElsewhere() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const TakeUpRow &row) { return row.state == TakeUpState::Elsewhere; });
}

bool TakeUp::isStill(EpochMs now) const
{
    return !isCaughtUp() && now - m_lastMovement >= m_alarmAfter.count();
}

qint64 TakeUp::left() const
{
    qint64 sum = 0;
    for (const TakeUpRow &row : m_rows)
        sum += row.now && row.end ? std::max<qint64>(0, *row.end - *row.now) : 0;
    return sum;
}

} // namespace models::replay
