// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/change.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace ui::replay {

/// Between approval and result: what is being done, who is still waited for, and how to stop.
class WaitingStep final : public QWidget
{
    Q_OBJECT

public:
    explicit WaitingStep(QWidget *parent = nullptr);
    void show(models::replay::Change &change);

Q_SIGNALS:
    void cancelRequested();

private:
    void showMembers(const models::replay::Change &change);
    void showTime();

    QPointer<models::replay::Change> m_change;
    QLabel *m_title;
    QLabel *m_explanation;
    QLabel *m_left;
    QListWidget *m_members;
    QLabel *m_until;
    QPushButton *m_cancel;
    QTimer m_clock;
};

} // namespace ui::replay
