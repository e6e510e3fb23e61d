// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/verify_row.h"

#include "ui/widgets/plain_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>

namespace ui::aggregates {

namespace {

constexpr int IconSize = 16;

} // namespace

VerifyRow::VerifyRow(QWidget *parent)
    : QWidget(parent)
    , m_button(new QPushButton(this))
    , m_icon(new QLabel(this))
    , m_words(widgets::selectableLabel(QStringLiteral("aggregate-verification"), this))
{
    m_button->setObjectName(QStringLiteral("aggregate-verify"));
    m_button->setToolTip(tr("Folds all events from the first on, without snapshots, and compares the state with every snapshot on the way."));
    m_words->setAccessibleName(tr("What verifying found"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::Spacing);
    row->addWidget(m_button, 0, Qt::AlignTop);
    row->addWidget(m_icon, 0, Qt::AlignVCenter);
    row->addWidget(m_words, 1);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_isRunning)
            Q_EMIT cancelRequested();
        else
            Q_EMIT verifyRequested();
    });
    setRunning(false);
    say(theme::Role::Muted, {});
}

void VerifyRow::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    m_button->setText(isRunning ? tr("Cancel") : tr("&Verify the snapshots"));
    m_button->setAccessibleName(isRunning ? tr("Cancel verifying") : tr("Verify the snapshots against a full replay"));
    m_button->setIcon(theme::icon(isRunning ? QStringLiteral("close") : QStringLiteral("ok")));
}

void VerifyRow::say(theme::Role role, const QString &words)
{
    m_role = role;
    m_words->setText(words);
    paintIcon();
}

void VerifyRow::paintIcon()
{
    const bool isResult = m_role == theme::Role::Ok || m_role == theme::Role::Error || m_role == theme::Role::Warning;
    m_icon->setVisible(isResult && !m_words->text().isEmpty());
    const QString name = m_role == theme::Role::Ok ? QStringLiteral("ok") : m_role == theme::Role::Error ? QStringLiteral("error") : QStringLiteral("warning");
    if (isResult)
        m_icon->setPixmap(theme::icon(name, m_role).pixmap(QSize(IconSize, IconSize), devicePixelRatioF()));
}

void VerifyRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintIcon();
}

} // namespace ui::aggregates
