// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::replay {

enum class Step { What, Plan, Approve, Result };

/// "What → Plan → Approve → Result": where one is. It shows and is no control: one goes on by what the steps offer.
class StepBar final : public QWidget
{
    Q_OBJECT

public:
    explicit StepBar(QWidget *parent = nullptr);
    void setStep(Step step);
    [[nodiscard]] Step step() const { return m_step; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Step m_step = Step::What;
};

} // namespace ui::replay
