// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/aggregate_history.h"

#include <QAbstractTableModel>

namespace ui::aggregates {

/// The events of an aggregate, a row each: the row is the version less one.
class AggregateEventModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { VersionColumn, TypeColumn, TimeColumn, NoteColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// Null: none.
    void setHistory(std::shared_ptr<const models::aggregate::AggregateHistory> history);
    [[nodiscard]] const std::shared_ptr<const models::aggregate::AggregateHistory> &history() const { return m_history; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString textOf(qint64 version, int column) const;
    [[nodiscard]] QString wholeText(qint64 version, int column) const;

    std::shared_ptr<const models::aggregate::AggregateHistory> m_history;
};

} // namespace ui::aggregates
