// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

namespace models::history {

constexpr connectors::EpochMs Minute = 60'000;
constexpr connectors::EpochMs Hour = 60 * Minute;
constexpr connectors::EpochMs Day = 24 * Hour;

/// Longest time between two polls that still is one line, by how old they are and so how thinned.
constexpr connectors::EpochMs allowedGap(connectors::EpochMs age)
{
    return age > 30 * Day ? 3 * Hour : age > Day ? 4 * Minute : 3 * Minute;
}

} // namespace models::history
