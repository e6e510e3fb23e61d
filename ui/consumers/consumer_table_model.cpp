// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumer_table_model.h"

#include "ui/consumers/lag_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/sparkline_delegate.h"
#include "ui/widgets/text.h"

#include <algorithm>
#include <numeric>

namespace ui::consumers {

namespace text_ = widgets::text;

int ConsumerTableModel::rowOf(const QString &connection, const QString &consumer) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const ConsumerRow &row) { return row.consumer == consumer && row.connection == connection; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void ConsumerTableModel::removeMissing(const std::vector<ConsumerRow> &rows)
{
    QSet<QString> wanted;
    for (const ConsumerRow &each : rows)
        wanted.insert(each.connection + QChar(0) + each.consumer);
    for (int at = static_cast<int>(m_rows.size()) - 1; at >= 0; --at) {
        if (wanted.contains(row(at).connection + QChar(0) + row(at).consumer))
            continue;
        beginRemoveRows({}, at, at);
        m_rows.erase(m_rows.begin() + at);
        endRemoveRows();
    }
}

void ConsumerTableModel::setRows(std::vector<ConsumerRow> rows)
{
    removeMissing(rows);
    QHash<QString, size_t> known;
    for (size_t at = 0; at < m_rows.size(); ++at)
        known.insert(m_rows[at].connection + QChar(0) + m_rows[at].consumer, at);
    std::vector<ConsumerRow> added;
    for (ConsumerRow &each : rows) {
        const auto place = known.constFind(each.connection + QChar(0) + each.consumer);
        if (place == known.constEnd())
            added.push_back(std::move(each));
        else
            m_rows[*place] = std::move(each);
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
    if (!added.empty()) {
        const int first = static_cast<int>(m_rows.size());
        beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
        std::move(added.begin(), added.end(), std::back_inserter(m_rows));
        endInsertRows();
    }
    if (!m_isOrderHeld)
        sortRows();
}

bool ConsumerTableModel::isBefore(const ConsumerRow &a, const ConsumerRow &b) const
{
    const auto compare = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
    int order = 0;
    switch (m_sortColumn) {
    case ConsumerColumn:
        order = a.consumer.localeAwareCompare(b.consumer);
        break;
    case ConnectionColumn:
        order = a.connection.localeAwareCompare(b.connection);
        break;
    case StateColumn:
        order = compare(a.lag.worst, b.lag.worst);
        if (order == 0)
            order = compare(a.lag.totalLag.value_or(-1), b.lag.totalLag.value_or(-1));
        break;
    case LagColumn:
    case TrendColumn:
        order = compare(a.lag.totalLag.value_or(-1), b.lag.totalLag.value_or(-1));
        break;
    case TimeLagColumn:
        order = compare(a.timeLagMs.value_or(-1), b.timeLagMs.value_or(-1));
        break;
    case RateColumn:
        order = compare(a.ratePerSecond.value_or(-1), b.ratePerSecond.value_or(-1));
        break;
    case MembersColumn:
        order = compare(a.members.value_or(-1), b.members.value_or(-1));
        break;
    default:
        break;
    }
    if (order != 0)
        return m_sortOrder == Qt::AscendingOrder ? order < 0 : order > 0;
    return a.consumer == b.consumer ? a.connection < b.connection : a.consumer < b.consumer;
}

void ConsumerTableModel::sortRows()
{
    std::vector<size_t> order(m_rows.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::sort(order.begin(), order.end(), [this](size_t a, size_t b) { return isBefore(m_rows[a], m_rows[b]); });
    if (std::is_sorted(order.begin(), order.end()))
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::vector<int> placeOf(order.size());
    std::vector<ConsumerRow> sorted;
    sorted.reserve(order.size());
    for (size_t at = 0; at < order.size(); ++at) {
        placeOf[order[at]] = static_cast<int>(at);
        sorted.push_back(std::move(m_rows[order[at]]));
    }
    m_rows = std::move(sorted);
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex &each : before)
        after.append(index(placeOf[static_cast<size_t>(each.row())], each.column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void ConsumerTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    sortRows();
}

int ConsumerTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ConsumerTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ConsumerTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConsumerRow &each = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(each, index.column());
    case Qt::ToolTipRole:
        return tip(each, index.column());
    case Qt::DecorationRole:
        return index.column() == StateColumn ? QVariant(theme::icon(stateIcon(each.lag.worst), stateRole(each.lag.worst))) : QVariant();
    case Qt::ForegroundRole:
        if (each.staleForMs)
            return theme::color(theme::Role::Muted);
        return index.column() == StateColumn ? QVariant(theme::color(stateRole(each.lag.worst))) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == LagColumn || index.column() >= TimeLagColumn)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case widgets::SparklineDelegate::ValuesRole:
        return index.column() == TrendColumn ? QVariant(each.trend) : QVariant();
    default:
        return {};
    }
}

QVariant ConsumerTableModel::text(const ConsumerRow &each, int column) const
{
    const QString nothing = each.staleForMs ? QStringLiteral("?") : QStringLiteral("–"); // not known now, or not told at all
    switch (column) {
    case ConsumerColumn:
        return text_::untrusted(each.consumer);
    case ConnectionColumn:
        return text_::untrusted(each.connection);
    case StateColumn:
        return each.staleForMs ? tr("unknown for %1").arg(text_::duration(*each.staleForMs)) : stateWord(each.lag.worst);
    case LagColumn:
        return lagWords(each.lag);
    case TimeLagColumn:
        if (each.timeLagMs && each.isTimeLagExact)
            return text_::duration(*each.timeLagMs);
        return each.timeLagMs ? tr("≈ %1").arg(text_::duration(*each.timeLagMs)) : nothing;
    case RateColumn:
        return each.ratePerSecond ? tr("%1/s").arg(text_::rate(*each.ratePerSecond)) : nothing;
    case MembersColumn:
        return each.members ? text_::exact(*each.members) : QStringLiteral("–");
    default:
        return {};
    }
}

QVariant ConsumerTableModel::tip(const ConsumerRow &each, int column) const
{
    switch (column) {
    case ConsumerColumn:
        return text_::toolTip(each.consumer);
    case StateColumn:
        return stateExplanation(each.lag.worst);
    case LagColumn: {
        QStringList words;
        if (each.staleForMs && each.lastLag)
            words += tr("Not known now; %1 events waited %2 ago").arg(text_::exact(*each.lastLag), text_::duration(*each.staleForMs));
        if (each.lag.totalLag)
            words += tr("%1 events wait").arg(text_::exact(*each.lag.totalLag));
        if (each.lag.lost > 0)
            words += tr("%1 events were lost").arg(text_::exact(each.lag.lost));
        return words.join(u'\n');
    }
    case TimeLagColumn:
        if (!each.timeLagMs)
            return tr("Not known: it has waited longer than this connection has been watched, and the event itself could not be read.");
        return each.isTimeLagExact ? tr("How long the oldest event has waited, by its own time.")
                                   : tr("How long the oldest event has waited, estimated from the ends that were watched.");
    case MembersColumn:
        return each.members ? QVariant() : QVariant(each.membersProblem.isEmpty() ? tr("This system does not tell who reads.") : text_::toolTip(each.membersProblem));
    default:
        return {};
    }
}

QVariant ConsumerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == LagColumn || section >= TimeLagColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ConsumerColumn:
        return tr("Consumer");
    case ConnectionColumn:
        return tr("Connection");
    case StateColumn:
        return tr("State");
    case LagColumn:
        return tr("Lag");
    case TrendColumn:
        return tr("Trend");
    case TimeLagColumn:
        return tr("Time lag");
    case RateColumn:
        return tr("Reads");
    case MembersColumn:
        return tr("Members");
    default:
        return {};
    }
}

} // namespace ui::consumers
