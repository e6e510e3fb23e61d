// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"
#include "models/connection/connection.h"
#include "models/replay/change.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui::widgets {
class Notice;
class PlainTable;
}

namespace ui::replay {

class PlanFacts;
class PlanTableModel;

/// The second step: everything that is known of what the plan will do, before anything is done.
class PlanStep final : public QWidget
{
    Q_OBJECT

public:
    explicit PlanStep(QWidget *parent = nullptr);

    /// `connection` may be null: then no events are shown. `rate` is the fastest that the consumer was seen reading.
    void show(models::replay::Change &change, models::connection::Connection *connection, std::optional<double> rate);
    [[nodiscard]] QString reason() const;
    [[nodiscard]] bool isSkippingRefused() const;

Q_SIGNALS:
    void backRequested();
    void planAgainRequested();
    void approveRequested();
    void movedOnAccepted(bool isAccepted);
    void eventRequested(const connectors::EventAddress &address);
    void messageRaised(const QString &message);

private:
    void buildLayout();
    [[nodiscard]] QLayout *buildButtons();
    void connectParts();
    void showBoxes(const models::replay::Plan &plan);
    void showNotices(const models::replay::Change &change);
    void readEvents(const models::replay::Plan &plan);
    void updateButtons();
    void seeSelected();
    void savePlan();

    QPointer<models::replay::Change> m_change;
    QPointer<models::connection::Connection> m_connection;
    std::optional<double> m_rate;
    QString m_shownPlan; ///< its id: a plan is shown once, and its boxes and events stay
    PlanTableModel *m_rows;
    models::connection::CheckpointEvents m_first;
    models::connection::CheckpointEvents m_last;
    QLabel *m_headline;
    widgets::Notice *m_again;
    widgets::Notice *m_skip;
    widgets::Notice *m_problem;
    widgets::PlainTable *m_table;
    QPushButton *m_see;
    QCheckBox *m_leaveOut;
    QCheckBox *m_movedOn;
    PlanFacts *m_facts;
    QLineEdit *m_reason;
    QPushButton *m_save;
    QPushButton *m_command;
    QPushButton *m_summary;
    QPushButton *m_back;
    QPushButton *m_planAgain;
    QLabel *m_why;
    QPushButton *m_approve;
};

} // namespace ui::replay
