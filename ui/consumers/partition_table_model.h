// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"
#include "models/lag/consumer_lag.h"

#include <QAbstractTableModel>

namespace ui::consumers {

/// The partitions of one consumer, the worst first.
class PartitionTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StreamColumn, PartitionColumn, MemberColumn, BarColumn, InColumn, OutColumn, LagColumn, StateColumn, EventColumn, ColumnCount };
    enum Role { StartRole = Qt::UserRole + 1, CheckpointRole, EndRole };

    using QAbstractTableModel::QAbstractTableModel;

    /// `time` is when the state was told: rates are from one call to the next of the same consumer that is `leastGap` ms later.
    void setConsumer(const models::lag::ConsumerLag &lag, const std::optional<std::vector<connectors::ConsumerMember>> &members,
                     connectors::EpochMs time, connectors::EpochMs leastGap);
    void setEvents(const std::vector<models::connection::CheckpointEvent> &events);
    void clear();
    [[nodiscard]] const models::lag::PartitionLag &partition(int row) const { return m_rows[static_cast<size_t>(row)].lag; }
    /// The event that the partition's consumer stands at, where it was read.
    [[nodiscard]] const models::connection::CheckpointEvent *eventOf(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Told {
        connectors::EpochMs time = 0;
        std::optional<qint64> end;
        std::optional<qint64> checkpoint;
    };
    struct Row {
        models::lag::PartitionLag lag;
        QString member;
        QString memberTip;
        std::optional<double> in;
        std::optional<double> out;
        std::optional<Told> measuredFrom; ///< null where an outage broke the series
        std::optional<models::connection::CheckpointEvent> event;
    };
    static void measure(Row &row, const Row &before, connectors::EpochMs leastGap);
    [[nodiscard]] QVariant text(const Row &row, int column) const;
    [[nodiscard]] QVariant tip(const Row &row, int column) const;

    std::vector<Row> m_rows;
    QString m_consumer;
};

} // namespace ui::consumers
