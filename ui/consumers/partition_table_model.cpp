// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/partition_table_model.h"

#include "ui/consumers/lag_text.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::consumers {

namespace words = widgets::text;

namespace {

bool isSamePartition(const models::lag::PartitionLag &a, const models::lag::PartitionLag &b)
{
    return a.partition == b.partition && a.stream == b.stream;
}

} // namespace

void PartitionTableModel::measure(Row &row, const Row &before, connectors::EpochMs leastGap)
{
    if (!row.measuredFrom || !before.measuredFrom)
        return;
    const Told &earlier = *before.measuredFrom;
    const connectors::EpochMs elapsed = row.measuredFrom->time - earlier.time;
    if (elapsed >= 0 && elapsed < leastGap) {
        row.measuredFrom = earlier;
        row.in = before.in;
        row.out = before.out;
        return;
    }
    const auto rate = [elapsed](std::optional<qint64> from, std::optional<qint64> to) -> std::optional<double> {
        if (!from || !to || *to < *from || elapsed <= 0)
            return std::nullopt;
        return static_cast<double>(*to - *from) * 1000.0 / static_cast<double>(elapsed);
    };
    row.in = rate(earlier.end, row.measuredFrom->end);
    row.out = rate(earlier.checkpoint, row.measuredFrom->checkpoint);
}

void PartitionTableModel::setConsumer(const models::lag::ConsumerLag &lag, const std::optional<std::vector<connectors::ConsumerMember>> &members,
                                      connectors::EpochMs time, connectors::EpochMs leastGap)
{
    const bool isSame = lag.consumer == m_consumer;
    std::vector<Row> rows;
    for (const models::lag::PartitionLag &partition : lag.partitions) {
        Row row;
        row.lag = partition;
        if (partition.state != models::lag::LagState::Unknown) // else neither is known now
            row.measuredFrom = Told{time, partition.end, partition.checkpoint};
        for (const auto &member : members.value_or(std::vector<connectors::ConsumerMember>())) {
            if (std::find(member.partitions.begin(), member.partitions.end(), connectors::PartitionId{partition.stream, partition.partition})
                == member.partitions.end())
                continue;
            row.member = member.clientId.isEmpty() ? member.member : member.clientId;
            row.memberTip = member.member + u'\n' + member.host;
        }
        const auto before = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &each) { return isSamePartition(each.lag, partition); });
        if (isSame && before != m_rows.end()) {
            measure(row, *before, leastGap);
            if (partition.lag != 0) // of one that moves, until the next is read; of one that is silent, until it is known better
                row.event = before->event;
        }
        rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.lag.lag.value_or(-1) > b.lag.lag.value_or(-1); });
    const bool hasSameShape = isSame && rows.size() == m_rows.size()
        && std::equal(rows.begin(), rows.end(), m_rows.begin(), [](const Row &a, const Row &b) { return isSamePartition(a.lag, b.lag); });
    m_consumer = lag.consumer;
    if (hasSameShape) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void PartitionTableModel::setEvents(const std::vector<models::connection::CheckpointEvent> &events)
{
    for (int at = 0; at < rowCount(); ++at) {
        Row &row = m_rows[static_cast<size_t>(at)];
        const auto found = std::find_if(events.begin(), events.end(), [&row](const models::connection::CheckpointEvent &event) {
            return event.address.partition == row.lag.partition && event.stream == row.lag.stream;
        });
        const bool isPassed = row.event && row.event->address.position < row.lag.checkpoint.value_or(0);
        if (found == events.end() && !isPassed)
            continue;
        row.event = found == events.end() ? std::nullopt : std::optional(*found);
        Q_EMIT dataChanged(index(at, EventColumn), index(at, EventColumn));
    }
}

void PartitionTableModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_consumer.clear();
    endResetModel();
}

const models::connection::CheckpointEvent *PartitionTableModel::eventOf(int row) const
{
    const auto &event = m_rows[static_cast<size_t>(row)].event;
    return event ? &*event : nullptr;
}

int PartitionTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PartitionTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PartitionTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    const auto number = [](std::optional<qint64> value) { return value ? QVariant(*value) : QVariant(); };
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return tip(row, index.column());
    case Qt::DecorationRole:
        return index.column() == StateColumn ? QVariant(theme::icon(stateIcon(row.lag.state), stateRole(row.lag.state))) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == StateColumn ? QVariant(theme::color(stateRole(row.lag.state))) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == PartitionColumn || (index.column() >= InColumn && index.column() <= LagColumn))
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case StartRole:
        return number(row.lag.start);
    case CheckpointRole:
        return number(row.lag.checkpoint);
    case EndRole:
        return number(row.lag.end);
    default:
        return {};
    }
}

