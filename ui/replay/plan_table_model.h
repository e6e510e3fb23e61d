// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"
#include "models/replay/plan.h"

#include <QAbstractTableModel>

namespace ui::replay {

/// The rows of a plan: what changes first, then what is refused, then what stays as it is.
class PlanTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StreamColumn, PartitionColumn, BeforeColumn, AfterColumn, EffectColumn, FirstColumn, LastColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setPlan(const models::replay::Plan &plan);
    void clear();
    /// The first and the last event that will be processed again, where they are known.
    void setFirstEvents(const std::vector<models::connection::CheckpointEvent> &events) { setEvents(events, &Row::first, FirstColumn); }
    void setLastEvents(const std::vector<models::connection::CheckpointEvent> &events) { setEvents(events, &Row::last, LastColumn); }
    [[nodiscard]] const models::replay::PlanRow &row(int at) const { return m_rows[static_cast<size_t>(at)].row; }
    /// The first event that is processed again, or that is skipped; null where there is none.
    [[nodiscard]] std::optional<connectors::EventAddress> firstAffected(int at) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        models::replay::PlanRow row;
        bool isInPlan = true; ///< false: a checkpoint of this consumer that the plan does not touch
        std::optional<models::connection::CheckpointEvent> first;
        std::optional<models::connection::CheckpointEvent> last;
    };
    void setEvents(const std::vector<models::connection::CheckpointEvent> &events, std::optional<models::connection::CheckpointEvent> Row::*which, int column);
    [[nodiscard]] QString text(const Row &row, int column) const;
    [[nodiscard]] QVariant foreground(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace ui::replay
