// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <chrono>

namespace ui::frame {

/// The one time range of the window: the last so many minutes, moving with the clock, or from … to, standing still.
struct TimeRange {
    std::chrono::milliseconds last{std::chrono::hours(1)};
    std::optional<connectors::EpochMs> from; ///< both or none
    std::optional<connectors::EpochMs> to;

    [[nodiscard]] bool isMoving() const { return !from || !to; }
    [[nodiscard]] connectors::EpochMs begin(connectors::EpochMs now) const { return isMoving() ? now - last.count() : *from; }
    [[nodiscard]] connectors::EpochMs end(connectors::EpochMs now) const { return isMoving() ? now : *to; }
    bool operator==(const TimeRange &) const = default;
};

/// "Last 1 h", or the two times.
[[nodiscard]] QString textOf(const TimeRange &range);

} // namespace ui::frame
