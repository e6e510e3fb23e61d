// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/time_ticker.h"

#include <algorithm>
#include <array>

namespace ui::widgets {

double TimeTicker::getTickStep(const QCPRange &range)
{
    static constexpr std::array<double, 15> Steps{1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600}; // seconds
    const double least = range.size() / std::max(1, tickCount());
    const auto step = std::lower_bound(Steps.begin(), Steps.end(), least);
    const double common = QCPAxisTickerDateTime::getTickStep(range); // it also chooses how days are counted
    return least < Steps.front() || step == Steps.end() ? common : *step;
}

} // namespace ui::widgets
