// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace ui::event {

inline constexpr int DotSize = 10;

/// A dot in the stable colour of an event's type, sharp also at 200 %; muted where there is no type.
[[nodiscard]] QIcon typeDot(const QString &type);

} // namespace ui::event
