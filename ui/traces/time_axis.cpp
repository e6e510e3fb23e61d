// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/time_axis.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ui::traces {

double tickStep(double span, int most)
{
    constexpr double Second = 1e3;
    constexpr double Minute = 60 * Second;
    constexpr double Hour = 60 * Minute;
    constexpr double Day = 24 * Hour;
    static constexpr std::array<double, 30> Steps{1,           2,           5,           10,          20,         50,           100,        200,       500,       Second,
                                                  2 * Second,  5 * Second,  10 * Second, 30 * Second, Minute,     2 * Minute,   5 * Minute, 10 * Minute, 30 * Minute, Hour,
                                                  2 * Hour,    6 * Hour,    12 * Hour,   Day,         2 * Day,    7 * Day,      30 * Day,   90 * Day,  365 * Day, 3650 * Day};
    const auto fits = std::find_if(Steps.cbegin(), Steps.cend(), [&](double step) { return span / step <= most; });
    return fits == Steps.cend() ? span / most : *fits;
}

QList<double> ticks(double begin, double from, double to, int most)
{
    QList<double> found;
    const double step = tickStep(to - from, most);
    for (double tick = std::max(0.0, std::ceil((from - begin) / step) * step); begin + tick <= to; tick += step)
        found += tick;
    return found;
}

} // namespace ui::traces
