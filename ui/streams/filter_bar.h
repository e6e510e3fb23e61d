// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/condition_checker.h"
#include "models/event/event_column.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace ui::streams {

class ConditionEdit;

/// The SQL condition, its problem at its place, how many events match, “whole stream”, and the plain search beside it.
class FilterBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FilterBar(QWidget *parent = nullptr);

    /// Must outlive the bar; null: a condition is only refused by the read itself.
    void setChecker(const models::event::ConditionChecker *checker);
    [[nodiscard]] ConditionEdit *condition() const { return m_condition; }
    [[nodiscard]] QString where() const;
    void setWhere(const QString &where);
    /// Checks at once and shows the problem; false where the condition cannot be used.
    bool check();
    /// AND with what is there.
    void addCondition(const QString &condition);
    [[nodiscard]] QString searchText() const;
    void setSearchText(const QString &text);
    /// A refusal of the read; null takes it away.
    void setProblem(const std::optional<models::event::ConditionProblem> &problem);
    /// "1,204 of 1,000,000"; with a tick when `isComplete`.
    void setCount(const QString &words, bool isComplete);
    void focusCondition();
    void focusSearch();

Q_SIGNALS:
    void applied();              ///< Enter in the condition, or a condition was added
    void searchChanged();        ///< the plain text; shortly after the last key
    void wholeStreamRequested();

private:
    void showTick();
    const models::event::ConditionChecker *m_checker = nullptr;
    ConditionEdit *m_condition;
    QToolButton *m_wholeStream;
    QLineEdit *m_search;
    QLabel *m_tick;
    QLabel *m_count;
    QLabel *m_problem;
    bool m_isComplete = false; ///< the count
    QTimer m_checkTimer;
    QTimer m_searchTimer;
};

} // namespace ui::streams
