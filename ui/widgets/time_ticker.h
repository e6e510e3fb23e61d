// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/custom_plot.h"

namespace ui::widgets {

/// Times at round steps, never more of them than setTickCount() says: QCustomPlot's own takes the nearest step, and labels run
/// into each other. Steps of an hour and more are QCustomPlot's, which knows of days and months.
class TimeTicker final : public QCPAxisTickerDateTime
{
protected:
    double getTickStep(const QCPRange &range) override;
};

} // namespace ui::widgets
