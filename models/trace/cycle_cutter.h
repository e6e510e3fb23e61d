// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/causation_graph.h"

namespace models::trace {

struct CutResult {
    std::vector<Edge> kept; ///< no cycle; in the order given
    std::vector<Edge> cut;
    std::vector<std::vector<qint32>> cycles; ///< one for each cut at a latest event
};

/// Removes cycles from a graph whose node numbers are the order in time.
///
/// A cause comes before its effect, so in a cycle the edge that leaves the latest event is the one least worth believing;
/// that one is cut. Steps: peel away what has no cause left (Kahn); what remains contains all cycles; find its strongly
/// connected components (Tarjan, 1972, with an explicit stack); in each cut the edges that leave its latest node; repeat
/// on what is left. One round ends a plain cycle. Dense components could need many rounds, so after 32 every remaining
/// edge inside a component that runs against time is cut, which certainly ends it. Time: O(32 · (nodes + edges)).
[[nodiscard]] CutResult cutCycles(int nodeCount, std::vector<Edge> edges);

} // namespace models::trace
