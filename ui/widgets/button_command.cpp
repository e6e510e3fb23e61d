// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/button_command.h"

#include <QAbstractButton>
#include <QEvent>

namespace ui::widgets {

ButtonCommand::ButtonCommand(QAbstractButton *button, const QString &text, QObject *parent)
    : QAction(button->icon(), text, parent)
    , m_button(button)
{
    setObjectName(QStringLiteral("command-") + button->objectName());
    button->installEventFilter(this);
    connect(this, &QAction::triggered, button, &QAbstractButton::click);
    follow();
}

void ButtonCommand::follow()
{
    setVisible(m_button->isVisible());
    setEnabled(m_button->isEnabled());
}

bool ButtonCommand::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide || event->type() == QEvent::EnabledChange)
        follow();
    return QAction::eventFilter(watched, event);
}

} // namespace ui::widgets
