// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// QCustomPlot's header is written with Qt's keywords, which this project leaves undefined; they exist for its length only.
#include <QtGlobal>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach(variable, container) for (variable : container) // NOLINT(bugprone-macro-parentheses): a declaration
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach

namespace ui::widgets {

/// QCustomPlot's axis of time counts seconds, this project counts milliseconds.
inline constexpr double MillisecondsPerSecond = 1000.0;

} // namespace ui::widgets
