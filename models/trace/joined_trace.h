// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"

namespace models::trace {

/// What one line says of a trace.
struct TraceNumbers {
    qint64 events = 0;
    int streams = 0;
    std::optional<qint64> durationMs; ///< null: no event has a time
    int roots = 0;
    int missing = 0;    ///< causes that were not found
    int cycles = 0;
    int duplicates = 0; ///< ids that more than one event has
    int deadLetters = 0;
    int failures = 0;   ///< events whose type names a failure (namesFailure)
    bool operator==(const TraceNumbers &) const = default;
};

/// A trace and who caused whom in it. Immutable and shared: it passes between threads.
struct JoinedTrace {
    Trace trace;
    CausationGraph graph;
    TraceNumbers numbers;
};
using JoinedTracePtr = std::shared_ptr<const JoinedTrace>;

/// Near-linear; not for the GUI thread when the trace is large.
[[nodiscard]] JoinedTracePtr joinTrace(Trace trace);

} // namespace models::trace
