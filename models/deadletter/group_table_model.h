// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/deadletter/letter_groups.h"

#include <QAbstractTableModel>

namespace models::deadletter {

/// The groups of one queue's letters, the largest first. Lives on the GUI thread.
class GroupTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ReasonColumn, ExceptionColumn, StreamColumn, TypeColumn, CountColumn, FirstColumn, LastColumn, ColumnCount };
    enum Role { ValueRole = Qt::UserRole + 1 };

    using QAbstractTableModel::QAbstractTableModel;

    void setGroups(std::vector<LetterGroup> groups);
    [[nodiscard]] const LetterGroup &group(int row) const { return m_groups[static_cast<size_t>(row)]; }
    /// The row of the group of the same cause, stream and type, so that a selection survives a reload.
    [[nodiscard]] int rowOf(const LetterGroup &group) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<LetterGroup> m_groups;
};

} // namespace models::deadletter
