// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "ui/frame/page.h"

#include <QTimer>

class QLineEdit;
class QLabel;
class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class StateView;
}

namespace ui::consumers {

class ConsumerDetail;
class ConsumerTable;
class ConsumerTableModel;
class Trends;

/// Every consumer of every open connection, and one opened.
class ConsumersPage final : public frame::Page
{
    Q_OBJECT

public:
    ConsumersPage(models::connection::Workspace &workspace, models::history::History &history, QWidget *parent = nullptr);

    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    void setTimeRange(const frame::TimeRange &range) override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildLayout();
    void buildCommands();
    void follow(models::connection::Connection *connection);
    void watch(bool isWatching);
    void updateRows();
    void updateState(bool hasRows);
    void select(const QString &connection, const QString &consumer);
    void requestReset();

    models::connection::Workspace &m_workspace;
    ConsumerTableModel *m_model;
    ConsumerTable *m_table;
    ConsumerDetail *m_detail;
    Trends *m_trends;
    QLineEdit *m_filter;
    QLabel *m_count;
    QStackedWidget *m_stack;
    QSplitter *m_splitter;
    widgets::StateView *m_state;
    widgets::StateView *m_hint;
    QStackedWidget *m_detailStack;
    QList<QAction *> m_commands;
    QTimer m_gate; ///< several answers make one update
    frame::Place m_wanted; ///< gone to before its connection had answered
};

} // namespace ui::consumers
