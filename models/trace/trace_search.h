// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/trace/trace.h"

#include <chrono>
#include <functional>

namespace models::trace {

/// What the text is that a user knows. Anything: whichever of the others fits best, else the raw bytes.
enum class KnownAs { Anything, CorrelationId, EventId, AggregateId, Key, Text };

struct TraceQuery {
    KnownAs knownAs = KnownAs::Anything;
    QString text;
    std::vector<QString> streams; ///< empty: every stream that is not internal
    connectors::PositionSpec from = connectors::Earliest{};
    connectors::PositionSpec to = connectors::Latest{};
    /// Reads backwards in growing windows, so that what happened lately is found at once. Off: one pass, the fastest way to read all.
    bool isNewestFirst = false;
    std::optional<std::chrono::milliseconds> maxDuration; ///< both bounds end the search with what was found
    std::optional<qint64> maxBytes;
    bool keepsBodies = false; ///< fill Trace::batches
};

/// One connection to search. Its reader is used from other threads.
struct TraceSource {
    QString name;
    std::shared_ptr<connectors::Connector> connector;
    qint64 maxBytesPerSecond = 0; ///< 0: no limit
};

/// Called on the searching thread.
struct SearchObserver {
    std::function<void(qint64 scanned, qint64 total)> progressed; ///< events; total −1: not known. 10 times a second
    std::function<void(const Trace &)> partReceived; ///< what is known so far, when a window added something
};

/// Searches all connections at once and returns the whole flow: the events that fit, then, when these have a correlation id, all
/// events with it; otherwise their direct causes and effects. Of several flows the newest is returned and the others are named.
/// Blocks: not for the GUI thread. Ends within a second of a stop request, with what was found so far.
/// A trace without events means that nothing fits in what was searched. Fails only when no connection could be searched.
[[nodiscard]] connectors::Result<Trace> searchTrace(const std::vector<TraceSource> &sources, const TraceQuery &query, std::stop_token stop,
                                                    const SearchObserver &observer = {});

} // namespace models::trace