QVariant PartitionTableModel::text(const Row &row, int column) const
{
    const bool isUnknown = row.lag.state == models::lag::LagState::Unknown;
    const QString unknown = QStringLiteral("?");
    switch (column) {
    case StreamColumn:
        return words::untrusted(row.lag.stream);
    case PartitionColumn:
        return QString::number(row.lag.partition);
    case MemberColumn:
        return row.member.isEmpty() ? QStringLiteral("–") : words::untrusted(row.member, 60);
    case InColumn:
        return isUnknown ? unknown : row.in ? words::rate(*row.in) : QStringLiteral("–");
    case OutColumn:
        return isUnknown ? unknown : row.out ? words::rate(*row.out) : QStringLiteral("–");
    case BarColumn:
        return row.lag.start && row.lag.end == row.lag.start && row.lag.checkpoint.value_or(*row.lag.end) == *row.lag.end ? tr("no events") : QString();
    case LagColumn:
        return isUnknown ? unknown : words::number(row.lag.lag);
    case StateColumn:
        return stateWord(row.lag.state);
    case EventColumn: {
        if (!row.event)
            return row.lag.lag.value_or(0) > 0 ? QString() : QStringLiteral("–");
        QStringList parts{row.event->eventType.isEmpty() ? tr("(no type)") : words::untrusted(row.event->eventType, 60)};
        if (!row.event->aggregateId.isEmpty())
            parts += words::shortId(row.event->aggregateId, 24);
        if (row.event->time != connectors::NoNumber)
            parts += words::shortTime(row.event->time);
        return parts.join(QStringLiteral("  "));
    }
    default:
        return {};
    }
}

QVariant PartitionTableModel::tip(const Row &row, int column) const
{
    switch (column) {
    case StreamColumn:
        return words::toolTip(row.lag.stream);
    case MemberColumn:
        return row.memberTip.isEmpty() ? QVariant() : QVariant(words::toolTip(row.memberTip));
    case BarColumn:
    case LagColumn: {
        const auto position = [](std::optional<qint64> value) { return value ? words::exact(*value) : tr("unknown"); };
        QString text = tr("start %1, checkpoint %2, end %3").arg(position(row.lag.start), position(row.lag.checkpoint), position(row.lag.end));
        if (row.lag.lag)
            text += u'\n' + tr("%1 events wait").arg(words::exact(*row.lag.lag));
        if (row.lag.lost)
            text += u'\n' + tr("%1 events were lost").arg(words::exact(*row.lag.lost));
        if (row.lag.heldBack.value_or(0) > 0)
            text += u'\n' + tr("%1 are held back by an open transaction").arg(words::exact(*row.lag.heldBack));
        if (row.lag.heldBack.value_or(0) > 0 && !row.lag.heldBackBy.isEmpty())
            return words::toolTip(text + u'\n' + tr("The transaction is of %1").arg(row.lag.heldBackBy.left(300)));
        return text;
    }
    case StateColumn:
        return stateExplanation(row.lag.state);
    case EventColumn:
        if (!row.event)
            return {};
        return words::toolTip(tr("Position %1, %2 bytes\nKey %3\n%4")
                                  .arg(words::exact(row.event->address.position), words::exact(row.event->size), words::untrusted(row.event->key, 100),
                                       row.event->time == connectors::NoNumber ? QString() : words::utcTime(row.event->time)));
    default:
        return {};
    }
}

QVariant PartitionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isRight = section == PartitionColumn || (section >= InColumn && section <= LagColumn);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StreamColumn:
        return tr("Stream");
    case PartitionColumn:
        return tr("Part");
    case MemberColumn:
        return tr("Member");
    case BarColumn:
        return tr("start – checkpoint – end");
    case InColumn:
        return tr("in/s");
    case OutColumn:
        return tr("out/s");
    case LagColumn:
        return tr("Lag");
    case StateColumn:
        return tr("State");
    case EventColumn:
        return tr("Event at the checkpoint");
    default:
        return {};
    }
}

} // namespace ui::consumers
