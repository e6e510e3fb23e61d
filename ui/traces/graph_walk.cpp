// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_walk.h"

#include "ui/traces/graph_clusters.h"

#include <cmath>

namespace ui::traces {

using models::trace::GraphScene;
using models::trace::LayeredLayout;

namespace {

constexpr double Reach = 6; ///< pixels around a dot

int clusterItemUnder(const GraphScene &scene, const GraphCamera &camera, QPointF point)
{
    for (const GraphCluster &cluster : clustersInSight(scene, camera))
        if (QRectF(cluster.center - QPointF(24, 10), QSizeF(48, 20)).contains(point))
            return cluster.firstItem;
    return -1;
}

/// The nearest in the column, within reach.
int dotUnder(const GraphScene &scene, const GraphCamera &camera, QPointF scenePoint)
{
    const LayeredLayout &layout = scene.layout();
    const double gap = LayeredLayout::LayerPitch - LayeredLayout::NodeWidth;
    const double layer = std::floor((scenePoint.x() + gap / 2) / LayeredLayout::LayerPitch);
    if (layer < 0 || layer >= layout.layerCount())
        return -1;
    const double reach = Reach / (LayeredLayout::RowPitch * camera.scaleY());
    const double row = (scenePoint.y() - LayeredLayout::NodeHeight / 2) / LayeredLayout::RowPitch;
    int nearest = -1;
    for (const qint32 item : scene.itemsBetween(static_cast<int>(layer), row - reach, row + reach))
        if (nearest < 0 || std::abs(layout.rowOf(item) - row) < std::abs(layout.rowOf(nearest) - row))
            nearest = item;
    return nearest;
}

} // namespace

int walked(const GraphScene &scene, int item, GraphStep step, int back)
{
    if (scene.count() == 0)
        return -1;
    if (step == GraphStep::ToLast)
        return scene.itemOfEvent(static_cast<int>(scene.trace().events.size()) - 1);
    if (item < 0 || step == GraphStep::ToFirst)
        return scene.graph().roots().empty() ? 0 : scene.view().itemOf(scene.graph().roots().front());
    const LayeredLayout &layout = scene.layout();
    if (step == GraphStep::ToCause)
        return layout.treeCauseOf(item);
    if (step == GraphStep::ToEffect) {
        if (back >= 0 && layout.treeCauseOf(back) == item)
            return back;
        const auto effects = layout.treeEffectsOf(item);
        return effects.empty() ? -1 : effects[(effects.size() - 1) / 2];
    }
    return scene.neighbour(item, step == GraphStep::Up ? -1 : 1);
}

int itemUnder(const GraphScene &scene, const GraphCamera &camera, QPointF point)
{
    switch (camera.detail()) {
    case Detail::Cluster: return clusterItemUnder(scene, camera, point);
    case Detail::Dot: return dotUnder(scene, camera, camera.toScene(point));
    case Detail::Text:
    case Detail::Box: break;
    }
    return scene.itemAt(camera.toScene(point));
}

} // namespace ui::traces
