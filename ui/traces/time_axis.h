// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

namespace ui::traces {

/// The smallest round number of milliseconds of which at most `most` fit in `span`.
[[nodiscard]] double tickStep(double span, int most);

/// Milliseconds after `begin` at which ticks stand in [from, to]; none before `begin`.
[[nodiscard]] QList<double> ticks(double begin, double from, double to, int most);

} // namespace ui::traces
