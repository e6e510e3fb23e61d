// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ink_delegate.h"

namespace ui::widgets {

void InkDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (const QVariant ink = index.data(Qt::ForegroundRole); ink.isValid())
        option->palette.setBrush(QPalette::HighlightedText, ink.canConvert<QBrush>() ? ink.value<QBrush>() : QBrush(ink.value<QColor>()));
}

} // namespace ui::widgets
