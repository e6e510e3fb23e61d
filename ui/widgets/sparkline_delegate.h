// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui::widgets {

/// Draws a small line from a QVariantList of numbers (null: a gap) given under `ValuesRole`, newest at the right.
class SparklineDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int ValuesRole = Qt::UserRole + 100;
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::widgets
