// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/change.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace ui::widgets {
class Notice;
class PlainTable;
}

namespace ui::replay {

class OutcomeTableModel;

/// The fourth step: what became of the change, read back; then how the consumer takes it up.
class ResultStep final : public QWidget
{
    Q_OBJECT

public:
    explicit ResultStep(QWidget *parent = nullptr);
    void show(models::replay::Change &change);

Q_SIGNALS:
    void undoRequested();
    void findOutRequested();
    void journalRequested();
    void startOverRequested();
    void consumerRequested();

private:
    void buildLayout();
    void showOutcome(const models::replay::Change &change);
    void showTakeUp(const models::replay::TakeUpWatch &watch, const QString &consumer);

    QPointer<models::replay::Change> m_change;
    OutcomeTableModel *m_rows;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_explanation;
    widgets::Notice *m_problem;
    widgets::PlainTable *m_table;
    widgets::Notice *m_takeUp;
    QPushButton *m_undo;
    QPushButton *m_findOut;
    QPushButton *m_journal;
    QPushButton *m_consumer;
    QPushButton *m_again;
};

} // namespace ui::replay
