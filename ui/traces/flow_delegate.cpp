// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/flow_delegate.h"

#include "ui/theme/theme.h"
#include "ui/traces/flow_list_model.h"

#include <QApplication>
#include <QPainter>

namespace ui::traces {

void FlowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem ground = option;
    initStyleOption(&ground, index);
    ground.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
    QRect inner = option.rect.adjusted(theme::Spacing, theme::Unit, -theme::Spacing, -theme::Unit);
    painter->save();
    if (index.data(FlowListModel::HasFailureRole).toBool()) {
        const QRect mark(inner.right() - 15, inner.top(), 16, 16);
        theme::icon(QStringLiteral("error"), theme::Role::Error).paint(painter, mark);
        inner.setRight(mark.left() - theme::Unit);
    }
    painter->setPen(option.palette.color(QPalette::Text));
    painter->setFont(option.font);
    const QFontMetrics metrics(option.font);
    painter->drawText(QPoint(inner.left(), inner.top() + metrics.ascent()), metrics.elidedText(index.data().toString(), Qt::ElideMiddle, inner.width()));
    painter->setPen(theme::color(theme::Role::Muted));
    const QString detail = index.data(FlowListModel::DetailRole).toString();
    painter->drawText(QPoint(inner.left(), inner.top() + metrics.height() + metrics.ascent()), metrics.elidedText(detail, Qt::ElideRight, inner.width()));
    painter->restore();
}

QSize FlowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {120, 2 * QFontMetrics(option.font).height() + 2 * theme::Unit};
}

} // namespace ui::traces
