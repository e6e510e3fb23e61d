// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <QAbstractTableModel>

namespace ui::projections {

/// Rows of one table of a read model, its columns and the position that each row remembers.
class RowTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(connectors::TableSpec table, std::vector<connectors::Row> rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    connectors::TableSpec m_table;
    std::vector<connectors::Row> m_rows;
};

} // namespace ui::projections
