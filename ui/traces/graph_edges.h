// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"
#include "ui/traces/graph_camera.h"

#include <QLineF>
#include <QVarLengthArray>

namespace ui::traces {

/// What is drawn with one pen each, in pixels of the view.
struct EdgeLines {
    QVarLengthArray<QLineF, 512> plain;
    QVarLengthArray<QLineF, 64> dotted; ///< nothing but the order in time
    QVarLengthArray<QLineF, 64> lit;    ///< on the path that is pointed at
};

/// Scene units from a cause to the line that its effects hang on.
inline constexpr double TrunkGap = 16;

/// The tree edges in sight. Effects hang on one vertical line beside their cause, so they are found without looking at those that are not
/// in sight. `related`: one flag an item, or null.
[[nodiscard]] EdgeLines treeEdgesInSight(const models::trace::GraphScene &scene, const GraphCamera &camera, const std::vector<char> *related);

/// Layers of which something may be seen, and rows with one to spare at either end.
struct InSight {
    int firstLayer = 0;
    int endLayer = 0;
    double fromRow = 0;
    double toRow = 0;
};
[[nodiscard]] InSight inSight(const models::trace::GraphScene &scene, const GraphCamera &camera);

} // namespace ui::traces
