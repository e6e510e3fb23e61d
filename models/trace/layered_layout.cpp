// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/layered_layout.h"

#include "models/trace/node_index.h"

#include <algorithm>
#include <cmath>

namespace models::trace {

namespace {

constexpr int MaximumSweeps = 4;

} // namespace

class LayoutBuilder final
{
public:
    LayoutBuilder(int itemCount, const std::vector<Edge> &edges)
        : m_count(itemCount)
        , m_edges(edges)
    {
    }

    LayeredLayout build()
    {
        assignLayers();
        chooseTreeEdges();
        groupTreeEffects();
        assignRows();
        if (!m_layout.m_crossEdges.empty())
            sweep();
        return std::move(m_layout);
    }

private:
    void assignLayers()
    {
        m_layout.m_layer.assign(at(m_count), 0);
        std::vector<qint32> waiting(at(m_count));
        std::vector<qint32> start(at(m_count) + 1);
        for (const Edge &edge : m_edges) {
            ++waiting[at(edge.to)];
            ++start[at(edge.from) + 1];
        }
        for (size_t i = 1; i < start.size(); ++i)
            start[i] += start[i - 1];
        std::vector<qint32> order;
        order.reserve(at(m_count));
        for (qint32 item = 0; item < m_count; ++item)
            if (waiting[at(item)] == 0)
                order.push_back(item);
        for (size_t i = 0; i < order.size(); ++i) {
            const qint32 item = order[i];
            const qint32 layer = m_layout.m_layer[at(item)];
            m_layout.m_layerCount = std::max(m_layout.m_layerCount, layer + 1);
            for (qint32 k = start[at(item)]; k < start[at(item) + 1]; ++k) {
                const qint32 to = m_edges[at(k)].to;
                m_layout.m_layer[at(to)] = std::max(m_layout.m_layer[at(to)], layer + 1);
                if (--waiting[at(to)] == 0)
                    order.push_back(to);
            }
        }
    }

    void chooseTreeEdges()
    {
        m_layout.m_treeCause.assign(at(m_count), -1);
        for (const Edge &edge : m_edges) {
            qint32 &cause = m_layout.m_treeCause[at(edge.to)];
            const bool isNext = m_layout.m_layer[at(edge.from)] + 1 == m_layout.m_layer[at(edge.to)];
            if (cause < 0 && isNext)
                cause = edge.from;
            else
                m_layout.m_crossEdges.push_back(edge);
        }
    }

    void groupTreeEffects()
    {
        auto &start = m_layout.m_treeEffectsStart;
        start.assign(at(m_count) + 2, 0);
        const auto parent = [this](qint32 item) {
            const qint32 cause = m_layout.m_treeCause[at(item)];
            return at(cause < 0 ? m_count : cause);
        };
        for (qint32 item = 0; item < m_count; ++item)
            ++start[parent(item) + 1];
        for (size_t i = 1; i < start.size(); ++i)
            start[i] += start[i - 1];
        std::vector<qint32> next(start.cbegin(), start.cend() - 1);
        m_layout.m_treeEffects.resize(at(m_count));
        for (qint32 item = 0; item < m_count; ++item)
            m_layout.m_treeEffects[at(next[parent(item)]++)] = item;
    }

    /// Step 3, for the present order of siblings.
    void assignRows()
    {
        const auto &start = m_layout.m_treeEffectsStart;
        const auto &effects = m_layout.m_treeEffects;
        m_depthFirst.clear();
        m_depthFirst.reserve(at(m_count));
        std::vector<qint32> open;
        const auto openEffects = [&](qint32 parent) {
            for (qint32 k = start[at(parent) + 1]; k-- > start[at(parent)];)
                open.push_back(effects[at(k)]);
        };
        openEffects(m_count);
        m_layout.m_row.resize(at(m_count));
        double row = 0;
        while (!open.empty()) {
            const qint32 item = open.back();
            open.pop_back();
            m_depthFirst.push_back(item);
            if (start[at(item)] == start[at(item) + 1])
                m_layout.m_row[at(item)] = row++;
            else
                openEffects(item);
        }
        m_layout.m_rowCount = row;
        for (size_t i = m_depthFirst.size(); i-- > 0;) {
            const qint32 item = m_depthFirst[i];
            if (start[at(item)] == start[at(item) + 1])
                continue;
            const qint32 first = effects[at(start[at(item)])];
            const qint32 last = effects[at(start[at(item) + 1] - 1)];
            m_layout.m_row[at(item)] = (m_layout.m_row[at(first)] + m_layout.m_row[at(last)]) / 2;
        }
    }

