// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace ui::aggregates {

/// The button that compares all snapshots with a full replay, and what came of it.
class VerifyRow final : public QWidget
{
    Q_OBJECT

public:
    explicit VerifyRow(QWidget *parent = nullptr);

    void setRunning(bool isRunning);
    void say(theme::Role role, const QString &words);

Q_SIGNALS:
    void verifyRequested();
    void cancelRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintIcon();

    QPushButton *m_button;
    QLabel *m_icon;
    QLabel *m_words;
    theme::Role m_role = theme::Role::Muted;
    bool m_isRunning = false;
};

} // namespace ui::aggregates
