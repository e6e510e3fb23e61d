// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>

class QAbstractButton;

namespace ui::widgets {

/// A button's action for the menu and the palette: there while the button is to be seen, and grey while the button is.
class ButtonCommand final : public QAction
{
    Q_OBJECT

public:
    /// `text` is a whole phrase, which the button beside its table need not be. The button must outlive the command.
    ButtonCommand(QAbstractButton *button, const QString &text, QObject *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();

    QAbstractButton *m_button;
};

} // namespace ui::widgets