    [[nodiscard]] double crossHeight() const
    {
        double height = 0;
        for (const Edge &edge : m_layout.m_crossEdges)
            height += std::abs(m_layout.m_row[at(edge.from)] - m_layout.m_row[at(edge.to)]);
        return height;
    }

    void sweep()
    {
        double best = crossHeight();
        std::vector<qint32> bestEffects = m_layout.m_treeEffects;
        bool isBest = true;
        for (int i = 0; i < MaximumSweeps && best > 0; ++i) {
            sortSiblings();
            assignRows();
            const double height = crossHeight();
            isBest = height < best;
            if (!isBest)
                break;
            best = height;
            bestEffects = m_layout.m_treeEffects;
        }
        if (!isBest) {
            m_layout.m_treeEffects = std::move(bestEffects);
            assignRows();
        }
    }

    void sortSiblings()
    {
        std::vector<double> sum(at(m_count));
        std::vector<qint32> ends(at(m_count));
        for (const Edge &edge : m_layout.m_crossEdges) {
            sum[at(edge.from)] += m_layout.m_row[at(edge.to)];
            sum[at(edge.to)] += m_layout.m_row[at(edge.from)];
            ++ends[at(edge.from)];
            ++ends[at(edge.to)];
        }
        for (size_t i = m_depthFirst.size(); i-- > 0;) {
            const qint32 item = m_depthFirst[i];
            const qint32 cause = m_layout.m_treeCause[at(item)];
            if (cause < 0)
                continue;
            sum[at(cause)] += sum[at(item)];
            ends[at(cause)] += ends[at(item)];
        }
        std::vector<double> keys = m_layout.m_row;
        for (size_t item = 0; item < keys.size(); ++item)
            if (ends[item] > 0)
                keys[item] = (keys[item] + sum[item] / ends[item]) / 2;
        const auto &start = m_layout.m_treeEffectsStart;
        for (qint32 parent = 0; parent <= m_count; ++parent) {
            if (parent < m_count && ends[at(parent)] == 0)
                continue;
            std::stable_sort(m_layout.m_treeEffects.begin() + start[at(parent)], m_layout.m_treeEffects.begin() + start[at(parent) + 1],
                             [&keys](qint32 a, qint32 b) { return keys[at(a)] < keys[at(b)]; });
        }
    }

    const qint32 m_count;
    const std::vector<Edge> &m_edges;
    LayeredLayout m_layout;
    std::vector<qint32> m_depthFirst;
};

LayeredLayout LayeredLayout::arrange(int itemCount, const std::vector<Edge> &edges)
{
    return LayoutBuilder(itemCount, edges).build();
}

std::span<const qint32> LayeredLayout::treeEffectsOf(int item) const
{
    const auto begin = at(m_treeEffectsStart[at(item)]);
    return {m_treeEffects.data() + begin, at(m_treeEffectsStart[at(item) + 1]) - begin};
}

QRectF LayeredLayout::rectOf(int item) const
{
    return {layerOf(item) * LayerPitch, rowOf(item) * RowPitch, NodeWidth, NodeHeight};
}

QRectF LayeredLayout::bounds() const
{
    if (m_layer.empty())
        return {};
    return {0, 0, (m_layerCount - 1) * LayerPitch + NodeWidth, (m_rowCount - 1) * RowPitch + NodeHeight};
}

} // namespace models::trace
