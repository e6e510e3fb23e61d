// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui::streams {

/// Makes words of the raw values of an EventTableModel: times of today without the date, ids shortened in the middle, a dot in
/// the stable colour of the type, numbers to the right. Text from outside is escaped and cut.
class EventDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit EventDelegate(QObject *parent = nullptr);

    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index) override;
    /// What a cell shows.
    [[nodiscard]] QString words(const QModelIndex &index) const;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    [[nodiscard]] QIcon dot(const QString &type) const;

    mutable QHash<QRgb, QIcon> m_dots;
};

} // namespace ui::streams
