// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"
#include "models/connection/connection.h"
#include "models/replay/change.h"
#include "models/replay/effect_learner.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace ui::widgets {
class Notice;
class PlainTable;
}

namespace ui::replay {

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

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildLayout();
    [[nodiscard]] QLayout *buildButtons();
    void buildFacts(QVBoxLayout *layout);
    void connectParts();
    void showFacts(const models::replay::Plan &plan);
    void fitWarnings(); ///< as high as its text, up to a bound
    void showNotices(const models::replay::Change &change);
    void readEvents(const models::replay::Plan &plan);
    void offerEffects(const models::replay::Change &change);
    void learnEffects();
    void showEffects(const QString &text);
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
    models::replay::EffectLearner m_learner;
    QLabel *m_headline;
    widgets::Notice *m_again;
    widgets::Notice *m_skip;
    widgets::Notice *m_problem;
    widgets::Notice *m_warnings;
    widgets::PlainTable *m_table;
    QPushButton *m_see;
    QCheckBox *m_leaveOut;
    QCheckBox *m_movedOn;
    QFormLayout *m_facts;
    QWidget *m_effectsRow;
    QLabel *m_effects;
    QPushButton *m_learn;
    QLabel *m_members;
    QLabel *m_others;
    QLabel *m_reversible;
    QScrollArea *m_warningsArea;
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
