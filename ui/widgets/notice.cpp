// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notice.h"

#include "ui/widgets/text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace ui::widgets {

namespace {

QString iconOf(theme::Role role)
{
    switch (role) {
    case theme::Role::Ok:
        return QStringLiteral("ok");
    case theme::Role::Warning:
        return QStringLiteral("warning");
    case theme::Role::Error:
        return QStringLiteral("error");
    default:
        return QStringLiteral("info");
    }
}

} // namespace

Notice::Notice(const QString &objectName, QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
{
    setObjectName(objectName);
    m_text->setObjectName(objectName + QStringLiteral("-text"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Spacing, theme::Spacing, theme::Spacing);
    layout->setSpacing(theme::Spacing);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    m_text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    layout->addWidget(m_text, 1);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    hide();
}

void Notice::say(theme::Role role, const QString &text)
{
    m_role = role;
    m_text->setText(text);
    setAccessibleName(text);
    paintIcon();
    setVisible(!text.isEmpty());
    update();
}

void Notice::say(const connectors::Error &error)
{
    say(theme::Role::Error, text::error(error));
}

QString Notice::text() const
{
    return m_text->text();
}

void Notice::paintIcon()
{
    m_icon->setPixmap(theme::icon(iconOf(m_role), m_role).pixmap(QSize(16, 16), devicePixelRatioF()));
}

void Notice::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintIcon();
}

void Notice::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::color(theme::Role::Base));
    painter.fillRect(QRect(0, 0, theme::Unit, height()), theme::color(m_role));
}

} // namespace ui::widgets
