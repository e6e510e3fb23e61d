// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"
#include "ui/traces/graph_camera.h"

namespace ui::traces {

/// Items that are drawn as one because they would touch.
struct GraphCluster {
    QPointF center; ///< pixels of the view
    int firstItem = -1;
    qint64 items = 0;
    qint64 events = 0;
    bool isMarked = false; ///< one of them is dead-lettered or in a cycle
    int cause = -1; ///< the cluster (number in the list) where the first item's cause is; −1: none, or out of sight
};

/// What is in sight, joined in cells of about 56 × 24 pixels that stand still when the view is panned. O(layers in sight + cells ·
/// log items), however many items there are.
[[nodiscard]] std::vector<GraphCluster> clustersInSight(const models::trace::GraphScene &scene, const GraphCamera &camera);

} // namespace ui::traces
