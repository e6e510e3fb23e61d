// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/type_dot.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace ui::event {

QIcon typeDot(const QString &type)
{
    constexpr int Scale = 4;
    QPixmap pixmap(DotSize * Scale, DotSize * Scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(type.isEmpty() ? theme::color(theme::Role::Muted) : theme::stableColor(type));
    painter.drawEllipse(QRectF(pixmap.rect()).adjusted(Scale, Scale, -Scale, -Scale));
    painter.end();
    return QIcon(pixmap);
}

} // namespace ui::event
