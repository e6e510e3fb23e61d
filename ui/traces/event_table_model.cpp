// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/event_table_model.h"

#include "ui/theme/theme.h"
#include "ui/traces/event_words.h"
#include "ui/widgets/text.h"

namespace ui::traces {

using connectors::NoNumber;
using models::trace::TraceEvent;
namespace text = ui::widgets::text;

void EventTableModel::setTrace(models::trace::JoinedTracePtr joined)
{
    beginResetModel();
    m_joined = std::move(joined);
    m_begin = NoNumber;
    for (size_t i = 0; m_joined && i < m_joined->trace.events.size() && m_begin == NoNumber; ++i)
        m_begin = m_joined->trace.events[i].time;
    endResetModel();
}

int EventTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_joined ? 0 : static_cast<int>(m_joined->trace.events.size());
}

QString EventTableModel::textOf(const TraceEvent &event, int column) const
{
    switch (column) {
    case TimeColumn: return event.time == NoNumber ? QStringLiteral("–") : text::localTime(event.time);
    case AfterColumn: return event.time == NoNumber ? QStringLiteral("–") : elapsedText(event.time - m_begin);
    case TypeColumn: return typeText(event.eventType);
    case AggregateColumn: return text::untrusted(event.aggregateId);
    case StreamColumn: return text::untrusted(event.address.stream);
    case PositionColumn: return QStringLiteral("%1:%2").arg(event.address.partition).arg(event.address.position);
    case IdColumn: return text::shortId(event.eventId);
    default: return {};
    }
}

QString EventTableModel::wholeText(const TraceEvent &event, int column) const
{
    switch (column) {
    case TimeColumn: return event.time == NoNumber ? tr("The event has no time.") : text::utcTime(event.time);
    case IdColumn: return event.eventId;
    case StreamColumn: return m_joined->trace.connections[static_cast<size_t>(event.connection)] + u'\n' + event.address.stream;
    default: return textOf(event, column);
    }
}

QVariant EventTableModel::data(const QModelIndex &index, int role) const
{
    if (!m_joined || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TraceEvent &event = m_joined->trace.events[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(event, index.column());
    case Qt::ToolTipRole:
        return text::toolTip(wholeText(event, index.column()));
    case Qt::ForegroundRole:
        if (index.column() != TypeColumn)
            return {};
        return event.isDeadLettered ? theme::color(theme::Role::Error) : theme::stableColor(event.eventType);
    case Qt::DecorationRole:
        if (index.column() != TypeColumn || !(event.isDeadLettered || models::trace::namesFailure(event.eventType)))
            return {};
        return theme::icon(event.isDeadLettered ? QStringLiteral("dead-letters") : QStringLiteral("error"), theme::Role::Error);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() == AfterColumn || index.column() == PositionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant EventTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == AfterColumn || section == PositionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn: return tr("Time");
    case AfterColumn: return tr("After");
    case TypeColumn: return tr("Type");
    case AggregateColumn: return tr("Aggregate");
    case StreamColumn: return tr("Stream");
    case PositionColumn: return tr("Position");
    case IdColumn: return tr("Event id");
    default: return {};
    }
}

} // namespace ui::traces
