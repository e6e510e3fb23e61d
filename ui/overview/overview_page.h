// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "ui/consumers/consumer_row.h"
#include "ui/frame/page.h"

#include <QTimer>

class QLabel;
class QStackedWidget;

namespace ui::widgets {
class ElidedLabel;
class Notice;
class StateView;
}
namespace ui::consumers {
class ConsumerTable;
class ConsumerTableModel;
class Trends;
}

namespace ui::overview {

class OverviewCharts;

/// What is healthy and what is not, in one look: charts, throughput, and what is worst now.
class OverviewPage final : public frame::Page
{
    Q_OBJECT

public:
    OverviewPage(models::connection::Workspace &workspace, models::history::History &history, QWidget *parent = nullptr);
    void setTimeRange(const frame::TimeRange &range) override;
    [[nodiscard]] QList<QAction *> commands() const override;

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildLayout();
    void follow(models::connection::Connection *connection);
    void watch(bool isWatching);
    void updateTable();
    void updateThroughput();
    void updateHeadline(const std::vector<consumers::ConsumerRow> &rows);
    [[nodiscard]] QString deadLetterWords() const;
    void updateState(bool hasRows);
    void showUnread();

    models::connection::Workspace &m_workspace;
    OverviewCharts *m_charts;
    consumers::ConsumerTableModel *m_model;
    consumers::ConsumerTable *m_table;
    consumers::Trends *m_trends;
    QLabel *m_headlineIcon;
    QLabel *m_headline;
    widgets::ElidedLabel *m_throughput; ///< and totals
    widgets::Notice *m_notice; ///< what does not answer, beside what does
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    models::lag::LagSum m_lag; ///< of all systems
    QTimer m_gate;
};

} // namespace ui::overview
