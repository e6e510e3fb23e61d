// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/group_table_model.h"

#include <algorithm>

namespace models::deadletter {

void GroupTableModel::setGroups(std::vector<LetterGroup> groups)
{
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
}

int GroupTableModel::rowOf(const LetterGroup &group) const
{
    const auto found = std::find_if(m_groups.cbegin(), m_groups.cend(), [&group](const LetterGroup &other) {
        return other.cause == group.cause && other.originalStream == group.originalStream && other.eventType == group.eventType;
    });
    return found == m_groups.cend() ? -1 : static_cast<int>(found - m_groups.cbegin());
}

int GroupTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_groups.size());
}

int GroupTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant GroupTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || (role != Qt::DisplayRole && role != ValueRole))
        return {};
    const LetterGroup &group = m_groups[static_cast<size_t>(index.row())];
    const auto time = [](connectors::EpochMs at) { return at == connectors::NoNumber ? QVariant() : QVariant(at); };
    switch (index.column()) {
    case ReasonColumn:
        return group.cause.message;
    case ExceptionColumn:
        return group.cause.exceptionClass;
    case StreamColumn:
        return group.originalStream;
    case TypeColumn:
        return group.eventType;
    case CountColumn:
        return static_cast<qint64>(group.letters.size());
    case FirstColumn:
        return time(group.firstSeen);
    case LastColumn:
        return time(group.lastSeen);
    default:
        return {};
    }
}

QVariant GroupTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ReasonColumn:
        return tr("Reason");
    case ExceptionColumn:
        return tr("Exception");
    case StreamColumn:
        return tr("Original stream");
    case TypeColumn:
        return tr("Type");
    case CountColumn:
        return tr("Letters");
    case FirstColumn:
        return tr("First");
    case LastColumn:
        return tr("Last");
    default:
        return {};
    }
}

} // namespace models::deadletter
