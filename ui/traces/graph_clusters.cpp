// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_clusters.h"

#include <algorithm>
#include <cmath>

namespace ui::traces {

using models::trace::GraphScene;
using models::trace::LayeredLayout;

namespace {

constexpr double CellWidth = 56;
constexpr double CellHeight = 24;

struct Sum {
    double x = 0; ///< weighted by items
    double y = 0;
    GraphCluster cluster;
};

} // namespace

std::vector<GraphCluster> clustersInSight(const GraphScene &scene, const GraphCamera &camera)
{
    const LayeredLayout &layout = scene.layout();
    if (layout.count() == 0)
        return {};
    // Cells are counted in the scene, from its own origin, so that panning moves them and changes none.
    const double cellLayers = std::max(1.0, std::ceil(CellWidth / (LayeredLayout::LayerPitch * camera.scaleX())));
    const double cellRows = std::max(1.0, CellHeight / (LayeredLayout::RowPitch * camera.scaleY()));
    const QRectF seen = camera.visible();
    const int layersOfCell = static_cast<int>(std::min<double>(cellLayers, layout.layerCount()));
    const auto cellOf = [layersOfCell](double x) { return static_cast<int>(std::floor(std::max(0.0, x / LayeredLayout::LayerPitch) / layersOfCell)); };
    const int firstLayer = std::min(cellOf(seen.left()) * layersOfCell, layout.layerCount());
    const int endLayer = std::min((cellOf(seen.right()) + 1) * layersOfCell, layout.layerCount());
    const auto firstCell = static_cast<qint64>(std::floor(std::max(0.0, seen.top() / LayeredLayout::RowPitch) / cellRows));
    const auto lastCell = static_cast<qint64>(std::floor(std::max(0.0, seen.bottom() / LayeredLayout::RowPitch) / cellRows));
    std::vector<Sum> column(static_cast<size_t>(lastCell - firstCell + 1));
    std::vector<GraphCluster> clusters;
    const auto finishColumn = [&] {
        for (Sum &sum : column) {
            if (sum.cluster.items == 0)
                continue;
            const auto items = static_cast<double>(sum.cluster.items);
            sum.cluster.center = camera.toView({sum.x / items, sum.y / items});
            clusters.push_back(sum.cluster);
            sum = {};
        }
    };
    for (int layer = firstLayer; layer < endLayer; ++layer) {
        if (layer > firstLayer && layer % layersOfCell == 0)
            finishColumn();
        auto items = scene.itemsBetween(layer, static_cast<double>(firstCell) * cellRows, static_cast<double>(lastCell + 1) * cellRows);
        while (!items.empty()) {
            const auto cell = std::clamp(static_cast<qint64>(std::floor(layout.rowOf(items.front()) / cellRows)), firstCell, lastCell);
            const double endRow = static_cast<double>(cell + 1) * cellRows;
            const auto end = std::lower_bound(items.begin() + 1, items.end(), endRow, [&](qint32 item, double row) { return layout.rowOf(item) < row; });
            const auto taken = items.first(static_cast<size_t>(end - items.begin()));
            Sum &sum = column[static_cast<size_t>(cell - firstCell)];
            const auto count = static_cast<double>(taken.size());
            const QPointF middle = (layout.rectOf(taken.front()).center() + layout.rectOf(taken.back()).center()) / 2;
            sum.x += middle.x() * count;
            sum.y += middle.y() * count;
            if (sum.cluster.items == 0)
                sum.cluster.firstItem = taken.front();
            sum.cluster.items += static_cast<qint64>(taken.size());
            sum.cluster.events += scene.eventsOf(taken);
            items = items.subspan(taken.size());
        }
    }
    finishColumn();
    return clusters;
}

} // namespace ui::traces
