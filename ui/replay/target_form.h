// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/reset_request.h"

#include <QDateTime>
#include <QStringList>
#include <QWidget>

#include <array>

class QComboBox;
class QDateTimeEdit;
class QLineEdit;
class QStackedWidget;

namespace ui::replay {

/// Where a consumer is to be reset to: a choice of kinds, and what each kind needs.
class TargetForm final : public QWidget
{
    Q_OBJECT

public:
    explicit TargetForm(QWidget *parent = nullptr);

    struct Choice {
        models::replay::ResetTarget target;
        QString text;    ///< as the command line writes it
        QString csvPath; ///< the target is in this file
    };
    /// What is chosen and typed, valid or not; as it is made: what nobody has touched yet.
    struct Draft {
        int kind = 0;
        QDateTime time = QDateTime::currentDateTime().addSecs(-3600);
        QStringList texts = {}; ///< of the lines, in their order
    };
    [[nodiscard]] Draft draft() const;
    void setDraft(const Draft &draft);
    /// InvalidInput says what is missing. A duration is counted back from `now`.
    [[nodiscard]] connectors::Result<Choice> choice(connectors::EpochMs now) const;

private:
    enum Kind { Earliest, Latest, Time, Back, Position, Newest, Shift, File };
    QLineEdit *addLine(const QString &name, const QString &accessibleName, const QString &placeholder, const QString &pattern);
    void addExplanation(const QString &text);
    void addFile();
    [[nodiscard]] std::array<QLineEdit *, 5> lines() const { return {m_back, m_position, m_newest, m_shift, m_file}; }
    [[nodiscard]] connectors::Result<Choice> parsed(const QString &text) const;

    QComboBox *m_kind;
    QStackedWidget *m_inputs;
    QDateTimeEdit *m_time;
    QLineEdit *m_back = nullptr;
    QLineEdit *m_position = nullptr;
    QLineEdit *m_newest = nullptr;
    QLineEdit *m_shift = nullptr;
    QLineEdit *m_file = nullptr;
};

} // namespace ui::replay
