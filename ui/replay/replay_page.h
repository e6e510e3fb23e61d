// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "models/replay/replay_session.h"
#include "ui/frame/page.h"
#include "ui/replay/step_bar.h"

#include <QPointer>

class QLabel;
class QStackedWidget;

namespace ui::widgets {
class StateView;
}

namespace ui::replay {

class ApproveStep;
class PlanStep;
class ResultStep;
class WaitingStep;
class WhatStep;

/// The wizard for every change of a consumer: What → Plan → Approve → Result, four steps in one page. It shows one change
/// of the session; leaving the page leaves the change as it is.
class ReplayPage final : public frame::Page
{
    Q_OBJECT

public:
    ReplayPage(models::connection::Workspace &workspace, models::history::History &history, models::replay::ReplaySession &session, QWidget *parent = nullptr);

    [[nodiscard]] bool isInNavigation() const override { return false; }
    /// A connection and a consumer: its reset. No connection: the journal id of what is to be put back or looked at.
    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    [[nodiscard]] std::optional<connectors::Environment> targetEnvironment() const override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }
    [[nodiscard]] Step step() const { return m_steps->step(); }

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildLayout();
    void connectSteps();
    void buildCommands();
    void follow(models::connection::Connection *connection);
    void watch(bool isWatching);
    void setChange(models::replay::Change *change);
    void update();
    void showAsking(models::connection::Connection *connection);
    void showState(Step step);
    void showStep(QWidget *step);
    void updateTitle();
    void measureRate();
    void recallRate();
    void stateButtonPressed();
    [[nodiscard]] models::connection::Connection *connection() const;

    models::connection::Workspace &m_workspace;
    models::history::History &m_history;
    models::replay::ReplaySession &m_session;
    QPointer<models::replay::Change> m_change;
    frame::Place m_wanted;          ///< its connection is not open yet
    bool m_isApproving = false;
    std::optional<double> m_rate;   ///< the fastest that the consumer was seen reading, here or by what is remembered of it
    bool m_isRateRecalled = false;  ///< the memory was asked
    QLabel *m_title;
    QLabel *m_environment;
    StepBar *m_steps;
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    WhatStep *m_what;
    PlanStep *m_plan;
    ApproveStep *m_approve;
    WaitingStep *m_waiting;
    ResultStep *m_result;
    QList<QAction *> m_commands; ///< those of the step that is shown are visible
};

} // namespace ui::replay
