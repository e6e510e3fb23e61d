// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_lanes.h"

#include "models/trace/node_index.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace models::trace {

TraceLanes::TraceLanes(const Trace &trace)
    : m_trace(&trace)
    , m_laneOf(trace.events.size(), -1)
{
    QHash<std::pair<int, QString>, qint32> laneNumbers;
    for (size_t event = 0; event < trace.events.size(); ++event) {
        const TraceEvent &each = trace.events[event];
        if (each.time == connectors::NoNumber) {
            ++m_withoutTime;
            continue;
        }
        const std::pair key(each.connection, each.address.stream);
        auto found = laneNumbers.find(key);
        if (found == laneNumbers.end()) {
            if (m_lanes.empty())
                m_begin = each.time;
            found = laneNumbers.insert(key, static_cast<qint32>(m_lanes.size()));
            m_lanes.push_back({each.connection, each.address.stream, {}});
            m_badBefore.push_back({0});
        }
        m_lanes[at(*found)].events.push_back(static_cast<qint32>(event));
        std::vector<qint32> &bad = m_badBefore[at(*found)];
        bad.push_back(bad.back() + (each.isDeadLettered || namesFailure(each.eventType) ? 1 : 0));
        m_laneOf[event] = *found;
        m_end = each.time;
    }
}

std::vector<LaneMark> TraceLanes::marks(int lane, double from, double to, int pixels, int step) const
{
    std::vector<LaneMark> marks;
    const std::vector<qint32> &events = m_lanes[at(lane)].events;
    const double span = std::max(to - from, 1e-9);
    const auto timeOf = [this](qint32 event) { return static_cast<double>(m_trace->events[at(event)].time); };
    const auto isBefore = [&timeOf](qint32 event, double time) { return timeOf(event) < time; };
    auto next = std::lower_bound(events.cbegin(), events.cend(), from, isBefore);
    while (next != events.cend() && timeOf(*next) <= to) {
        const int pixel = static_cast<int>((timeOf(*next) - from) / span * pixels) / step * step;
        const double endOfStep = from + span * (pixel + step) / pixels;
        // At least the one event, also where rounding puts the end of its step before it.
        const auto end = std::max(next + 1, std::lower_bound(next, events.cend(), endOfStep, isBefore));
        LaneMark mark{pixel, *next, static_cast<qint32>(end - next)};
        mark.isBad = isAnyBad(lane, static_cast<qint32>(next - events.cbegin()), static_cast<qint32>(end - events.cbegin()));
        if (!marks.empty() && marks.back().pixel == pixel) {
            marks.back().count += mark.count;
            marks.back().isBad = marks.back().isBad || mark.isBad;
        } else {
            marks.push_back(mark);
        }
        next = end;
    }
    return marks;
}

bool TraceLanes::isAnyBad(int lane, qint32 begin, qint32 end) const
{
    return m_badBefore[at(lane)][at(end)] > m_badBefore[at(lane)][at(begin)];
}

int TraceLanes::nearest(int lane, double time) const
{
    const std::vector<qint32> &events = m_lanes[at(lane)].events;
    if (events.empty())
        return -1;
    const auto timeOf = [this](qint32 event) { return static_cast<double>(m_trace->events[at(event)].time); };
    const auto after = std::lower_bound(events.cbegin(), events.cend(), time, [&](qint32 event, double wanted) { return timeOf(event) < wanted; });
    if (after == events.cend())
        return events.back();
    if (after == events.cbegin())
        return *after;
    return time - timeOf(*(after - 1)) <= timeOf(*after) - time ? *(after - 1) : *after;
}

} // namespace models::trace
