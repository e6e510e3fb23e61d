// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace ui::widgets {
class Notice;
}

namespace ui::projections {

/// What can be done with a projection next: the buttons for it, the plan with what must be said to it, the progress, and what came
/// of it. One step at a time; Apply is never the default button.
class StepPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit StepPanel(QWidget *parent = nullptr);
    /// Null: nothing.
    void show(models::projection::Projection *projection);

private:
    void buildButtons();
    void buildPlan();
    void buildLayout();
    QPushButton *addButton(const QString &name, const QString &iconName, const QString &words, models::projection::ProjectionAction action);
    void plan(models::projection::ProjectionAction action);
    void update();
    void updateButtons();
    void updatePlan();
    void updateProgress();
    void updateNotice();
    void updateApply();

    QPointer<models::projection::Projection> m_projection;
    QString m_shownPlan; ///< id of the plan that the fields are for
    QLabel *m_title;
    QPushButton *m_rebuild = nullptr;
    QPushButton *m_resume = nullptr;
    QPushButton *m_swap = nullptr;
    QPushButton *m_swapBack = nullptr;
    QPushButton *m_drop = nullptr;
    QCheckBox *m_isParking;
    QCheckBox *m_areLossesAccepted;
    widgets::Notice *m_notice;
    QWidget *m_planBox;
    QFormLayout *m_form;
    QLabel *m_effect;
    QLabel *m_environment;
    QLabel *m_reversible;
    QLabel *m_warnings;
    QLabel *m_disk;
    QLineEdit *m_nextWriter;
    QLineEdit *m_reason;
    QLabel *m_wanted;
    QLineEdit *m_typed;
    QLabel *m_missing;
    QPushButton *m_dismiss;
    QPushButton *m_apply;
    QProgressBar *m_progress;
    QLabel *m_progressWords;
    QPushButton *m_cancel;
};

} // namespace ui::projections
