// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/joined_trace.h"

#include <algorithm>

namespace models::trace {

namespace {

/// From the first event that has a time to the last.
std::optional<qint64> durationOf(const std::vector<TraceEvent> &events)
{
    std::optional<connectors::EpochMs> first;
    std::optional<connectors::EpochMs> last;
    for (const TraceEvent &event : events) {
        if (event.time == connectors::NoNumber)
            continue;
        first = std::min(first.value_or(event.time), event.time);
        last = std::max(last.value_or(event.time), event.time);
    }
    return first ? std::optional(*last - *first) : std::nullopt;
}

TraceNumbers numbersOf(const Trace &trace, const CausationGraph &graph)
{
    TraceNumbers numbers;
    numbers.events = static_cast<qint64>(trace.events.size());
    numbers.streams = static_cast<int>(trace.streams().size());
    numbers.durationMs = durationOf(trace.events);
    numbers.roots = static_cast<int>(graph.roots().size());
    numbers.missing = graph.phantomCount();
    numbers.cycles = static_cast<int>(graph.cycles().size());
    numbers.duplicates = static_cast<int>(graph.duplicates().size());
    QString lastType;
    bool isLastFailure = false;
    for (const TraceEvent &event : trace.events) {
        if (event.eventType != lastType) {
            lastType = event.eventType;
            isLastFailure = namesFailure(lastType);
        }
        numbers.failures += isLastFailure ? 1 : 0;
        numbers.deadLetters += event.isDeadLettered ? 1 : 0;
    }
    return numbers;
}

} // namespace

JoinedTracePtr joinTrace(Trace trace)
{
    auto joined = std::make_shared<JoinedTrace>();
    joined->trace = std::move(trace);
    joined->graph = CausationGraph::join(joined->trace.events);
    joined->numbers = numbersOf(joined->trace, joined->graph);
    return joined;
}

} // namespace models::trace
