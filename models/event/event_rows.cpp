// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_rows.h"

#include <algorithm>
#include <numeric>

namespace models::event {

void EventRows::showAll(qint64 first)
{
    *this = {};
    m_first = first;
}

void EventRows::beginSelection(qint64 first)
{
    *this = {};
    m_first = first;
    m_isAll = false;
}

int EventRows::rowOf(qint64 sequence) const
{
    if (sequence < m_first)
        return -1;
    if (m_isAll)
        return sequence - m_first < m_count ? static_cast<int>(sequence - m_first) : -1;
    const auto place = static_cast<quint32>(sequence - m_first);
    const auto found = m_isSorted ? std::find(m_selection.cbegin(), m_selection.cend(), place)
                                  : std::lower_bound(m_selection.cbegin(), m_selection.cend(), place);
    return found != m_selection.cend() && *found == place ? static_cast<int>(found - m_selection.cbegin()) : -1;
}

int EventRows::countBefore(qint64 sequence) const
{
    if (sequence <= m_first)
        return 0;
    if (m_isAll)
        return static_cast<int>(std::min<qint64>(m_count, sequence - m_first));
    return static_cast<int>(std::lower_bound(m_selection.cbegin(), m_selection.cend(), static_cast<quint32>(sequence - m_first)) - m_selection.cbegin());
}

void EventRows::add(const std::vector<quint32> &places)
{
    m_selection.insert(m_selection.end(), places.begin(), places.end());
}

void EventRows::removeFirst(int count)
{
    if (m_isAll) {
        m_first += count;
        m_count -= count;
    } else {
        m_selection.erase(m_selection.begin(), m_selection.begin() + count);
    }
}

void EventRows::reorder(std::vector<quint32> places)
{
    m_selection = std::move(places);
    m_isAll = false;
    m_isSorted = !std::is_sorted(m_selection.cbegin(), m_selection.cend());
    m_count = 0;
}

std::vector<quint32> EventRows::places() const
{
    if (!m_isAll)
        return m_selection;
    std::vector<quint32> all(static_cast<size_t>(m_count));
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

} // namespace models::event
