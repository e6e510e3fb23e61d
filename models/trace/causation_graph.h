// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_event.h"

#include <span>

namespace models::trace {

/// How an effect names its cause.
enum class EdgeKind : quint8 {
    Causation,   ///< child.causationId = parent.eventId
    Correlation, ///< child.causationId = parent.correlationId (MassTransit)
    Position,    ///< the cause's stream and position (Eventide)
    Span,        ///< the cause's tracing span
    Time         ///< nothing but the order in time
};

/// "causation", "correlation", "position", "span", "time": as the command line says it.
[[nodiscard]] QString edgeKindName(EdgeKind kind);

struct Edge {
    qint32 from = 0;
    qint32 to = 0;
    EdgeKind kind = EdgeKind::Causation;
    bool operator==(const Edge &) const = default;
};

/// One end of an edge, seen from the other.
struct Link {
    qint32 node = 0;
    EdgeKind kind = EdgeKind::Causation;
};

/// Which event caused which. A node is one event id: copies of an event are one node. Ids that are named as a cause but
/// stand for no event at hand are phantom nodes, after all others. Node numbers of events are in time. The edges have no
/// cycle: what closed one is cut and kept apart. Immutable; about 100 bytes a node.
class CausationGraph final
{
public:
    CausationGraph() = default;
    /// Joins events that are sorted by time (sortByTime). Time and memory near-linear, no recursion.
    [[nodiscard]] static CausationGraph join(const std::vector<TraceEvent> &events);

    [[nodiscard]] int nodeCount() const { return static_cast<int>(m_ids.size()); }
    [[nodiscard]] int phantomCount() const { return nodeCount() - static_cast<int>(m_eventOf.size()); }
    [[nodiscard]] bool isPhantom(int node) const { return static_cast<size_t>(node) >= m_eventOf.size(); }
    /// The first event with the node's id; −1 for a phantom.
    [[nodiscard]] int eventOf(int node) const { return isPhantom(node) ? -1 : m_eventOf[static_cast<size_t>(node)]; }
    [[nodiscard]] int nodeOf(int event) const { return m_nodeOf[static_cast<size_t>(event)]; }
    /// The event id, or the place where an event has none.
    [[nodiscard]] const QString &idOf(int node) const { return m_ids[static_cast<size_t>(node)]; }

    /// Ascending by the other end's number: effects in time.
    [[nodiscard]] std::span<const Link> effects(int node) const { return linksOf(m_effects, m_effectStart, node); }
    [[nodiscard]] std::span<const Link> causes(int node) const { return linksOf(m_causes, m_causeStart, node); }
    /// Without cycles; sorted by from, then to.
    [[nodiscard]] const std::vector<Edge> &edges() const { return m_edges; }
    /// Edges that closed a cycle, from the cycle's latest event.
    [[nodiscard]] const std::vector<Edge> &cutEdges() const { return m_cutEdges; }
    [[nodiscard]] bool isInCycle(int node) const;
    /// Every node after all its causes.
    [[nodiscard]] const std::vector<qint32> &causesFirst() const { return m_causesFirst; }

    /// Events at which reading starts: no cause, or only the one that was cut.
    [[nodiscard]] const std::vector<qint32> &roots() const { return m_roots; }
    /// One list a cycle, in the direction of the effects, beginning where it was cut. A self-link is a list of one.
    [[nodiscard]] const std::vector<std::vector<qint32>> &cycles() const { return m_cycles; }
    struct Duplicate {
        qint32 node = 0;
        std::vector<qint32> events; ///< two or more
    };
    [[nodiscard]] const std::vector<Duplicate> &duplicates() const { return m_duplicates; }
    /// How many events share the node's id; 0 for a phantom.
    [[nodiscard]] int copiesOf(int node) const;

private:
    friend class GraphBuilder;
    [[nodiscard]] static std::span<const Link> linksOf(const std::vector<Link> &links, const std::vector<qint32> &start, int node)
    {
        const auto begin = static_cast<size_t>(start[static_cast<size_t>(node)]);
        return {links.data() + begin, static_cast<size_t>(start[static_cast<size_t>(node) + 1]) - begin};
    }

    std::vector<QString> m_ids;
    std::vector<qint32> m_eventOf;
    std::vector<qint32> m_nodeOf;
    std::vector<Edge> m_edges;
    std::vector<Edge> m_cutEdges;
    std::vector<Link> m_effects;
    std::vector<qint32> m_effectStart = {0};
    std::vector<Link> m_causes;
    std::vector<qint32> m_causeStart = {0};
    std::vector<qint32> m_causesFirst;
    std::vector<qint32> m_roots;
    std::vector<std::vector<qint32>> m_cycles;
    std::vector<qint32> m_cycleNodes; ///< sorted
    std::vector<Duplicate> m_duplicates;
};

} // namespace models::trace
