// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/place_history.h"

namespace ui::frame {

namespace {

constexpr qsizetype KeptPlaces = 200;

} // namespace

void PlaceHistory::add(const Place &place)
{
    if (m_current >= 0 && m_places.at(m_current) == place)
        return;
    m_places.remove(m_current + 1, m_places.size() - m_current - 1);
    m_places.append(place);
    if (m_places.size() > KeptPlaces)
        m_places.removeFirst();
    m_current = m_places.size() - 1;
}

Place PlaceHistory::back()
{
    return m_places.at(--m_current);
}

Place PlaceHistory::forward()
{
    return m_places.at(++m_current);
}

} // namespace ui::frame
