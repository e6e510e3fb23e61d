// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/joined_trace.h"

#include <algorithm>

namespace models::trace {

namespace {

TraceNumbers numbersOf(const Trace &trace, const CausationGraph &graph)
{
    TraceNumbers numbers;
    numbers.events = static_cast<qint64>(trace.events.size());
    numbers.streams = static_cast<int>(trace.streams().size());
    const auto hasTime = [](const TraceEvent &event) { return event.time != connectors::NoNumber; };
    const auto first = std::find_if(trace.events.cbegin(), trace.events.cend(), hasTime); // those without a time come first
    if (first != trace.events.cend())
        numbers.durationMs = trace.events.back().time - first->time;
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
