// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job.h"
#include "models/trace/joined_trace.h"
#include "models/trace/trace_search.h"

namespace models::trace {

/// A trace as JSON with every event's whole body, which is read again from where it is stored. What is no longer stored has its place and
/// envelope only, as `"payload":null,"stored":false`. Fails when a connection cannot be read. Counts events in the progress. Blocks.
[[nodiscard]] connectors::Result<QByteArray> traceWithBodies(const JoinedTrace &joined, const std::vector<TraceSource> &sources,
                                                             job::JobProgress &progress);

} // namespace models::trace
