// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/graph_scene.h"

#include "models/trace/node_index.h"

#include <algorithm>
#include <cmath>

namespace models::trace {

namespace {

std::span<const qint32> part(const std::vector<qint32> &values, qint32 begin, qint32 end)
{
    return {values.data() + begin, at(end - begin)};
}

/// Turns counts (one place too far right) into starts.
void accumulate(std::vector<qint32> &starts)
{
    for (size_t i = 1; i < starts.size(); ++i)
        starts[i] += starts[i - 1];
}

} // namespace

std::shared_ptr<const GraphScene> GraphScene::build(JoinedTracePtr joined, const QSet<qint32> &expanded, int threshold)
{
    const std::shared_ptr<GraphScene> scene(new GraphScene);
    scene->m_joined = std::move(joined);
    scene->m_expanded = expanded;
    scene->m_view = GraphView::build(scene->graph(), scene->trace().events, expanded, threshold);
    scene->m_layout = LayeredLayout::arrange(scene->m_view.count(), scene->m_view.edges());
    scene->indexLayers();
    scene->indexEdges();
    scene->collectMarks();
    return scene;
}

void GraphScene::indexLayers()
{
    m_layerStart.assign(at(m_layout.layerCount()) + 1, 0);
    m_causeStart.assign(at(m_layout.layerCount()) + 1, 0);
    for (int item = 0; item < count(); ++item) {
        ++m_layerStart[at(m_layout.layerOf(item)) + 1];
        m_causeStart[at(m_layout.layerOf(item)) + 1] += m_layout.treeEffectsOf(item).empty() ? 0 : 1;
    }
    accumulate(m_layerStart);
    accumulate(m_causeStart);
    m_layerItems.resize(at(count()));
    std::vector<qint32> next(m_layerStart.cbegin(), m_layerStart.cend() - 1);
    for (qint32 item = 0; item < count(); ++item)
        m_layerItems[at(next[at(m_layout.layerOf(item))]++)] = item;
    m_placeInLayer.resize(at(count()));
    m_eventsBefore.reserve(at(count()) + 1);
    m_eventsBefore.push_back(0);
    m_layerCauses.reserve(at(m_causeStart.back()));
    for (int layer = 0; layer < m_layout.layerCount(); ++layer) {
        const auto begin = m_layerItems.begin() + m_layerStart[at(layer)];
        const auto end = m_layerItems.begin() + m_layerStart[at(layer) + 1];
        const auto isAbove = [this](qint32 a, qint32 b) { return m_layout.rowOf(a) < m_layout.rowOf(b); };
        if (!std::is_sorted(begin, end, isAbove))
            std::sort(begin, end, isAbove);
        for (auto item = begin; item != end; ++item) {
            m_placeInLayer[at(*item)] = static_cast<qint32>(item - m_layerItems.begin());
            m_eventsBefore.push_back(m_eventsBefore.back() + eventsOf(*item));
            if (!m_layout.treeEffectsOf(*item).empty())
                m_layerCauses.push_back(*item);
        }
    }
}

void GraphScene::indexEdges()
{
    const std::vector<Edge> &edges = m_view.edges();
    m_treeKind.assign(at(count()), EdgeKind::Causation);
    m_edgeStart.assign(at(count()) + 1, 0);
    m_backStart.assign(at(count()) + 1, 0);
    for (const Edge &edge : edges) {
        ++m_edgeStart[at(edge.from) + 1];
        ++m_backStart[at(edge.to) + 1];
        if (m_layout.treeCauseOf(edge.to) == edge.from)
            m_treeKind[at(edge.to)] = edge.kind;
    }
    accumulate(m_edgeStart);
    accumulate(m_backStart);
    m_backEdges.resize(edges.size());
    std::vector<qint32> next(m_backStart.cbegin(), m_backStart.cend() - 1);
    for (size_t i = 0; i < edges.size(); ++i)
        m_backEdges[at(next[at(edges[i].to)]++)] = static_cast<qint32>(i);
}

void GraphScene::collectMarks()
{
    for (const Edge &edge : graph().cutEdges())
        m_cutEdges.push_back({m_view.itemOf(edge.from), m_view.itemOf(edge.to), edge.kind});
    m_marks.assign(at(count()), 0);
    const std::vector<TraceEvent> &events = trace().events;
    for (size_t event = 0; event < events.size(); ++event)
        if (events[event].isDeadLettered)
            m_marks[at(itemOfEvent(static_cast<int>(event)))] |= DeadLetterMark;
    for (const std::vector<qint32> &cycle : graph().cycles())
        for (const qint32 node : cycle)
            m_marks[at(m_view.itemOf(node))] |= CycleMark;
    for (int item = 0; item < count(); ++item)
        if (m_marks[at(item)] != 0)
            m_marked.push_back(item);
}

std::span<const qint32> GraphScene::itemsBetween(int layer, double fromRow, double toRow) const
{
    const auto begin = m_layerItems.cbegin() + m_layerStart[at(layer)];
    const auto end = m_layerItems.cbegin() + m_layerStart[at(layer) + 1];
    const auto first = std::lower_bound(begin, end, fromRow, [this](qint32 item, double row) { return m_layout.rowOf(item) < row; });
    const auto last = std::upper_bound(first, end, toRow, [this](double row, qint32 item) { return row < m_layout.rowOf(item); });
    return part(m_layerItems, static_cast<qint32>(first - m_layerItems.cbegin()), static_cast<qint32>(last - m_layerItems.cbegin()));
}

qint64 GraphScene::eventsOf(std::span<const qint32> items) const
{
    if (items.empty())
        return 0;
    const auto first = at(m_placeInLayer[at(items.front())]);
    return m_eventsBefore[first + items.size()] - m_eventsBefore[first];
}

qint64 GraphScene::eventsOf(int item) const
{
    if (const EffectGroup *group = m_view.groupOf(item))
        return static_cast<qint64>(group->members.size()) + group->hiddenEffects;
    return graph().isPhantom(m_view.nodeOf(item)) ? 0 : 1;
}

std::span<const qint32> GraphScene::causesReaching(int layer, double fromRow, double toRow) const
{
    // The effects of one cause stay together and in the causes' order, so their spans are disjoint and sorted.
    const auto begin = m_layerCauses.cbegin() + m_causeStart[at(layer)];
    const auto end = m_layerCauses.cbegin() + m_causeStart[at(layer) + 1];
    const auto lastRow = [this](qint32 item) { return m_layout.rowOf(m_layout.treeEffectsOf(item).back()); };
    const auto firstRow = [this](qint32 item) { return m_layout.rowOf(m_layout.treeEffectsOf(item).front()); };
    const auto first = std::lower_bound(begin, end, fromRow, [&](qint32 item, double row) { return lastRow(item) < row; });
    const auto last = std::upper_bound(first, end, toRow, [&](double row, qint32 item) { return row < firstRow(item); });
    return part(m_layerCauses, static_cast<qint32>(first - m_layerCauses.cbegin()), static_cast<qint32>(last - m_layerCauses.cbegin()));
}

int GraphScene::itemAt(QPointF point) const
{
    const double layer = std::floor(point.x() / LayeredLayout::LayerPitch);
    if (layer < 0 || layer >= m_layout.layerCount())
        return -1;
    const double row = point.y() / LayeredLayout::RowPitch;
    for (const qint32 item : itemsBetween(static_cast<int>(layer), row - 1, row))
        if (m_layout.rectOf(item).contains(point))
            return item;
    return -1;
}

std::optional<qint64> GraphScene::elapsedMs(int item) const
{
    const int cause = m_layout.treeCauseOf(item);
    const int event = eventOf(item);
    const int causeEvent = cause < 0 ? -1 : eventOf(cause);
    if (event < 0 || causeEvent < 0)
        return std::nullopt;
    const connectors::EpochMs time = trace().events[at(event)].time;
    const connectors::EpochMs causeTime = trace().events[at(causeEvent)].time;
    if (time == connectors::NoNumber || causeTime == connectors::NoNumber)
        return std::nullopt;
    return time - causeTime;
}

std::vector<char> GraphScene::related(int item) const
{
    std::vector<char> flags(at(count()));
    flags[at(item)] = 1;
    spread(item, false, flags);
    spread(item, true, flags);
    return flags;
}

void GraphScene::spread(int item, bool isForward, std::vector<char> &flags) const
{
    const std::vector<Edge> &edges = m_view.edges();
    std::vector<qint32> open{item};
    const auto reach = [&](qint32 other) {
        if (!std::exchange(flags[at(other)], 1))
            open.push_back(other);
    };
    while (!open.empty()) {
        const qint32 current = open.back();
        open.pop_back();
        if (isForward) {
            for (qint32 i = m_edgeStart[at(current)]; i < m_edgeStart[at(current) + 1]; ++i)
                reach(edges[at(i)].to);
        } else {
            for (qint32 i = m_backStart[at(current)]; i < m_backStart[at(current) + 1]; ++i)
                reach(edges[at(m_backEdges[at(i)])].from);
        }
    }
}

int GraphScene::neighbour(int item, int step) const
{
    const int layer = m_layout.layerOf(item);
    const int place = m_placeInLayer[at(item)] + step;
    if (place < m_layerStart[at(layer)] || place >= m_layerStart[at(layer) + 1])
        return -1;
    return m_layerItems[at(place)];
}

} // namespace models::trace
