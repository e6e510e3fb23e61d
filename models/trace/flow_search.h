// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_request.h"

namespace models::trace {

/// A queue of dead letters of one of the connections that are searched.
struct LetterQueue {
    int connection = 0;
    QString stream;
    bool isStream = true; ///< its letters are events of a stream; false: rows of a store's table
};

/// Searches what a request names, within bounds that a person waits for. An event without a correlation id is found with its causes and
/// effects. Blocks, as searchTrace does.
[[nodiscard]] connectors::Result<Trace> searchFlow(const std::vector<TraceSource> &sources, const TraceRequest &request, std::stop_token stop,
                                                   const SearchObserver &observer = {});

/// Sets TraceEvent::isDeadLettered by the newest letters of the queues; how many events were marked. What cannot be read marks nothing:
/// the mark is a help and no claim of completeness. Blocks.
[[nodiscard]] qint64 markDeadLetters(Trace &trace, const std::vector<TraceSource> &sources, const std::vector<LetterQueue> &queues,
                                     std::stop_token stop);

/// The flows of the newest events of all connections, latest first. Reads at most MaximumScan events. Blocks.
[[nodiscard]] std::vector<FlowSummary> recentFlows(const std::vector<TraceSource> &sources, std::stop_token stop);

/// The summary of a trace that was found.
[[nodiscard]] FlowSummary summaryOf(const Trace &trace, const TraceRequest &request);

} // namespace models::trace
