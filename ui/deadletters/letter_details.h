// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_source.h"

#include <QWidget>

#include <optional>

class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;

namespace ui::deadletters {

/// Why and where a letter died, and ways to the original and to the letter itself. The event is shown beside it.
class LetterDetails final : public QWidget
{
    Q_OBJECT

public:
    explicit LetterDetails(QWidget *parent = nullptr);

    void setLetter(const std::optional<connectors::DeadLetter> &letter);
    /// Error, places and ids to the clipboard; nothing where no letter is shown.
    void copy() const;

Q_SIGNALS:
    void originalRequested(const connectors::EventAddress &address);
    void letterRequested(const connectors::EventAddress &address);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QLabel *addRow(QFormLayout *form, const QString &caption, const QString &objectName);
    void fitFacts(); ///< as high as its text, up to a bound

    std::optional<connectors::DeadLetter> m_letter;
    QLabel *m_reason;
    QLabel *m_exception;
    QLabel *m_original;
    QLabel *m_consumer;
    QLabel *m_attempts;
    QLabel *m_family;
    QScrollArea *m_factsArea;
    QWidget *m_facts;
    QPlainTextEdit *m_stackTrace;
    QPushButton *m_openOriginal;
    QPushButton *m_openLetter;
    QPushButton *m_copy;
};

} // namespace ui::deadletters
