// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/series.h"

#include <cmath>

namespace models::history {

Decimator::Decimator(connectors::EpochMs from, connectors::EpochMs to, int pixels)
    : m_from(from)
    , m_to(std::max(to, from + 1))
    , m_pixels(std::max(1, pixels))
{
}

void Decimator::add(const SeriesPoint &point)
{
    const auto slice = static_cast<qint64>(static_cast<double>(point.time - m_from) * m_pixels / static_cast<double>(m_to - m_from));
    if (slice != m_slice) {
        flush();
        m_slice = slice;
    }
    m_endsInGap = std::isnan(point.value);
    if (m_endsInGap) {
        m_gapAt = point.time;
        return;
    }
    if (!m_hasValues || point.value < m_smallest.value)
        m_smallest = point;
    if (!m_hasValues || point.value > m_largest.value)
        m_largest = point;
    m_hasValues = true;
}

void Decimator::flush()
{
    if (m_hasValues) {
        const bool smallestIsFirst = m_smallest.time < m_largest.time;
        m_result.push_back(smallestIsFirst ? m_smallest : m_largest);
        if (m_smallest.time != m_largest.time)
            m_result.push_back(smallestIsFirst ? m_largest : m_smallest);
    }
    if (m_endsInGap && !m_result.empty() && !std::isnan(m_result.back().value))
        m_result.push_back({m_gapAt, std::nan("")});
    m_hasValues = false;
    m_endsInGap = false;
}

std::vector<SeriesPoint> Decimator::take()
{
    flush();
    return std::move(m_result);
}

} // namespace models::history
