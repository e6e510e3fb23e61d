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
    void setSearching(bool isSearching);
    /// What was found instead of what is expected; goes away when somebody types.
    void setFinding(const QString &words, const QString &toolTip = {});
    void focusLine();

Q_SIGNALS:
    void searchRequested(const QString &text, models::trace::KnownAs knownAs);
    void cancelRequested();

private:
    void submit();
    void showHint();
    [[nodiscard]] models::trace::KnownAs knownAs() const;

    QComboBox *m_knownAs;
    QLineEdit *m_line;
    QPushButton *m_search;
    QLabel *m_hint;
    bool m_isSearching = false;
};

} // namespace ui::traces
