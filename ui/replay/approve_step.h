// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"

#include <QWidget>

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
    void show(const models::replay::Plan &plan, const QString &reason, bool isSkippingRefused, std::optional<double> rate);
    [[nodiscard]] QString confirmation() const;

Q_SIGNALS:
    void backRequested();
    void applyRequested();

private:
    void buildLayout();
    void updateButton();

    models::replay::Plan m_plan;
    QString m_reason;
    bool m_isSkippingRefused = false;
    QFormLayout *m_form;
    QLabel *m_headline;
    QLabel *m_environment;
    QLabel *m_effect;
    QLabel *m_reasonText;
    QLabel *m_reversible;
    QLabel *m_wanted;
    QLineEdit *m_typed;
    widgets::Notice *m_missing;
    QPushButton *m_back;
    QPushButton *m_apply;
};

} // namespace ui::replay
