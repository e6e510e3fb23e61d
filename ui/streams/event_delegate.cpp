// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/event_delegate.h"

#include "models/event/event_table_model.h"
#include "ui/event/type_dot.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAbstractItemView>
#include <QDateTime>
#include <QHelpEvent>
#include <QToolTip>

namespace ui::streams {

using models::event::EventColumn;
using models::event::EventTableModel;
using Kind = EventColumn::Kind;

namespace {

const EventTableModel &modelOf(const QModelIndex &index)
{
    return *static_cast<const EventTableModel *>(index.model());
}

const EventColumn &columnOf(const QModelIndex &index)
{
    return modelOf(index).columns()[static_cast<size_t>(index.column())];
}

/// Today's times are told apart by their seconds; the date is in the tool tip.
QString timeWords(qint64 time)
{
    const QDateTime moment = widgets::text::dateTime(time);
    const bool isToday = moment.date() == widgets::text::dateTime(QDateTime::currentMSecsSinceEpoch()).date();
    return moment.toString(isToday ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

} // namespace

EventDelegate::EventDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

QString EventDelegate::words(const QModelIndex &index) const
{
    const EventColumn &column = columnOf(index);
    const QVariant value = index.data();
    if (!value.isValid() && !column.isResident()) {
        const auto state = static_cast<EventTableModel::CellState>(index.data(EventTableModel::StateRole).toInt());
        if (state == EventTableModel::CellState::Loading)
            return QStringLiteral("…");
        if (state == EventTableModel::CellState::Gone)
            return tr("no longer stored");
    }
    if (column.kind == Kind::Time && value.isValid())
        return timeWords(value.toLongLong());
    if (column.kind == Kind::Position) {
        const models::event::EventList &list = modelOf(index).list();
        return QStringLiteral("%1:%2").arg(list.entry(modelOf(index).sequenceOf(index.row())).partition).arg(value.toLongLong());
    }
    return event::valueWords(column, value, true);
}

void EventDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const EventColumn &column = columnOf(index);
    option->text = words(index);
    option->features |= QStyleOptionViewItem::HasDisplay;
    if (column.isNumber())
        option->displayAlignment = Qt::AlignRight | Qt::AlignVCenter;
    if (column.isNumber() || column.kind == Kind::Time)
        option->font = theme::tabularFont();
    if (!index.data().isValid())
        option->palette.setColor(QPalette::Text, theme::color(theme::Role::Muted));
    if (column.kind == Kind::Type && index.data().isValid()) {
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = QSize(event::DotSize, event::DotSize);
        option->icon = dot(index.data().toString());
    }
}

QIcon EventDelegate::dot(const QString &type) const
{
    const QColor color = theme::stableColor(type);
    if (const auto known = m_dots.constFind(color.rgb()); known != m_dots.cend())
        return *known;
    return *m_dots.insert(color.rgb(), event::typeDot(type));
}

bool EventDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), widgets::text::toolTip(event::exactWords(columnOf(index), index.data())), view);
    return true;
}

} // namespace ui::streams
