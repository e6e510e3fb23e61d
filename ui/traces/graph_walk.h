// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"
#include "ui/traces/graph_camera.h"

namespace ui::traces {

enum class GraphStep { ToCause, ToEffect, Up, Down, ToFirst, ToLast };

/// Where a step from an item leads; −1: nowhere. Up and down stay in the layer, siblings first. To an effect: `back` if it is one (where
/// the walk came from), else the one in the middle. From no item (−1) every step but the last leads to the first root.
[[nodiscard]] int walked(const models::trace::GraphScene &scene, int item, GraphStep step, int back = -1);

/// The item that is drawn under a point of the view, within reach of a hand where it is drawn small; the first one of a cluster; −1: none.
[[nodiscard]] int itemUnder(const models::trace::GraphScene &scene, const GraphCamera &camera, QPointF point);

} // namespace ui::traces
