// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/frame/place.h"

#include <QList>

namespace ui::frame {

/// Where a user has been, as in a browser: going somewhere new forgets what lay ahead. Keeps the last 200 places.
class PlaceHistory final
{
public:
    void add(const Place &place); ///< the same place again is not added
    [[nodiscard]] bool canGoBack() const { return m_current > 0; }
    [[nodiscard]] bool canGoForward() const { return m_current + 1 < m_places.size(); }
    Place back();    ///< only if canGoBack()
    Place forward(); ///< only if canGoForward()

private:
    QList<Place> m_places;
    qsizetype m_current = -1;
};

} // namespace ui::frame
