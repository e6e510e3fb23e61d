// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sparkline_delegate.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace ui::widgets {

void SparklineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QWidget *widget = option.widget;
    (widget ? widget->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &item, painter, widget);

    const QVariantList values = index.data(ValuesRole).toList();
    const QRectF area = QRectF(option.rect).adjusted(6, 5, -6, -5);
    if (values.size() < 2 || area.width() < 8)
        return;
    double top = 1; // a flat line of zeros lies at the bottom
    for (const QVariant &value : values)
        if (value.isValid())
            top = std::max(top, value.toDouble());
    QPainterPath path;
    bool isDrawing = false;
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (!values[i].isValid()) {
            isDrawing = false;
            continue;
        }
        const QPointF point(area.left() + area.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
                            area.bottom() - area.height() * std::max(0.0, values[i].toDouble()) / top);
        isDrawing ? path.lineTo(point) : path.moveTo(point);
        isDrawing = true;
    }
    painter->save();
    painter->setClipRect(option.rect);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme::color(theme::Role::Accent), 1.5));
    painter->drawPath(path);
    painter->restore();
}

QSize SparklineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {120, QStyledItemDelegate::sizeHint(option, index).height()};
}

} // namespace ui::widgets
