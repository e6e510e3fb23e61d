// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMargins>
#include <QRect>

class QSize;
class QWidget;

namespace ui::frame {

/// Where a window goes that wants to be at `wanted` (without its frame): as large as the screen allows with the window
/// manager's frame around it, moved as little as needed to be seen whole. In pixels of the screen.
[[nodiscard]] QRect fittedGeometry(const QRect &wanted, const QMargins &frame, const QRect &available);

/// Keeps a window within its screen. Before it is shown its frame is not known; then a title bar is reckoned with.
void fitToScreen(QWidget *window);

/// Gives a window this size, also one that was maximized or filled its screen, and keeps it where it is.
void setWindowSize(QWidget *window, const QSize &size);

} // namespace ui::frame
