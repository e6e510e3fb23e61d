// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/graph_view.h"

#include "models/trace/node_index.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace models::trace {

namespace {

} // namespace

class GraphViewBuilder final
{
public:
    GraphViewBuilder(const CausationGraph &graph, const std::vector<TraceEvent> &events, const QSet<qint32> &expanded, int threshold)
        : m_graph(graph)
        , m_events(events)
        , m_expanded(expanded)
        , m_threshold(threshold)
        , m_groupOf(at(graph.nodeCount()), -1)
    {
    }

    GraphView build()
    {
        collapse(-1, m_graph.roots());
        for (const qint32 node : m_graph.causesFirst()) {
            if (m_groupOf[at(node)] < 0)
                joinCommonGroupOfCauses(node);
            if (m_groupOf[at(node)] < 0)
                collapseEffectsOf(node);
        }
        makeItems();
        makeEdges();
        std::sort(m_view.m_expandedMembers.begin(), m_view.m_expandedMembers.end());
        return std::move(m_view);
    }

private:
    void joinCommonGroupOfCauses(qint32 node)
    {
        const auto causes = m_graph.causes(node);
        if (causes.empty() || m_groupOf[at(causes.front().node)] < 0)
            return;
        const qint32 group = m_groupOf[at(causes.front().node)];
        for (const Link &cause : causes)
            if (m_groupOf[at(cause.node)] != group)
                return;
        m_groupOf[at(node)] = group;
        ++m_view.m_groups[at(group)].hiddenEffects;
    }

    void collapseEffectsOf(qint32 node)
    {
        const auto effects = m_graph.effects(node);
        if (effects.size() <= at(m_threshold))
            return;
        std::vector<qint32> onlyFromHere;
        onlyFromHere.reserve(effects.size());
        for (const Link &effect : effects)
            if (m_graph.causes(effect.node).size() == 1)
                onlyFromHere.push_back(effect.node);
        collapse(node, onlyFromHere);
    }

    void collapse(qint32 cause, const std::vector<qint32> &siblings)
    {
        if (siblings.size() <= at(m_threshold))
            return;
        QHash<QString, std::vector<qint32>> byType;
        std::vector<QString> types; // in time
        for (const qint32 node : siblings) {
            const QString &type = m_events[at(m_graph.eventOf(node))].eventType;
            auto &members = byType[type];
            if (members.empty())
                types.push_back(type);
            members.push_back(node);
        }
        for (const QString &type : types) {
            std::vector<qint32> &members = byType[type];
            if (members.size() <= at(m_threshold))
                continue;
            if (m_expanded.contains(members.front())) {
                for (const qint32 member : members)
                    m_view.m_expandedMembers.emplace_back(member, members.front());
                continue;
            }
            for (const qint32 member : members)
                m_groupOf[at(member)] = static_cast<qint32>(m_view.m_groups.size());
            m_view.m_groups.push_back({type, cause, std::move(members), 0});
        }
    }

    void makeItems()
    {
        m_view.m_itemOf.resize(at(m_graph.nodeCount()));
        std::vector<qint32> itemOfGroup(m_view.m_groups.size(), -1);
        for (qint32 node = 0; node < m_graph.nodeCount(); ++node) {
            const qint32 group = m_groupOf[at(node)];
            const auto fresh = static_cast<qint32>(m_view.m_nodes.size());
            if (group >= 0 && itemOfGroup[at(group)] >= 0) {
                m_view.m_itemOf[at(node)] = itemOfGroup[at(group)];
                continue;
            }
            if (group >= 0)
                itemOfGroup[at(group)] = fresh;
            // In bad data an effect may be older than its cause, so the first node seen need not be a member.
            m_view.m_nodes.push_back({group >= 0 ? m_view.m_groups[at(group)].members.front() : node, group});
            m_view.m_itemOf[at(node)] = fresh;
        }
    }

    void makeEdges()
    {
        for (const Edge &edge : m_graph.edges()) {
            const Edge shown{m_view.m_itemOf[at(edge.from)], m_view.m_itemOf[at(edge.to)], edge.kind};
            const bool isRepeated = !m_view.m_edges.empty() && m_view.m_edges.back() == shown;
            if (shown.from != shown.to && !isRepeated)
                m_view.m_edges.push_back(shown);
        }
        const auto pair = [](const Edge &edge) { return std::tie(edge.from, edge.to); };
        std::sort(m_view.m_edges.begin(), m_view.m_edges.end(), [&pair](const Edge &a, const Edge &b) { return pair(a) < pair(b); });
        const auto isSamePair = [&pair](const Edge &a, const Edge &b) { return pair(a) == pair(b); };
        m_view.m_edges.erase(std::unique(m_view.m_edges.begin(), m_view.m_edges.end(), isSamePair), m_view.m_edges.end());
    }

    const CausationGraph &m_graph;
    const std::vector<TraceEvent> &m_events;
    const QSet<qint32> &m_expanded;
    const int m_threshold;
    std::vector<qint32> m_groupOf;
    GraphView m_view;
};

GraphView GraphView::build(const CausationGraph &graph, const std::vector<TraceEvent> &events, const QSet<qint32> &expanded, int threshold)
{
    return GraphViewBuilder(graph, events, expanded, threshold).build();
}

const EffectGroup *GraphView::groupOf(int item) const
{
    const qint32 group = m_nodes[static_cast<size_t>(item)].group;
    return group < 0 ? nullptr : &m_groups[at(group)];
}

qint32 GraphView::expandedGroupOf(int node) const
{
    const auto found = std::lower_bound(m_expandedMembers.cbegin(), m_expandedMembers.cend(), std::pair(node, qint32(-1)));
    return found != m_expandedMembers.cend() && found->first == node ? found->second : -1;
}

} // namespace models::trace
