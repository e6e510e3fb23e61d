// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/state_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui::widgets {

StateView::StateView(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_explanation(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_copy(new QPushButton(tr("Copy the message"), this))
{
    setObjectName(QStringLiteral("state-view"));
    m_title->setObjectName(QStringLiteral("state-title"));
    m_explanation->setObjectName(QStringLiteral("state-explanation"));
    m_button->setObjectName(QStringLiteral("state-button"));
    m_copy->setObjectName(QStringLiteral("state-copy"));
    for (QLabel *label : {m_title, m_explanation}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setFocusPolicy(Qt::NoFocus);
        label->setMaximumWidth(560);
    }
    QFont titleFont = m_title->font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.25);
    titleFont.setBold(true);
    m_title->setFont(titleFont);
    m_icon->setAlignment(Qt::AlignHCenter);

    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_button);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin * 2, theme::Margin * 2, theme::Margin * 2, theme::Margin * 2);
    layout->setSpacing(theme::Spacing);
    layout->addStretch();
    layout->addWidget(m_icon);
    // Centred by stretches and not by alignment, which would take the height-for-width away from wrapped text.
    for (QLabel *label : {m_title, m_explanation}) {
        auto *row = new QHBoxLayout;
        row->addStretch(1);
        row->addWidget(label, 100);
        row->addStretch(1);
        layout->addLayout(row);
    }
    layout->addLayout(buttons);
    layout->addStretch();
    connect(m_button, &QPushButton::clicked, this, &StateView::buttonClicked);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_title->text() + u'\n' + m_explanation->text());
    });
    showLoading(tr("Loading"));
}

void StateView::showLoading(const QString &what)
{
    show(QStringLiteral("clock"), what, {}, {});
    m_copy->hide();
}

void StateView::showEmpty(const QString &title, const QString &explanation, const QString &buttonText, const QString &iconName)
{
    show(iconName, title, explanation, buttonText);
    m_copy->hide();
}

void StateView::showError(const QString &title, const connectors::Error &error, const QString &buttonText)
{
    show(QStringLiteral("error"), title, text::error(error), buttonText);
    m_copy->show();
}

void StateView::showErrors(const QString &title, const std::vector<NamedError> &errors, const QString &buttonText)
{
    QStringList words;
    for (const NamedError &each : errors)
        words += errors.size() == 1 ? text::error(each.error) : tr("%1: %2").arg(each.name, text::error(each.error));
    show(QStringLiteral("error"), title, words.join(QStringLiteral("\n\n")), buttonText);
    m_copy->show();
}

QString StateView::title() const
{
    return m_title->text();
}

QString StateView::explanation() const
{
    return m_explanation->text();
}

void StateView::show(const QString &iconName, const QString &title, const QString &explanation, const QString &buttonText)
{
    m_iconName = iconName;
    paintIcon();
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    m_button->setText(buttonText);
    m_button->setVisible(!buttonText.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(explanation);
}

void StateView::paintIcon()
{
    const auto role = m_iconName == QStringLiteral("error") ? theme::Role::Error
        : m_iconName == QStringLiteral("ok")                ? theme::Role::Ok
        : m_iconName == QStringLiteral("warning")           ? theme::Role::Warning
                                                            : theme::Role::Muted;
    m_icon->setPixmap(theme::icon(m_iconName, role).pixmap(QSize(32, 32), devicePixelRatioF()));
}

void StateView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintIcon();
}

} // namespace ui::widgets
