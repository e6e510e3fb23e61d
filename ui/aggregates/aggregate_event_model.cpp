// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/aggregate_event_model.h"

#include "ui/aggregates/aggregate_words.h"
#include "ui/event/type_dot.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

namespace ui::aggregates {

using connectors::NoNumber;
using models::aggregate::AggregateEvent;
namespace text = ui::widgets::text;

void AggregateEventModel::setHistory(std::shared_ptr<const models::aggregate::AggregateHistory> history)
{
    beginResetModel();
    m_history = std::move(history);
    endResetModel();
}

int AggregateEventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_history ? 0 : static_cast<int>(m_history->versions());
}

QString AggregateEventModel::textOf(qint64 version, int column) const
{
    const AggregateEvent &event = m_history->at(version);
    switch (column) {
    case VersionColumn: return text::exact(version);
    case TypeColumn: return event.eventType.isEmpty() ? tr("no type") : text::untrusted(event.eventType);
    case TimeColumn: return event.time == NoNumber ? QStringLiteral("–") : text::localTime(event.time);
    case NoteColumn: return compensationWords(*m_history, version);
    default: return {};
    }
}

QString AggregateEventModel::wholeText(qint64 version, int column) const
{
    const AggregateEvent &event = m_history->at(version);
    switch (column) {
    case VersionColumn: {
        const QString place = tr("Position %1 of %2.").arg(text::exact(event.position), text::untrusted(event.stream));
        return event.ownVersion == NoNumber || event.ownVersion == version ? place : place + u' ' + tr("The event calls itself version %1.").arg(text::exact(event.ownVersion));
    }
    case TimeColumn: return event.time == NoNumber ? tr("The event has no time.") : text::utcTime(event.time);
    case TypeColumn: return event.eventId.isEmpty() ? event.eventType : tr("%1, event %2").arg(event.eventType, event.eventId);
    default: return textOf(version, column);
    }
}

QVariant AggregateEventModel::data(const QModelIndex &index, int role) const
{
    if (!m_history || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const qint64 version = index.row() + 1;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(version, index.column());
    case Qt::ToolTipRole:
        return text::toolTip(wholeText(version, index.column()));
    case Qt::DecorationRole:
        return index.column() == TypeColumn ? QVariant(event::typeDot(m_history->at(version).eventType)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() == VersionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant AggregateEventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == VersionColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case VersionColumn: return tr("Version");
    case TypeColumn: return tr("Type");
    case TimeColumn: return tr("Time");
    case NoteColumn: return tr("Compensation");
    default: return {};
    }
}

} // namespace ui::aggregates
