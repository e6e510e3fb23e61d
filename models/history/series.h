// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <vector>

namespace models::history {

struct SeriesPoint {
    connectors::EpochMs time = 0;
    double value = 0; ///< NaN: unknown from here on, a gap in the line
    bool operator==(const SeriesPoint &) const = default;
};

/// Answers "give me N pixels": takes points in order of time and keeps of each of N equal slices of [from, to] its first
/// smallest and first largest value, in their order, so that no peak is lost and at most 2 N points come out, and up to
/// N gaps. O(1) a point, nothing is kept but the result.
class Decimator final
{
public:
    Decimator(connectors::EpochMs from, connectors::EpochMs to, int pixels);
    void add(const SeriesPoint &point);
    [[nodiscard]] std::vector<SeriesPoint> take();

private:
    void flush();

    const connectors::EpochMs m_from;
    const connectors::EpochMs m_to;
    const int m_pixels;
    std::vector<SeriesPoint> m_result;
    qint64 m_slice = -1;
    bool m_hasValues = false;
    bool m_endsInGap = false;
    SeriesPoint m_smallest;
    SeriesPoint m_largest;
    connectors::EpochMs m_gapAt = 0;
};

} // namespace models::history
