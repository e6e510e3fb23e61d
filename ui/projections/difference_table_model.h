// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_steps.h"

#include <QAbstractTableModel>

namespace ui::projections {

/// What differs between two tables, side by side: a line for each cell that changed, and one for each row that only one side has.
class DifferenceTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { KindColumn, TableColumn, KeyColumn, NameColumn, OldColumn, NewColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setDifferences(std::vector<models::projection::TableDifference> differences);
    /// `kind`: null for all. `key`: part of a key, in any case; empty for all.
    void setFilter(std::optional<connectors::RowDifference> kind, const QString &key);
    [[nodiscard]] const std::vector<models::projection::TableDifference> &differences() const { return m_differences; }
    /// Rows of the tables that meet the filter, as NDJSON is written.
    [[nodiscard]] qint64 shownRows() const { return m_shownRows; }
    /// The rows that are shown: `{"table","difference","old","new"}`, a line each.
    [[nodiscard]] QByteArray shownAsNdjson() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    /// `column` −1: the whole row.
    struct Line {
        size_t table = 0;
        size_t row = 0;
        int column = -1;
    };
    void rebuildLines();
    [[nodiscard]] bool isShown(const connectors::TableSpec &table, const connectors::DifferentRow &row) const;
    [[nodiscard]] QString text(const Line &line, int column) const;

    std::vector<models::projection::TableDifference> m_differences;
    std::optional<connectors::RowDifference> m_kind;
    QString m_key;
    std::vector<Line> m_lines;
    qint64 m_shownRows = 0;
};

} // namespace ui::projections
