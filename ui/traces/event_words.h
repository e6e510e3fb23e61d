// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"

namespace ui::traces {

/// The two lines of an item: type, then aggregate and stream. Safe to draw.
[[nodiscard]] std::pair<QString, QString> wordsOf(const models::trace::GraphScene &scene, int item);

/// "+4.2 s", "−830 ms".
[[nodiscard]] QString elapsedText(qint64 milliseconds);

/// All about an item in sentences, for a tool tip (give it to text::toolTip()) and for those who listen. Lines are separated by \n.
[[nodiscard]] QString describeItem(const models::trace::GraphScene &scene, int item);

/// The type, or words that say that there is none. Safe to draw.
[[nodiscard]] QString typeText(const QString &eventType, int limit = 80);

/// "orders 3:1204", as tables show it. Safe to draw.
[[nodiscard]] QString addressText(const connectors::EventAddress &address);

/// "OrderPlaced of order-17, orders 3:1204, 2026-03-01 12:01:04.220".
[[nodiscard]] QString describeEvent(const models::trace::TraceEvent &event);

} // namespace ui::traces
