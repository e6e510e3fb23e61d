// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/causation_graph.h"

#include <QSet>

namespace models::trace {

/// Effects of one cause that have the same type, shown as one counted node.
struct EffectGroup {
    QString eventType;
    qint32 cause = -1;           ///< graph node; −1: a group of roots
    std::vector<qint32> members; ///< graph nodes, in time; the first one is the group's name for expanding
    qint64 hiddenEffects = 0;    ///< nodes below the members that are hidden with them
};

/// What is drawn of a causation graph: its nodes, with large groups of like effects collapsed into one node each. A group takes
/// the effects of its members with it where all causes of these are in the group. Acyclic because the graph is and because
/// only the common cause leads into a group. Immutable; linear time.
class GraphView final
{
public:
    static constexpr int DefaultThreshold = 24;

    GraphView() = default;
    /// Groups of more than `threshold` collapse, except those whose first member is in `expanded`.
    [[nodiscard]] static GraphView build(const CausationGraph &graph, const std::vector<TraceEvent> &events,
                                         const QSet<qint32> &expanded = {}, int threshold = DefaultThreshold);

    [[nodiscard]] int count() const { return static_cast<int>(m_nodes.size()); }
    /// The graph node; of a group its first member.
    [[nodiscard]] qint32 nodeOf(int item) const { return m_nodes[static_cast<size_t>(item)].node; }
    /// Null for a single node.
    [[nodiscard]] const EffectGroup *groupOf(int item) const;
    /// The item that shows a graph node: itself, or the group that hides it.
    [[nodiscard]] int itemOf(int node) const { return m_itemOf[static_cast<size_t>(node)]; }
    /// Between items, each pair once, sorted.
    [[nodiscard]] const std::vector<Edge> &edges() const { return m_edges; }
    /// The first member of a group that is expanded and has `node` as a member; −1 if none.
    [[nodiscard]] qint32 expandedGroupOf(int node) const;

private:
    friend class GraphViewBuilder;
    struct Item {
        qint32 node = 0;
        qint32 group = -1;
    };
    std::vector<Item> m_nodes;
    std::vector<EffectGroup> m_groups;
    std::vector<qint32> m_itemOf;
    std::vector<Edge> m_edges;
    std::vector<std::pair<qint32, qint32>> m_expandedMembers; ///< node, first member; sorted
};

} // namespace models::trace
