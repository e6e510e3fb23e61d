// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal_reader.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QListWidget;
class QPushButton;

namespace ui::widgets {
class PlainTable;
}
namespace ui::replay {
class OutcomeTableModel;
class PlanTableModel;
}
class QStackedWidget;

namespace ui::journal {

/// One record: what, who, why, its rows, and everything that happened to it, with what can be done about it.
class RecordDetails final : public QWidget
{
    Q_OBJECT

public:
    explicit RecordDetails(QWidget *parent = nullptr);

    /// `isFindingOut`: the system is being read for it now.
    void show(const models::journal::ListedRecord &each, bool isFindingOut);

Q_SIGNALS:
    void undoRequested(const QString &journalId);
    void planRequested(const QString &journalId);
    void findOutRequested(const QString &journalId);
    void recordRequested(const QString &journalId); ///< the one that this puts back, or that put this back

private:
    void buildLayout();
    QLabel *addFact(const QString &caption, const QString &name);
    void showRows(const models::journal::Record &record);
    void showButtons(const models::journal::ListedRecord &each, bool isFindingOut);
    void showHistory(const models::journal::Record &record);

    QString m_journalId;
    QString m_linked;
    QString m_shown; ///< id and number of entries of what the tables show
    QFormLayout *m_facts;
    QLabel *m_title;
    QLabel *m_state = nullptr;
    QLabel *m_system = nullptr;
    QLabel *m_who = nullptr;
    QLabel *m_reason = nullptr;
    QLabel *m_request = nullptr;
    QLabel *m_note = nullptr;
    QLabel *m_plan = nullptr;
    replay::OutcomeTableModel *m_outcomes;
    replay::PlanTableModel *m_planned;
    QStackedWidget *m_tables;
    QListWidget *m_history;
    QPushButton *m_undo;
    QPushButton *m_findOut;
    QPushButton *m_openPlan;
    QPushButton *m_link;
};

} // namespace ui::journal
