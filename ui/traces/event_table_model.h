// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/joined_trace.h"

#include <QAbstractTableModel>

namespace ui::traces {

/// The events of a trace in time, a row each: the row is the event's number in Trace::events.
class EventTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, AfterColumn, TypeColumn, AggregateColumn, StreamColumn, PositionColumn, IdColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setTrace(models::trace::JoinedTracePtr joined);
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString textOf(const models::trace::TraceEvent &event, int column) const;
    [[nodiscard]] QString wholeText(const models::trace::TraceEvent &event, int column) const;

    models::trace::JoinedTracePtr m_joined;
    connectors::EpochMs m_begin = connectors::NoNumber;
};

} // namespace ui::traces
