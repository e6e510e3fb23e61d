// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_view.h"
#include "models/trace/joined_trace.h"
#include "models/trace/layered_layout.h"

namespace models::trace {

/// A laid-out trace that can be asked what lies where: for every layer its items and the spans of their effects, sorted by row, so
/// that what is in sight is found by binary search. An *item* is what GraphView calls so: an event, a phantom or a group.
/// Immutable and shared: built on any thread, painted on the GUI's. About 60 bytes an item.
class GraphScene final
{
public:
    /// Groups of more than `threshold` like effects collapse, except those whose first member is in `expanded`.
    [[nodiscard]] static std::shared_ptr<const GraphScene> build(JoinedTracePtr joined, const QSet<qint32> &expanded = {},
                                                                 int threshold = GraphView::DefaultThreshold);

    [[nodiscard]] const JoinedTracePtr &joined() const { return m_joined; }
    [[nodiscard]] const Trace &trace() const { return m_joined->trace; }
    [[nodiscard]] const CausationGraph &graph() const { return m_joined->graph; }
    [[nodiscard]] const GraphView &view() const { return m_view; }
    [[nodiscard]] const LayeredLayout &layout() const { return m_layout; }
    [[nodiscard]] const QSet<qint32> &expanded() const { return m_expanded; }
    [[nodiscard]] int count() const { return m_view.count(); }

    /// The first event that an item shows; −1 for a phantom.
    [[nodiscard]] int eventOf(int item) const { return graph().eventOf(m_view.nodeOf(item)); }
    /// The item that shows an event of the trace.
    [[nodiscard]] int itemOfEvent(int event) const { return m_view.itemOf(graph().nodeOf(event)); }

    // by place; rows are those of the layout, both ends included
    [[nodiscard]] std::span<const qint32> itemsBetween(int layer, double fromRow, double toRow) const;
    /// Events (those in groups too) that so many of these items, which lie side by side in one layer, stand for.
    [[nodiscard]] qint64 eventsOf(std::span<const qint32> items) const;
    /// The same of one item; 0 for a phantom.
    [[nodiscard]] qint64 eventsOf(int item) const;
    /// Items of the layer with tree effects whose rows reach into the range.
    [[nodiscard]] std::span<const qint32> causesReaching(int layer, double fromRow, double toRow) const;
    /// In scene coordinates of the layout; −1 for none.
    [[nodiscard]] int itemAt(QPointF point) const;

    // by causation
    /// Kind of the edge from the layout's treeCauseOf(item).
    [[nodiscard]] EdgeKind kindOfTreeEdge(int item) const { return m_treeKind[static_cast<size_t>(item)]; }
    /// From the item's tree cause to it; null where one of them has no time.
    [[nodiscard]] std::optional<qint64> elapsedMs(int item) const;
    /// What the item was caused by and what came of it, itself included; one flag an item. Linear, no recursion.
    [[nodiscard]] std::vector<char> related(int item) const;
    /// Beside it in its layer, above or below; −1 at the end.
    [[nodiscard]] int neighbour(int item, int step) const;
    /// Between items: what closed a cycle. A self-link has equal ends.
    [[nodiscard]] const std::vector<Edge> &cutEdges() const { return m_cutEdges; }
    /// True of a group too when one of its events is, so that nothing wrong is hidden in it.
    [[nodiscard]] bool hasDeadLetter(int item) const { return (m_marks[static_cast<size_t>(item)] & DeadLetterMark) != 0; }
    [[nodiscard]] bool hasCycle(int item) const { return (m_marks[static_cast<size_t>(item)] & CycleMark) != 0; }
    /// Items with either; they must stay visible however small they are drawn. Ascending.
    [[nodiscard]] const std::vector<qint32> &marked() const { return m_marked; }

private:
    GraphScene() = default;
    void indexLayers();
    void indexEdges();
    void collectMarks();
    void spread(int item, bool isForward, std::vector<char> &flags) const;

    JoinedTracePtr m_joined;
    QSet<qint32> m_expanded;
    GraphView m_view;
    LayeredLayout m_layout;
    std::vector<qint32> m_layerStart;
    std::vector<qint32> m_layerItems;   ///< by layer, then row
    std::vector<qint32> m_placeInLayer; ///< by item: its index in m_layerItems
    std::vector<qint64> m_eventsBefore; ///< by place in m_layerItems, one more at the end
    std::vector<qint32> m_causeStart;
    std::vector<qint32> m_layerCauses;  ///< by layer, then row: items with tree effects
    std::vector<EdgeKind> m_treeKind;
    std::vector<qint32> m_edgeStart;    ///< by item: its first edge in GraphView::edges()
    std::vector<qint32> m_backStart;    ///< by item: its first entry in m_backEdges
    std::vector<qint32> m_backEdges;    ///< indices of edges, grouped by where they lead to
    std::vector<Edge> m_cutEdges;
    static constexpr char DeadLetterMark = 1;
    static constexpr char CycleMark = 2;
    std::vector<char> m_marks; ///< by item
    std::vector<qint32> m_marked;
};

using GraphScenePtr = std::shared_ptr<const GraphScene>;

} // namespace models::trace
