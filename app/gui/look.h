// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace gui {

enum class Look { System, Light, Dark };

/// `system`, `light`, `dark`; null for other words.
[[nodiscard]] std::optional<Look> lookFromWord(const QString &word);
[[nodiscard]] QString lookWord(Look look);

/// One look on every desktop: Fusion, with words and no pictures on a dialog's buttons.
void applyStyle();

/// Gives the application its palette, now and (for System) as the desktop has it when this is first called.
void applyLook(Look look);

} // namespace gui
