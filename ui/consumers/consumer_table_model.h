// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/consumers/consumer_row.h"

#include <QAbstractTableModel>

namespace ui::consumers {

/// Consumers of all connections, a row each. Rows keep their identity (connection and consumer) from one update to the
/// next, so that a selection stays with its consumer; sorting is the model's own and can be held.
class ConsumerTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ConsumerColumn, ConnectionColumn, StateColumn, LagColumn, TrendColumn, TimeLagColumn, RateColumn, MembersColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<ConsumerRow> rows);
    [[nodiscard]] const ConsumerRow &row(int row) const { return m_rows[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const QString &connection, const QString &consumer) const; ///< −1: not there
    /// While held, updates keep the order (a row under the mouse does not jump).
    void setOrderHeld(bool isHeld) { m_isOrderHeld = isHeld; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] bool isBefore(const ConsumerRow &a, const ConsumerRow &b) const;
    [[nodiscard]] QVariant text(const ConsumerRow &row, int column) const;
    [[nodiscard]] QVariant tip(const ConsumerRow &row, int column) const;
    void sortRows();
    void removeMissing(const std::vector<ConsumerRow> &rows);

    std::vector<ConsumerRow> m_rows;
    int m_sortColumn = StateColumn;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    bool m_isOrderHeld = false;
};

} // namespace ui::consumers
