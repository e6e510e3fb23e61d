// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <vector>

namespace models::event {

/// How many events there are over time, in at most 256 bins of equal width. The width begins at 1 ms and doubles (two bins
/// become one) whenever an event is beyond both ends, so that the cost is constant an event and nothing is read twice.
class TimeHistogram final
{
public:
    static constexpr int MaximumBins = 256;

    void add(connectors::EpochMs time);
    void clear();

    [[nodiscard]] bool isEmpty() const { return m_bins.empty(); }
    [[nodiscard]] const std::vector<qint64> &bins() const { return m_bins; } ///< from the first to the last that has events
    [[nodiscard]] connectors::EpochMs begin() const { return m_first * m_width; }
    [[nodiscard]] connectors::EpochMs end() const { return (m_first + static_cast<qint64>(m_bins.size())) * m_width; }
    [[nodiscard]] qint64 binMs() const { return m_width; }
    [[nodiscard]] qint64 highest() const;

private:
    void widen();

    qint64 m_width = 1;
    qint64 m_first = 0; ///< number of the first bin: its begin in units of the width
    std::vector<qint64> m_bins;
};

} // namespace models::event
