// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/row_table_model.h"

#include "ui/projections/cell_words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

namespace ui::projections {

using connectors::ColumnType;
namespace text = widgets::text;

void RowTableModel::setRows(connectors::TableSpec table, std::vector<connectors::Row> rows)
{
    beginResetModel();
    m_table = std::move(table);
    m_rows = std::move(rows);
    endResetModel();
}

int RowTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RowTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_table.columns.empty() ? 0 : static_cast<int>(m_table.columns.size()) + 1;
}

QVariant RowTableModel::data(const QModelIndex &index, int role) const
{
    const connectors::Row &row = m_rows[static_cast<size_t>(index.row())];
    const auto column = static_cast<size_t>(index.column());
    const bool isPosition = column >= row.cells.size();
    const bool isNumber = isPosition || m_table.columns[column].type == ColumnType::BigInt || m_table.columns[column].type == ColumnType::Numeric;
    if (role == Qt::TextAlignmentRole)
        return QVariant(static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ForegroundRole && (isPosition || !row.cells[column]))
        return theme::color(theme::Role::Muted);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const QString words = !isPosition ? cellWord(row.cells[column]) : row.position > 0 ? text::exact(row.position) : QStringLiteral("–");
    return role == Qt::ToolTipRole ? text::toolTip(words) : words;
}

QVariant RowTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const auto column = static_cast<size_t>(section);
    return column < m_table.columns.size() ? text::untrusted(m_table.columns[column].name, 80) : tr("at position");
}

} // namespace ui::projections
