// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_request.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui::traces {

/// One line that takes anything known, and under it how the text is understood.
class SearchBar final : public QWidget
{
    Q_OBJECT

public:
    explicit SearchBar(QWidget *parent = nullptr);

    void setRequest(const models::trace::TraceRequest &request);
    /// Somebody has typed what was not searched yet.
    [[nodiscard]] bool isBeingTyped() const;
    void setSearching(bool isSearching);
    /// What was found and searched instead of what is expected, with a way on where that was not all; goes away when somebody types.
    void setFinding(const QString &words, const QString &toolTip, const QString &wayOn);
    void focusLine();

Q_SIGNALS:
    void searchRequested(const QString &text, models::trace::KnownAs knownAs);
    void cancelRequested();
    void furtherRequested(); ///< the way on

private:
    void submit();
    void showHint();
    [[nodiscard]] models::trace::KnownAs knownAs() const;

    QComboBox *m_knownAs;
    QLineEdit *m_line;
    QPushButton *m_search;
    QLabel *m_hint;
    QPushButton *m_further;
    bool m_isSearching = false;
    bool m_isKindChosen = false; ///< by the user, for what is typed next
};

} // namespace ui::traces
