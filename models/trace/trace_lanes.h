// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"

namespace models::trace {

/// The events of one stream of one connection, in time.
struct Lane {
    int connection = 0; ///< index into Trace::connections
    QString stream;
    std::vector<qint32> events; ///< numbers in Trace::events
};

/// What falls on one run of pixels of a lane.
struct LaneMark {
    int pixel = 0;     ///< left end
    qint32 first = 0;  ///< the earliest event
    qint32 count = 0;
    bool isBad = false; ///< one of them is dead-lettered or names a failure
    bool operator==(const LaneMark &) const = default;
};

/// The events of a trace as swimlanes: a lane a stream, in the order of their first events. Events without a time are in none.
/// Immutable. The trace must outlive it.
class TraceLanes final
{
public:
    TraceLanes() = default;
    explicit TraceLanes(const Trace &trace);

    [[nodiscard]] const std::vector<Lane> &lanes() const { return m_lanes; }
    [[nodiscard]] connectors::EpochMs begin() const { return m_begin; }
    [[nodiscard]] connectors::EpochMs end() const { return m_end; } ///< time of the last event
    [[nodiscard]] qint64 withoutTime() const { return m_withoutTime; }
    /// −1 for an event without a time.
    [[nodiscard]] int laneOf(int event) const { return m_laneOf[static_cast<size_t>(event)]; }

    /// The lane's events from `from` to `to`, joined where they fall on the same `step` pixels of `pixels`: at most pixels / step + 1
    /// marks. O(marks · log events), however many events there are.
    [[nodiscard]] std::vector<LaneMark> marks(int lane, double from, double to, int pixels, int step) const;
    /// The event of the lane that is nearest in time; −1 for an empty lane.
    [[nodiscard]] int nearest(int lane, double time) const;

private:
    [[nodiscard]] bool isAnyBad(int lane, qint32 begin, qint32 end) const;
    const Trace *m_trace = nullptr;
    std::vector<Lane> m_lanes;
    std::vector<std::vector<qint32>> m_badBefore; ///< by lane: how many bad events come before each place
    std::vector<qint32> m_laneOf;
    connectors::EpochMs m_begin = 0;
    connectors::EpochMs m_end = 0;
    qint64 m_withoutTime = 0;
};

} // namespace models::trace
