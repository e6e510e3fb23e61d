// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/plan_table_model.h"

#include "ui/replay/plan_text.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::replay {

using models::connection::CheckpointEvent;
namespace words = widgets::text;

namespace {

QString eventText(const std::optional<CheckpointEvent> &event)
{
    if (!event)
        return {};
    QStringList parts{event->eventType.isEmpty() ? PlanTableModel::tr("(no type)") : words::untrusted(event->eventType, 60)};
    if (!event->aggregateId.isEmpty())
        parts += words::shortId(event->aggregateId, 24);
    if (event->time != connectors::NoNumber)
        parts += words::shortTime(event->time);
    return parts.join(u' ');
}

QString eventTip(const std::optional<CheckpointEvent> &event)
{
    if (!event)
        return {};
    return words::toolTip(PlanTableModel::tr("Position %1\nKey %2\n%3").arg(words::exact(event->address.position), words::untrusted(event->key, 100),
                                                                      event->time == connectors::NoNumber ? QString() : words::utcTime(event->time)));
}

} // namespace

void PlanTableModel::setPlan(const models::replay::Plan &plan)
{
    beginResetModel();
    m_rows.clear();
    for (const auto &row : plan.rows)
        m_rows.push_back({row, true, {}, {}});
    for (const auto &row : plan.untouched)
        m_rows.push_back({row, false, {}, {}});
    const auto rank = [](const Row &row) { return !row.isInPlan ? 3 : row.row.isChange() ? 0 : row.row.refused ? 1 : 2; };
    std::stable_sort(m_rows.begin(), m_rows.end(), [&](const Row &a, const Row &b) { return rank(a) < rank(b); });
    endResetModel();
}

void PlanTableModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

void PlanTableModel::setEvents(const std::vector<CheckpointEvent> &events, std::optional<CheckpointEvent> Row::*which, int column)
{
    for (int at = 0; at < rowCount(); ++at) {
        Row &row = m_rows[static_cast<size_t>(at)];
        const auto found = std::find_if(events.begin(), events.end(), [&row](const CheckpointEvent &event) {
            return event.address.partition == row.row.partition && event.stream == row.row.stream;
        });
        if (found == events.end() || row.row.replayed.value_or(0) <= 0)
            continue;
        row.*which = *found;
        Q_EMIT dataChanged(index(at, column), index(at, column));
    }
}

std::optional<connectors::EventAddress> PlanTableModel::firstAffected(int at) const
{
    const Row &each = m_rows[static_cast<size_t>(at)];
    if (each.first)
        return connectors::EventAddress{each.row.stream, each.row.partition, each.first->address.position};
    if (each.row.replayed.value_or(0) > 0 && each.row.after)
        return connectors::EventAddress{each.row.stream, each.row.partition, *each.row.after};
    if (each.row.skipped.value_or(0) > 0 && each.row.before)
        return connectors::EventAddress{each.row.stream, each.row.partition, std::max(*each.row.before, each.row.start.value_or(0))};
    return std::nullopt;
}

int PlanTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &each = m_rows[static_cast<size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(each, column);
    case Qt::ToolTipRole:
        if (column == FirstColumn || column == LastColumn)
            return eventTip(column == FirstColumn ? each.first : each.last);
        if (column == EffectColumn && each.row.refused && each.row.refused->start)
            return words::toolTip(tr("%1\nIt goes from %2 to %3.").arg(each.row.refused->message, positionText(each.row.refused->start), positionText(each.row.refused->end)));
        return words::toolTip(text(each, column));
    case Qt::DecorationRole:
        if (column != EffectColumn)
            return {};
        if (each.row.refused)
            return theme::icon(QStringLiteral("error"), theme::Role::Error);
        return each.row.skipped.value_or(0) > 0 && each.row.isChange() ? QVariant(theme::icon(QStringLiteral("warning"), theme::Role::Warning)) : QVariant();
    case Qt::ForegroundRole:
        return foreground(each, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((column == PartitionColumn || column == BeforeColumn || column == AfterColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant PlanTableModel::foreground(const Row &each, int column) const
{
    if (!each.isInPlan || (!each.row.isChange() && !each.row.refused))
        return theme::color(theme::Role::Muted);
    if (column != EffectColumn)
        return {};
    if (each.row.refused)
        return theme::color(theme::Role::Error);
    return each.row.skipped.value_or(0) > 0 ? QVariant(theme::color(theme::Role::Warning)) : QVariant();
}

QString PlanTableModel::text(const Row &each, int column) const
{
    switch (column) {
    case StreamColumn:
        return words::untrusted(each.row.stream);
    case PartitionColumn:
        return QString::number(each.row.partition);
    case BeforeColumn:
        return positionText(each.row.before);
    case AfterColumn:
        if (each.row.refused || !each.isInPlan)
            return QStringLiteral("–");
        return positionText(each.row.after);
    case EffectColumn:
        return each.isInPlan ? rowText(each.row) : tr("not in this plan");
    case FirstColumn:
        return eventText(each.first);
    case LastColumn:
        return eventText(each.last);
    default:
        return {};
    }
}

QVariant PlanTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == PartitionColumn || section == BeforeColumn || section == AfterColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StreamColumn:
        return tr("Stream");
    case PartitionColumn:
        return tr("Part");
    case BeforeColumn:
        return tr("Before");
    case AfterColumn:
        return tr("After");
    case EffectColumn:
        return tr("Effect");
    case FirstColumn:
        return tr("First again");
    case LastColumn:
        return tr("Last again");
    default:
        return {};
    }
}

} // namespace ui::replay
