// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/window_geometry.h"

#include <QScreen>
#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace ui::frame {

QRect fittedGeometry(const QRect &wanted, const QMargins &frame, const QRect &available)
{
    QRect outer = wanted.marginsAdded(frame);
    outer.setSize(outer.size().boundedTo(available.size()));
    outer.moveLeft(std::clamp(outer.left(), available.left(), available.right() + 1 - outer.width()));
    outer.moveTop(std::clamp(outer.top(), available.top(), available.bottom() + 1 - outer.height()));
    return outer.marginsRemoved(frame);
}

void fitToScreen(QWidget *window)
{
    if (window->isMaximized() || window->isFullScreen())
        return;
    const QRect inner = window->geometry();
    const QRect outer = window->frameGeometry();
    QMargins frame(inner.left() - outer.left(), inner.top() - outer.top(), outer.right() - inner.right(), outer.bottom() - inner.bottom());
    if (!window->isVisible())
        frame.setTop(std::max(frame.top(), window->style()->pixelMetric(QStyle::PM_TitleBarHeight)));
    window->setGeometry(fittedGeometry(inner, frame, window->screen()->availableGeometry()));
}

void setWindowSize(QWidget *window, const QSize &size)
{
    window->setWindowState(window->windowState() & ~(Qt::WindowMaximized | Qt::WindowFullScreen));
    window->resize(size);
}

} // namespace ui::frame
