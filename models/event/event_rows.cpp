// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_rows.h"

#include <algorithm>
#include <bit>

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
    // By an eighth, not by as much again: of many rows even what is only reserved is a burden.
    if (const size_t wanted = m_selection.size() + places.size(); wanted > m_selection.capacity())
        m_selection.reserve(std::max(wanted, m_selection.size() + m_selection.size() / 8));
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

void EventRows::unsort(bool isSelection)
{
    if (m_isAll)
        return;
    if (!isSelection) {
        m_isAll = true;
        m_isSorted = false;
        m_count = static_cast<int>(m_selection.size());
        m_selection = {};
        return;
    }
    if (m_isSorted) {
        // A bit a place instead of a sorting: 10,000,000 rows take a few dozen milliseconds.
        constexpr quint32 WordBits = 64;
        std::vector<quint64> areRows(m_selection.empty() ? 0 : *std::max_element(m_selection.cbegin(), m_selection.cend()) / WordBits + 1);
        for (const quint32 place : m_selection)
            areRows[place / WordBits] |= quint64{1} << place % WordBits;
        auto to = m_selection.begin();
        for (size_t word = 0; word < areRows.size(); ++word)
            for (quint64 bits = areRows[word]; bits != 0; bits &= bits - 1)
                *to++ = static_cast<quint32>(word) * WordBits + static_cast<quint32>(std::countr_zero(bits));
        m_isSorted = false;
    }
}

std::vector<int> EventRows::rowsByPlace() const
{
    std::vector<int> rows(m_selection.empty() ? 0 : size_t{*std::max_element(m_selection.cbegin(), m_selection.cend())} + 1, -1);
    for (int row = 0; row < std::ssize(m_selection); ++row)
        rows[m_selection[static_cast<size_t>(row)]] = row;
    return rows;
}

} // namespace models::event
