// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/classification.h"
#include "models/replay/take_up.h"

#include <QAbstractTableModel>

namespace ui::replay {

/// What became of each row of a change: before, target, what was read back, and (while it is watched) what has happened since.
class OutcomeTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StreamColumn, PartitionColumn, BeforeColumn, TargetColumn, NowColumn, ResultColumn, SinceColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setOutcomes(const std::vector<models::replay::RowOutcome> &outcomes);
    void setTakeUp(const std::vector<models::replay::TakeUpRow> &rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(size_t row, int column) const;
    [[nodiscard]] const models::replay::TakeUpRow *since(size_t row) const;

    std::vector<models::replay::RowOutcome> m_outcomes;
    std::vector<models::replay::TakeUpRow> m_takeUp;
};

} // namespace ui::replay
