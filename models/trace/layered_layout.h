// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/causation_graph.h"

#include <QRectF>

namespace models::trace {

/// Where the items of an acyclic graph go: causes left, effects right. Layers are columns; rows are counted in node heights
/// and may be halves and less. Scene coordinates: see rectOf(). Immutable.
///
/// A layered drawing after Sugiyama, Tagawa and Toda (1981), fitted to causation, where almost every event has one cause.
/// Terms: a *tree edge* leads to a node from its first cause in the layer just before it; every node but the first ones has
/// exactly one, the other edges are *cross edges*; a *slot* is the run of rows that a node's tree descendants take.
/// Steps:
/// 1. Layer of a node = longest path from a node without causes (one pass in topological order). Every node then has a
///    cause in the layer before, so the tree edges exist and span one layer; no dummy vertices are needed for them.
/// 2. Order: tree descendants stay together, so tree edges never cross. What may still be chosen is the order of siblings:
///    in time at first, then by up to four barycentre sweeps: siblings are sorted by the mean row of the far ends of all
///    cross edges in their slots, halfway from where they are (both ends move, so the full way would only swap them). The order with the least total height of cross edges is kept.
/// 3. Coordinates: leaves get a row each in that order, a node the middle of its first and last tree effect. Slots of one layer
///    are disjoint, so nothing overlaps, and a chain is a straight line.
/// Cross edges are drawn over the rest as curves rather than routed (dummy vertices would make 100,000 long edges quadratic).
/// Cost: O((V + E) log V) time, O(V + E) memory, no recursion.
class LayeredLayout final
{
public:
    static constexpr double NodeWidth = 188;
    static constexpr double NodeHeight = 44;
    static constexpr double LayerPitch = 268; ///< the gap carries the elapsed time
    static constexpr double RowPitch = 60;

    LayeredLayout() = default;
    /// `edges` sorted by from, then to, without cycles; item numbers give the first order of siblings.
    [[nodiscard]] static LayeredLayout arrange(int itemCount, const std::vector<Edge> &edges);

    [[nodiscard]] int count() const { return static_cast<int>(m_layer.size()); }
    [[nodiscard]] int layerCount() const { return m_layerCount; }
    [[nodiscard]] int layerOf(int item) const { return m_layer[static_cast<size_t>(item)]; }
    [[nodiscard]] double rowOf(int item) const { return m_row[static_cast<size_t>(item)]; }
    /// The tree edge's other end; −1 for a first one.
    [[nodiscard]] int treeCauseOf(int item) const { return m_treeCause[static_cast<size_t>(item)]; }
    /// From top to bottom.
    [[nodiscard]] std::span<const qint32> treeEffectsOf(int item) const;
    [[nodiscard]] const std::vector<Edge> &crossEdges() const { return m_crossEdges; }
    [[nodiscard]] QRectF rectOf(int item) const;
    /// Of everything; empty without items.
    [[nodiscard]] QRectF bounds() const;

private:
    friend class LayoutBuilder;
    std::vector<qint32> m_layer;
    std::vector<double> m_row;
    std::vector<qint32> m_treeCause;
    std::vector<qint32> m_treeEffects;      ///< grouped by cause; the last group are the first ones
    std::vector<qint32> m_treeEffectsStart; ///< by item, one more for the first ones
    std::vector<Edge> m_crossEdges;
    int m_layerCount = 0;
    double m_rowCount = 0;
};

} // namespace models::trace
