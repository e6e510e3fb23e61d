// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/approval.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui::widgets {
class Notice;
}

namespace ui::replay {

/// The third step: says once more what will be done where, and takes the words that show that it was read.
class ApproveStep final : public QWidget
{
    Q_OBJECT

public:
    explicit ApproveStep(QWidget *parent = nullptr);

    /// Begins anew: what was typed before is gone.
    /// `environment` is what the plan is judged by.
    void show(const models::replay::Plan &plan, connectors::Environment environment, const QString &reason, bool isSkippingRefused, std::optional<double> rate);
    /// How long ago the plan was made, where that is long.
    void showAge(const models::replay::Plan &plan);
    [[nodiscard]] QString confirmation() const;
    [[nodiscard]] std::chrono::milliseconds lifetime() const; ///< of the approval

Q_SIGNALS:
    void backRequested();
    void applyRequested();

private:
    void buildLayout();
    void updateButton();

    models::replay::Plan m_plan;
    connectors::Environment m_environmentNow = connectors::Environment::Untagged;
    models::replay::Approval m_approval; ///< as it would be with what is typed
    QFormLayout *m_form;
    QLabel *m_headline;
    QLabel *m_environment;
    QLabel *m_effect;
    QLabel *m_reasonText;
    QLabel *m_reversible;
    QLabel *m_wanted;
    QLineEdit *m_typed;
    QComboBox *m_validFor;
    widgets::Notice *m_age;
    widgets::Notice *m_missing;
    QPushButton *m_back;
    QPushButton *m_apply;
};

} // namespace ui::replay
