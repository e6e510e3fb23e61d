// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/causation_graph.h"

#include "models/trace/cycle_cutter.h"
#include "models/trace/node_index.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace models::trace {

namespace {

QStringList listedCauses(const QString &text)
{
    QStringList causes;
    if (text.startsWith(u'[')) {
        const QJsonArray list = QJsonDocument::fromJson(text.toUtf8()).array();
        for (const QJsonValue &value : list)
            causes += value.toString();
    } else {
        causes = text.split(u',');
    }
    for (QString &cause : causes)
        cause = cause.trimmed();
    causes.removeAll(QString());
    return causes;
}

bool mayBeList(const QString &text)
{
    return text.startsWith(u'[') || text.contains(u',');
}

} // namespace

QString edgeKindName(EdgeKind kind)
{
    switch (kind) {
    case EdgeKind::Causation: return QStringLiteral("causation");
    case EdgeKind::Correlation: return QStringLiteral("correlation");
    case EdgeKind::Position: return QStringLiteral("position");
    case EdgeKind::Span: return QStringLiteral("span");
    case EdgeKind::Time: return QStringLiteral("time");
    }
    return {};
}

/// The join: three hash tables over the events (id, correlation, span and place), then one look-up a cause.
class GraphBuilder final
{
public:
    explicit GraphBuilder(const std::vector<TraceEvent> &events)
        : m_events(events)
    {
    }

    CausationGraph build()
    {
        makeNodes();
        indexOtherNames();
        for (size_t i = 0; i < m_events.size(); ++i)
            joinEvent(m_events[i], m_graph.m_nodeOf[i]);
        if (!m_hasCauses)
            joinInTime();
        addPhantoms();
        std::sort(m_edges.begin(), m_edges.end(), [](const Edge &a, const Edge &b) {
            return std::tie(a.from, a.to, a.kind) < std::tie(b.from, b.to, b.kind);
        });
        const auto isSamePair = [](const Edge &a, const Edge &b) { return a.from == b.from && a.to == b.to; };
        m_edges.erase(std::unique(m_edges.begin(), m_edges.end(), isSamePair), m_edges.end());
        CutResult cut = cutCycles(m_graph.nodeCount(), std::move(m_edges));
        m_graph.m_edges = std::move(cut.kept);
        m_graph.m_cutEdges = std::move(cut.cut);
        m_graph.m_cycles = std::move(cut.cycles);
        finish();
        return std::move(m_graph);
    }

private:
    void makeNodes()
    {
        m_graph.m_nodeOf.reserve(m_events.size());
        m_nodeOfId.reserve(static_cast<qsizetype>(m_events.size()));
        QHash<qint32, size_t> duplicateOf;
        for (size_t i = 0; i < m_events.size(); ++i) {
            const TraceEvent &event = m_events[i];
            const QString id = event.eventId.isEmpty() ? placeText(event.address) : event.eventId;
            const auto event32 = static_cast<qint32>(i);
            const auto fresh = static_cast<qint32>(m_graph.m_ids.size());
            const auto known = m_nodeOfId.constFind(id);
            if (known == m_nodeOfId.cend()) {
                m_nodeOfId.insert(id, fresh);
                m_graph.m_ids.push_back(id);
                m_graph.m_eventOf.push_back(event32);
                m_graph.m_nodeOf.push_back(fresh);
                continue;
            }
            const qint32 node = *known;
            m_graph.m_nodeOf.push_back(node);
            if (!duplicateOf.contains(node)) {
                duplicateOf.insert(node, m_graph.m_duplicates.size());
                m_graph.m_duplicates.push_back({node, {m_graph.m_eventOf[at(node)]}});
            }
            m_graph.m_duplicates[duplicateOf.value(node)].events.push_back(event32);
        }
        std::sort(m_graph.m_duplicates.begin(), m_graph.m_duplicates.end(),
                  [](const auto &a, const auto &b) { return a.node < b.node; });
    }

    void indexOtherNames()
    {
        for (size_t i = 0; i < m_events.size(); ++i) {
            const TraceEvent &event = m_events[i];
            const qint32 node = m_graph.m_nodeOf[i];
            if (!event.correlationId.isEmpty() && !m_nodeOfCorrelation.contains(event.correlationId))
                m_nodeOfCorrelation.insert(event.correlationId, node);
            if (event.foreign && !event.foreign->spanId.isEmpty() && !m_nodeOfSpan.contains(event.foreign->spanId))
                m_nodeOfSpan.insert(event.foreign->spanId, node);
            m_needsPlaces = m_needsPlaces || (event.foreign && event.foreign->causePosition);
        }
        if (!m_needsPlaces)
            return;
        for (size_t i = 0; i < m_events.size(); ++i)
            m_nodeOfPlace.insert({m_events[i].address.stream, m_events[i].address.position}, m_graph.m_nodeOf[i]);
    }

    void joinEvent(const TraceEvent &event, qint32 node)
    {
        if (!event.causationId.isEmpty()) {
            m_hasCauses = true;
            if (!joinCause(event, node, event.causationId, !mayBeList(event.causationId)))
                for (const QString &cause : listedCauses(event.causationId))
                    joinCause(event, node, cause, true);
        }
        if (!event.foreign)
            return;
        if (event.foreign->causePosition) {
            m_hasCauses = true;
            const auto found = m_nodeOfPlace.constFind({event.foreign->causeStream, *event.foreign->causePosition});
            if (found != m_nodeOfPlace.cend())
                addEdge(*found, node, EdgeKind::Position);
            else
                addPhantomEdge(event.foreign->causeStream + u'/' + QString::number(*event.foreign->causePosition), node, EdgeKind::Position);
        }
        if (!event.foreign->parentSpanId.isEmpty()) {
            // A span without a message is the rule (an HTTP request, a database call), so it makes no phantom.
            const auto found = m_nodeOfSpan.constFind(event.foreign->parentSpanId);
            if (found != m_nodeOfSpan.cend() && *found != node) {
                m_hasCauses = true;
                addEdge(*found, node, EdgeKind::Span);
            }
        }
    }

