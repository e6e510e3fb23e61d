// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_clusters.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace ui::traces {

using models::trace::GraphScene;
using models::trace::LayeredLayout;

namespace {

constexpr double CellWidth = 56;
constexpr double CellHeight = 24;
constexpr double InsetX = 26; ///< a cluster's middle keeps this far from its cell's edges, so that two never overlap
constexpr double InsetY = 11;
constexpr size_t MaximumMarks = 5'000;
constexpr int MaximumSteps = 4'000; ///< back along the causes of one cluster

using Cell = std::pair<int, qint64>;

/// The raster. Cells are counted in the scene, from its own origin, so that panning moves them and changes none.
class Raster final
{
public:
    Raster(const GraphScene &scene, const GraphCamera &camera)
        : m_scene(scene)
        , m_camera(camera)
        , m_layers(static_cast<int>(std::clamp<double>(std::ceil(CellWidth / (LayeredLayout::LayerPitch * camera.scaleX())), 1, std::max(1, scene.layout().layerCount()))))
        , m_rows(std::max(1.0, CellHeight / (LayeredLayout::RowPitch * camera.scaleY())))
    {
    }

    [[nodiscard]] int layersOfCell() const { return m_layers; }
    [[nodiscard]] double firstRow(qint64 cell) const { return static_cast<double>(cell) * m_rows; }
    [[nodiscard]] int columnAt(double sceneX) const { return static_cast<int>(std::max(0.0, sceneX / LayeredLayout::LayerPitch)) / m_layers; }
    [[nodiscard]] qint64 lineOf(double row) const { return static_cast<qint64>(std::floor(std::max(0.0, row) / m_rows)); }
    [[nodiscard]] Cell cellOf(int item) const { return {m_scene.layout().layerOf(item) / m_layers, lineOf(m_scene.layout().rowOf(item))}; }

    /// The middle of what is in a cell, kept inside it.
    [[nodiscard]] QPointF placed(const Cell &cell, QPointF sceneMiddle) const
    {
        const QPointF topLeft = m_camera.toView(QPointF(cell.first * m_layers * LayeredLayout::LayerPitch, firstRow(cell.second) * LayeredLayout::RowPitch));
        const double width = m_layers * LayeredLayout::LayerPitch * m_camera.scaleX();
        const double height = m_rows * LayeredLayout::RowPitch * m_camera.scaleY();
        const QPointF middle = m_camera.toView(sceneMiddle);
        const auto inside = [](double value, double begin, double length, double inset) {
            return length <= 2 * inset ? begin + length / 2 : std::clamp(value, begin + inset, begin + length - inset);
        };
        return {inside(middle.x(), topLeft.x(), width, InsetX), inside(middle.y(), topLeft.y(), height, InsetY)};
    }

private:
    const GraphScene &m_scene;
    const GraphCamera &m_camera;
    const int m_layers;
    const double m_rows;
};

/// The items of one cell so far.
struct Sum {
    QPointF weighted; ///< scene coordinates times items
    GraphCluster cluster;
};

class Clusters final
{
public:
    Clusters(const GraphScene &scene, const GraphCamera &camera)
        : m_scene(scene)
        , m_raster(scene, camera)
    {
        const QRectF seen = camera.visible();
        m_firstLine = m_raster.lineOf(seen.top() / LayeredLayout::RowPitch);
        m_lastLine = m_raster.lineOf(seen.bottom() / LayeredLayout::RowPitch);
        m_column.resize(static_cast<size_t>(m_lastLine - m_firstLine + 1));
        const int lastColumn = m_raster.columnAt(seen.right());
        for (int column = m_raster.columnAt(seen.left()); column <= lastColumn; ++column)
            addColumn(column);
        mark();
        link();
    }

    std::vector<GraphCluster> take() { return std::move(m_clusters); }

private:
    void addColumn(int column)
    {
        const int first = column * m_raster.layersOfCell();
        const int end = std::min(first + m_raster.layersOfCell(), m_scene.layout().layerCount());
        for (int layer = first; layer < end; ++layer)
            addLayer(m_scene.itemsBetween(layer, m_raster.firstRow(m_firstLine), m_raster.firstRow(m_lastLine + 1)));
        for (qint64 line = m_firstLine; line <= m_lastLine; ++line) {
            Sum &sum = m_column[static_cast<size_t>(line - m_firstLine)];
            if (sum.cluster.items == 0)
                continue;
            sum.cluster.center = m_raster.placed({column, line}, sum.weighted / static_cast<double>(sum.cluster.items));
            m_numbers.insert({column, line}, static_cast<int>(m_clusters.size()));
            m_clusters.push_back(sum.cluster);
            sum = {};
        }
    }

    void addLayer(std::span<const qint32> items)
    {
        const LayeredLayout &layout = m_scene.layout();
        while (!items.empty()) {
            const qint64 line = std::clamp(m_raster.lineOf(layout.rowOf(items.front())), m_firstLine, m_lastLine);
            const auto end = std::lower_bound(items.begin() + 1, items.end(), m_raster.firstRow(line + 1),
                                              [&layout](qint32 item, double row) { return layout.rowOf(item) < row; });
            const auto taken = items.first(static_cast<size_t>(end - items.begin()));
            Sum &sum = m_column[static_cast<size_t>(line - m_firstLine)];
            const QPointF middle = (layout.rectOf(taken.front()).center() + layout.rectOf(taken.back()).center()) / 2;
            sum.weighted += middle * static_cast<double>(taken.size());
            if (sum.cluster.items == 0)
                sum.cluster.firstItem = taken.front();
            sum.cluster.items += static_cast<qint64>(taken.size());
            sum.cluster.events += m_scene.eventsOf(taken);
            items = items.subspan(taken.size());
        }
    }

    void mark()
    {
        for (size_t i = 0; i < std::min(m_scene.marked().size(), MaximumMarks); ++i)
            if (const auto found = m_numbers.constFind(m_raster.cellOf(m_scene.marked()[i])); found != m_numbers.cend())
                m_clusters[static_cast<size_t>(*found)].isMarked = true;
    }

    void link()
    {
        for (GraphCluster &cluster : m_clusters) {
            const Cell own = m_raster.cellOf(cluster.firstItem);
            int cause = m_scene.layout().treeCauseOf(cluster.firstItem);
            for (int step = 0; cause >= 0 && step < MaximumSteps && m_raster.cellOf(cause) == own; ++step)
                cause = m_scene.layout().treeCauseOf(cause);
            if (cause >= 0)
                cluster.cause = m_numbers.value(m_raster.cellOf(cause), -1);
        }
    }

    const GraphScene &m_scene;
    const Raster m_raster;
    qint64 m_firstLine = 0;
    qint64 m_lastLine = 0;
    std::vector<Sum> m_column;
    std::vector<GraphCluster> m_clusters;
    QHash<Cell, int> m_numbers;
};

} // namespace

std::vector<GraphCluster> clustersInSight(const GraphScene &scene, const GraphCamera &camera)
{
    return scene.count() == 0 ? std::vector<GraphCluster>() : Clusters(scene, camera).take();
}

} // namespace ui::traces
