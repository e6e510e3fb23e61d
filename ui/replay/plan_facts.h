// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection.h"
#include "models/replay/change.h"
#include "models/replay/effect_learner.h"

#include <QPointer>
#include <QWidget>

class QFormLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace ui::widgets {
class Notice;
}

namespace ui::replay {

/// What surrounds the rows of a plan: who reads now, who else reads there, what it will cause, whether it can be put back, warnings.
class PlanFacts final : public QWidget
{
    Q_OBJECT

public:
    explicit PlanFacts(QWidget *parent = nullptr);

    /// As of now; the plan of `change` must be there. `connection` may be null: then only what the plan holds is known.
    void show(const models::replay::Change &change, const models::connection::Connection *connection);
    /// Learns what the plan will cause, or offers to where that costs something. Once a plan.
    void offerEffects(const models::replay::Change &change, models::connection::Connection *connection);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildForm();
    void buildWarnings();
    void fitWarnings(); ///< as high as its text, up to a bound
    void learnEffects();
    void showEffects(const QString &text);

    QPointer<const models::replay::Change> m_change;
    QPointer<models::connection::Connection> m_connection;
    models::replay::EffectLearner m_learner;
    QFormLayout *m_form;
    QLabel *m_members;
    QLabel *m_others;
    QWidget *m_effectsRow;
    QLabel *m_effects;
    QPushButton *m_learn;
    QLabel *m_reversible;
    QScrollArea *m_warningsArea;
    widgets::Notice *m_warnings;
};

} // namespace ui::replay
