// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/partition_bar_delegate.h"

#include "ui/consumers/partition_table_model.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace ui::consumers {

void PartitionBarDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant start = index.data(PartitionTableModel::StartRole);
    const QVariant checkpoint = index.data(PartitionTableModel::CheckpointRole);
    const QVariant end = index.data(PartitionTableModel::EndRole);
    if (!start.isValid() || !end.isValid() || !index.data().toString().isEmpty()) // said in words
        return;
    const QRectF area = QRectF(option.rect).adjusted(10, 0, -10, 0);
    const double middle = area.center().y();
    const auto first = static_cast<double>(start.toLongLong());
    const double span = std::max(1.0, static_cast<double>(end.toLongLong()) - first);
    painter->save();
    painter->setClipRect(option.rect);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme::color(theme::Role::Muted), 1.5));
    painter->drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle));
    for (const double edge : {area.left(), area.right()})
        painter->drawLine(QPointF(edge, middle - 5), QPointF(edge, middle + 5));
    if (checkpoint.isValid()) {
        const double part = std::clamp((static_cast<double>(checkpoint.toLongLong()) - first) / span, 0.0, 1.0);
        const double x = area.left() + area.width() * part;
        const bool isLost = checkpoint.toLongLong() < start.toLongLong();
        const bool isAhead = checkpoint.toLongLong() > end.toLongLong();
        const QColor ink = theme::color(isLost || isAhead ? theme::Role::Error : theme::Role::Accent);
        painter->setPen(QPen(ink, 4, Qt::SolidLine, Qt::FlatCap));
        painter->drawLine(QPointF(x, middle), QPointF(area.right(), middle));
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawEllipse(QPointF(x, middle), 4.5, 4.5);
    }
    painter->restore();
}

} // namespace ui::consumers
