// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QPalette>

namespace ui::theme {

/// What a colour means. Every colour of the program comes from here; it follows the palette (light or dark).
enum class Role {
    Ok, Warning, Error, Info, Muted, Accent, Selection,
    Production, Staging, Development,
    Text, Base, Raised, Line, ///< ordinary text, the ground it stands on, a panel on that ground, a hairline
    Series1, Series2, Series3, Series4, Series5, Series6, Series7, Series8
};

inline constexpr int SeriesCount = 8;

[[nodiscard]] bool isDark(const QPalette &palette);
[[nodiscard]] QColor color(Role role, bool dark);
/// For the application's present palette.
[[nodiscard]] QColor color(Role role);
/// Colour of the n-th line of a chart; starts again after eight.
[[nodiscard]] QColor seriesColor(int index);
/// A colour for a name (event types), the same everywhere while the program runs, and from start to start unless another name
/// that came first has it: the first eight names have eight colours. Any thread.
[[nodiscard]] QColor stableColor(const QString &name);
[[nodiscard]] Role environmentRole(connectors::Environment environment);

/// A palette for the whole application, light or dark, made of the same table.
[[nodiscard]] QPalette palette(bool dark);

/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
[[nodiscard]] double contrast(const QColor &one, const QColor &other);

/// An icon of resources/icons by its name ("streams"), drawn in the palette's colour whenever it is painted.
[[nodiscard]] QIcon icon(const QString &name);
/// The same in the colour of a meaning.
[[nodiscard]] QIcon icon(const QString &name, Role role);

/// The system's font with figures of equal width, for numbers in tables.
[[nodiscard]] QFont tabularFont();
/// For payloads and ids only.
[[nodiscard]] QFont monospaceFont();

// Grid of 4 px.
inline constexpr int Unit = 4;
inline constexpr int Margin = 12;
inline constexpr int Spacing = 8;

} // namespace ui::theme
