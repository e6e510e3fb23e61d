// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/condition_checker.h"

#include <QLineEdit>

#include <functional>

class QCompleter;
class QStringListModel;

namespace ui::streams {

/// The line for an SQL condition: completes columns, functions and, inside quotes after a column, values that were seen;
/// underlines the place of what is wrong.
class ConditionEdit final : public QLineEdit
{
    Q_OBJECT

public:
    /// Values that were seen in a column, by its name in a filter ("eventType").
    using SeenValues = std::function<QStringList(const QString &filterName)>;

    explicit ConditionEdit(QWidget *parent = nullptr);

    void setSeenValues(SeenValues seenValues) { m_seenValues = std::move(seenValues); }
    void setProblem(const std::optional<models::event::ConditionProblem> &problem);
    /// What would be offered at the cursor now; for tests and the popup alike.
    [[nodiscard]] QStringList completions() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Word {
        qsizetype begin = 0;
        QString text;
        QString column; ///< inside quotes: the column that it is compared with
        bool isQuoted = false;
    };
    [[nodiscard]] Word wordAtCursor() const;
    void offer(bool isAsked);
    void insertCompletion(const QString &completion);

    SeenValues m_seenValues;
    std::optional<models::event::ConditionProblem> m_problem;
    QStringListModel *m_candidates;
    QCompleter *m_completer;
};

} // namespace ui::streams
