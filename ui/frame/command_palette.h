// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QListWidget;

namespace ui::frame {

/// Ctrl+K: type a few letters of any action, ↑/↓, Enter. Letters may be left out ("gcon" finds "Go to Consumers").
class CommandPalette final : public QFrame
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *window);
    /// Offers these now, in this order for an empty text; disabled ones are shown grey.
    void open(const QList<QAction *> &actions);

Q_SIGNALS:
    /// Enter on a text that no action matches.
    void textEntered(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill();
    void runCurrent();

    QLineEdit *m_edit;
    QListWidget *m_list;
    QList<QPointer<QAction>> m_actions;
};

/// How well the letters of `pattern` match `text` in order, ignoring case: higher is better, negative: not at all.
[[nodiscard]] int matchScore(const QString &text, const QString &pattern);

} // namespace ui::frame