    /// False: the cause is unknown, and may be several (then no phantom is made for it).
    bool joinCause(const TraceEvent &event, qint32 node, const QString &cause, bool isSingle)
    {
        if (const auto found = m_nodeOfId.constFind(cause); found != m_nodeOfId.cend()) {
            addEdge(*found, node, EdgeKind::Causation);
            return true;
        }
        if (cause == event.correlationId)
            return true; // a root: the flow was begun by something that is no event
        if (const auto found = m_nodeOfCorrelation.constFind(cause); found != m_nodeOfCorrelation.cend()) {
            addEdge(*found, node, EdgeKind::Correlation);
            return true;
        }
        if (const auto found = m_nodeOfSpan.constFind(cause); found != m_nodeOfSpan.cend() && *found != node) {
            addEdge(*found, node, EdgeKind::Span);
            return true;
        }
        if (isSingle)
            addPhantomEdge(cause, node, EdgeKind::Causation);
        return isSingle;
    }

    void joinInTime()
    {
        for (qint32 node = 1; node < m_graph.nodeCount(); ++node)
            addEdge(node - 1, node, EdgeKind::Time);
    }

    void addEdge(qint32 from, qint32 to, EdgeKind kind) { m_edges.push_back({from, to, kind}); }

    void addPhantomEdge(const QString &id, qint32 to, EdgeKind kind)
    {
        const auto known = m_phantomOfId.constFind(id);
        const auto eventNodes = static_cast<qint32>(m_graph.m_eventOf.size());
        const qint32 phantom = known != m_phantomOfId.cend() ? *known : eventNodes + static_cast<qint32>(m_phantomIds.size());
        if (known == m_phantomOfId.cend()) {
            m_phantomOfId.insert(id, phantom);
            m_phantomIds.push_back(id);
        }
        addEdge(phantom, to, kind);
    }

    void addPhantoms()
    {
        m_graph.m_ids.insert(m_graph.m_ids.end(), m_phantomIds.cbegin(), m_phantomIds.cend());
    }

    void finish()
    {
        link(m_graph.m_effects, m_graph.m_effectStart, &Edge::from, &Edge::to);
        link(m_graph.m_causes, m_graph.m_causeStart, &Edge::to, &Edge::from);
        const int nodeCount = m_graph.nodeCount();
        std::vector<qint32> waiting(at(nodeCount));
        auto &order = m_graph.m_causesFirst;
        order.reserve(at(nodeCount));
        for (qint32 node = 0; node < nodeCount; ++node) {
            waiting[at(node)] = static_cast<qint32>(m_graph.causes(node).size());
            if (waiting[at(node)] > 0)
                continue;
            order.push_back(node);
            if (!m_graph.isPhantom(node))
                m_graph.m_roots.push_back(node);
        }
        for (size_t i = 0; i < order.size(); ++i)
            for (const Link &effect : m_graph.effects(order[i]))
                if (--waiting[at(effect.node)] == 0)
                    order.push_back(effect.node);
        for (const auto &cycle : m_graph.m_cycles)
            m_graph.m_cycleNodes.insert(m_graph.m_cycleNodes.end(), cycle.cbegin(), cycle.cend());
        std::sort(m_graph.m_cycleNodes.begin(), m_graph.m_cycleNodes.end());
    }

    void link(std::vector<Link> &links, std::vector<qint32> &start, qint32 Edge::*mine, qint32 Edge::*other) const
    {
        start.assign(at(m_graph.nodeCount()) + 1, 0);
        links.resize(m_graph.m_edges.size());
        for (const Edge &edge : m_graph.m_edges)
            ++start[at(edge.*mine) + 1];
        for (size_t i = 1; i < start.size(); ++i)
            start[i] += start[i - 1];
        std::vector<qint32> next(start.cbegin(), start.cend() - 1);
        for (const Edge &edge : m_graph.m_edges)
            links[at(next[at(edge.*mine)]++)] = {edge.*other, edge.kind};
    }

    const std::vector<TraceEvent> &m_events;
    CausationGraph m_graph;
    std::vector<Edge> m_edges;
    QHash<QString, qint32> m_nodeOfId;
    QHash<QString, qint32> m_nodeOfCorrelation; ///< its earliest event
    QHash<QString, qint32> m_nodeOfSpan;
    QHash<std::pair<QString, qint64>, qint32> m_nodeOfPlace;
    QHash<QString, qint32> m_phantomOfId;
    std::vector<QString> m_phantomIds;
    bool m_needsPlaces = false;
    bool m_hasCauses = false;
};

CausationGraph CausationGraph::join(const std::vector<TraceEvent> &events)
{
    return GraphBuilder(events).build();
}

bool CausationGraph::isInCycle(int node) const
{
    return std::binary_search(m_cycleNodes.cbegin(), m_cycleNodes.cend(), node);
}

int CausationGraph::copiesOf(int node) const
{
    if (isPhantom(node))
        return 0;
    const auto found = std::lower_bound(m_duplicates.cbegin(), m_duplicates.cend(), node,
                                        [](const Duplicate &duplicate, int wanted) { return duplicate.node < wanted; });
    return found != m_duplicates.cend() && found->node == node ? static_cast<int>(found->events.size()) : 1;
}

} // namespace models::trace
