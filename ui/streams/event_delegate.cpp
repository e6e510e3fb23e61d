// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/event_delegate.h"

#include "models/event/event_table_model.h"
#include "ui/event/type_dot.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDateTime>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>

#include <algorithm>

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

models::event::EventEntry entryOf(const QModelIndex &index)
{
    return modelOf(index).list().entry(modelOf(index).sequenceOf(index.row()));
}

/// No event, but what nobody can read.
bool isLeftOut(const QModelIndex &index)
{
    return entryOf(index).format == connectors::BodyFormat::LeftOut;
}

constexpr int ErrorIconSize = 12;

bool isTabular(const EventColumn &column)
{
    return column.isNumber() || column.kind == Kind::Time;
}

} // namespace

EventDelegate::EventDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

/// Today's times are told apart by their seconds; the date is in the tool tip.
QString EventDelegate::timeWords(connectors::EpochMs time) const
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    if (now < m_today.begin || now >= m_today.end || m_today.zone != widgets::text::timeZone()) {
        const QDateTime moment = widgets::text::dateTime(now);
        const auto midnight = [&moment](int days) { return moment.date().addDays(days).startOfDay(moment.timeSpec()).toMSecsSinceEpoch(); };
        m_today = {midnight(0), midnight(1), widgets::text::timeZone()};
    }
    const bool isToday = time >= m_today.begin && time < m_today.end;
    return widgets::text::dateTime(time).toString(isToday ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

QString EventDelegate::words(const QModelIndex &index) const
{
    return words(index, columnOf(index), index.data());
}

QString EventDelegate::words(const QModelIndex &index, const EventColumn &column, const QVariant &value) const
{
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
        return QString::number(entryOf(index).partition) + u':' + QString::number(value.toLongLong());
    }
    if (column.kind == Kind::Type && isLeftOut(index)) {
        const models::event::EventEntry entry = entryOf(index);
        return tr("batch at partition %1, position %2: %3").arg(QString::number(entry.partition), widgets::text::exact(entry.position), value.toString());
    }
    return event::valueWords(column, value, false); // an id is cut where its column ends
}

void EventDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (option.state.testFlag(QStyle::State_HasFocus) && !isLeftOut(index)) // the one cell with a frame
        return QStyledItemDelegate::paint(painter, option, index);
    const EventColumn &column = columnOf(index);
    const QVariant value = index.data();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &option, option.widget) + 1;
    QRect room = option.rect.adjusted(margin, 0, -margin, 0);
    if (isLeftOut(index) && paintLeftOut(painter, option, index, margin))
        return;
    if (column.kind == Kind::Type && value.isValid()) {
        painter->drawPixmap(QPoint(room.left(), option.rect.center().y() + 1 - event::DotSize / 2), dot(value.toString(), painter->device()->devicePixelRatioF()));
        room.adjust(event::DotSize + 2 * margin, 0, 0, 0);
    }
    QStyleOptionViewItem shown = option;
    if (!value.isValid())
        shown.palette.setColor(QPalette::Text, theme::color(theme::Role::Muted));
    paintText(painter, shown, room, column, words(index, column, value));
}

/// The words begin in the column of the type and go on over those at its right, which have nothing to say here: each of these cells
/// paints its piece of them. False: this one is at the left.
bool EventDelegate::paintLeftOut(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, int margin) const
{
    const std::vector<EventColumn> &columns = modelOf(index).columns();
    const auto type = std::find_if(columns.cbegin(), columns.cend(), [](const EventColumn &column) { return column.kind == Kind::Type; });
    const auto *view = qobject_cast<const QTableView *>(option.widget);
    if (type == columns.cend() || !view)
        return false;
    const int typeColumn = static_cast<int>(type - columns.cbegin());
    const int begin = view->columnViewportPosition(typeColumn) + margin;
    if (option.rect.right() < begin)
        return false;
    painter->save();
    painter->setClipRect(option.rect, Qt::IntersectClip);
    const QRect place(begin, option.rect.center().y() - ErrorIconSize / 2, ErrorIconSize, ErrorIconSize);
    theme::icon(QStringLiteral("error"), theme::Role::Error).paint(painter, place);
    const QRect room(begin + ErrorIconSize + margin, option.rect.top(), view->viewport()->width() - begin - ErrorIconSize - 2 * margin, option.rect.height());
    QStyleOptionViewItem shown = option;
    shown.palette.setColor(QPalette::Text, theme::color(theme::Role::Error));
    const QModelIndex itsType = index.siblingAtColumn(typeColumn);
    paintText(painter, shown, room, *type, words(itsType, *type, itsType.data()));
    painter->restore();
    return true;
}

void EventDelegate::paintText(QPainter *painter, const QStyleOptionViewItem &option, QRect room, const EventColumn &column, const QString &words) const
{
    const QFont font = isTabular(column) ? theme::tabularFont() : option.font;
    const CellText &text = textIn(font);
    const CellText::Fitted fitted = event::isId(column) ? text.fittedInTheMiddle(words, room.width()) : text.fitted(words, room.width());
    const auto group = !option.state.testFlag(QStyle::State_Enabled) ? QPalette::Disabled
        : option.state.testFlag(QStyle::State_Active)                ? QPalette::Normal
                                                                     : QPalette::Inactive;
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->setPen(option.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text));
    if (painter->font() != font)
        painter->setFont(font);
    const qreal x = column.isNumber() ? room.right() + 1 - fitted.width : room.left();
    const qreal y = room.top() + (room.height() - text.metrics().height()) / 2 + text.metrics().ascent();
    painter->drawText(QPointF(x, y), fitted.text);
}

const CellText &EventDelegate::textIn(const QFont &font) const
{
    if (!m_text || m_text->font() != font)
        m_text.emplace(font);
    return *m_text;
}

void EventDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const EventColumn &column = columnOf(index);
    const QVariant value = index.data();
    option->text = words(index, column, value);
    option->features |= QStyleOptionViewItem::HasDisplay;
    if (event::isId(column))
        option->textElideMode = Qt::ElideMiddle;
    if (column.isNumber())
        option->displayAlignment = Qt::AlignRight | Qt::AlignVCenter;
    if (isTabular(column))
        option->font = theme::tabularFont();
    if (!value.isValid())
        option->palette.setColor(QPalette::Text, theme::color(theme::Role::Muted));
    if (column.kind == Kind::Type && value.isValid()) {
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = QSize(event::DotSize, event::DotSize);
        option->icon = event::typeDot(value.toString());
    }
}

const QPixmap &EventDelegate::dot(const QString &type, qreal devicePixelRatio) const
{
    const std::pair key(theme::stableColor(type).rgb(), devicePixelRatio);
    if (const auto known = m_dots.constFind(key); known != m_dots.cend())
        return *known;
    return *m_dots.insert(key, event::typeDot(type).pixmap(QSize(event::DotSize, event::DotSize), devicePixelRatio));
}

bool EventDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const bool isAboutLeftOut = columnOf(index).kind == Kind::Type && isLeftOut(index);
    const QString exact = isAboutLeftOut ? words(index) : event::exactWords(columnOf(index), index.data());
    QToolTip::showText(event->globalPos(), widgets::text::toolTip(exact), view);
    return true;
}

} // namespace ui::streams
