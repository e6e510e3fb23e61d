// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"
#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "ui/consumers/consumer_row.h"
#include "ui/frame/time_range.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;
class QToolButton;
class QVBoxLayout;

namespace ui::widgets {
class Chart;
}

namespace ui::consumers {

class PartitionTableModel;

/// One consumer: headline, chart over the window's time from the history, partitions, the events at the checkpoints.
class ConsumerDetail final : public QWidget
{
    Q_OBJECT

public:
    explicit ConsumerDetail(models::history::History &history, QWidget *parent = nullptr);

    void showConsumer(models::connection::Connection *connection, const QString &consumer);
    /// Brings everything up to date with the connection's last answer.
    void update(const frame::TimeRange &range, bool isLive);
    void resetZoom();
    [[nodiscard]] models::connection::Connection *connection() const { return m_connection; }
    [[nodiscard]] const QString &consumer() const { return m_consumer; }

Q_SIGNALS:
    void resetRequested();
    void eventRequested(const connectors::EventAddress &address);
    void messageRaised(const QString &message);

private:
    void buildHeadline(QVBoxLayout *layout);
    void buildPartitions(QVBoxLayout *layout);
    /// Unknown while the system does not answer.
    [[nodiscard]] models::lag::ConsumerLag lagOf(const connectors::ConsumerState &state) const;
    void updateHeadline(const connectors::ConsumerState &state, const models::lag::ConsumerLag &lag);
    void updateChart(const frame::TimeRange &range);
    void readCheckpointEvents(const models::lag::ConsumerLag &lag);
    void showEvents(const std::vector<models::connection::CheckpointEvent> &events);
    void openEventAt(const QModelIndex &index);

    models::history::History &m_history;
    QPointer<models::connection::Connection> m_connection;
    QString m_consumer;
    QLabel *m_icon;
    QLabel *m_name;
    QLabel *m_state;
    QLabel *m_facts;
    QPushButton *m_reset;
    QToolButton *m_copy;
    widgets::Chart *m_chart;
    PartitionTableModel *m_partitions;
    QTableView *m_table;
    models::connection::CheckpointEvents m_events;
    std::vector<connectors::PartitionRead> m_eventPlaces; ///< what m_events was asked for
    connectors::EpochMs m_eventsAskedAt = 0;
    std::optional<connectors::EpochMs> m_oldestEvent; ///< exact, of the events at the checkpoints
    quint64 m_generation = 0;                         ///< of the chart's question
    bool m_isChartOutstanding = false;
};

} // namespace ui::consumers
