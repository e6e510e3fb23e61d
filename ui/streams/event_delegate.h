// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_column.h"
#include "ui/streams/cell_text.h"
#include "ui/widgets/text.h"

#include <QPixmap>
#include <QStyledItemDelegate>

namespace ui::streams {

/// Makes words of the raw values of an EventTableModel: times of today without the date, ids cut in the middle where they have no room, a dot in
/// the stable colour of the type, numbers to the right. Text from outside is escaped and cut. Paints by itself what a style would
/// paint with a text layout for every cell, so that a screen of cells takes a few milliseconds.
class EventDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit EventDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index) override;
    /// What a cell shows where it has room.
    [[nodiscard]] QString words(const QModelIndex &index) const;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    [[nodiscard]] QString words(const QModelIndex &index, const models::event::EventColumn &column, const QVariant &value) const;
    [[nodiscard]] QString timeWords(connectors::EpochMs time) const;
    [[nodiscard]] const CellText &textIn(const QFont &font) const;
    [[nodiscard]] bool paintLeftOut(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, int margin) const;
    void paintText(QPainter *painter, const QStyleOptionViewItem &option, QRect room, const models::event::EventColumn &column, const QString &words) const;
    [[nodiscard]] const QPixmap &dot(const QString &type, qreal devicePixelRatio) const;

    mutable QHash<std::pair<QRgb, qreal>, QPixmap> m_dots;
    mutable std::optional<CellText> m_text;
    /// Today's midnights.
    struct Day {
        connectors::EpochMs begin = 0;
        connectors::EpochMs end = 0;
        widgets::text::TimeZone zone = widgets::text::TimeZone::Local;
    };
    mutable Day m_today;
};

} // namespace ui::streams
