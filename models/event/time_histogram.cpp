// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/time_histogram.h"

#include <algorithm>

namespace models::event {

namespace {

/// Rounds towards the past also before 1970.
qint64 floorDivided(qint64 value, qint64 divisor)
{
    const qint64 quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

} // namespace

void TimeHistogram::add(connectors::EpochMs time)
{
    if (m_bins.empty()) {
        m_first = floorDivided(time, m_width);
        m_bins.push_back(1);
        return;
    }
    const auto last = [this] { return m_first + static_cast<qint64>(m_bins.size()) - 1; };
    qint64 bin = floorDivided(time, m_width);
    while (std::max(bin, last()) - std::min(bin, m_first) >= MaximumBins) {
        widen();
        bin = floorDivided(time, m_width);
    }
    if (bin < m_first) {
        m_bins.insert(m_bins.begin(), static_cast<size_t>(m_first - bin), 0);
        m_first = bin;
    } else if (bin > last()) {
        m_bins.resize(static_cast<size_t>(bin - m_first + 1), 0);
    }
    ++m_bins[static_cast<size_t>(bin - m_first)];
}

void TimeHistogram::widen()
{
    const qint64 first = floorDivided(m_first, 2);
    std::vector<qint64> merged(static_cast<size_t>(floorDivided(m_first + static_cast<qint64>(m_bins.size()) - 1, 2) - first + 1), 0);
    for (size_t i = 0; i < m_bins.size(); ++i)
        merged[static_cast<size_t>(floorDivided(m_first + static_cast<qint64>(i), 2) - first)] += m_bins[i];
    m_bins = std::move(merged);
    m_first = first;
    m_width *= 2;
}

void TimeHistogram::clear()
{
    *this = {};
}

qint64 TimeHistogram::highest() const
{
    return m_bins.empty() ? 0 : *std::max_element(m_bins.cbegin(), m_bins.cend());
}

} // namespace models::event
