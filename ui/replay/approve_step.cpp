// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/approve_step.h"

#include "ui/frame/environment_text.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ui::replay {

using models::replay::ConfirmationForm;
namespace text = widgets::text;

ApproveStep::ApproveStep(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout)
    , m_headline(widgets::selectableLabel(QStringLiteral("approve-headline"), this))
    , m_environment(widgets::selectableLabel(QStringLiteral("approve-environment"), this))
    , m_effect(widgets::selectableLabel(QStringLiteral("approve-effect"), this))
    , m_reasonText(widgets::selectableLabel(QStringLiteral("approve-reason"), this))
    , m_reversible(widgets::selectableLabel(QStringLiteral("approve-reversible"), this))
    , m_wanted(widgets::selectableLabel(QStringLiteral("approve-wanted"), this))
    , m_typed(new QLineEdit(this))
    , m_validFor(new QComboBox(this))
    , m_age(new widgets::Notice(QStringLiteral("approve-age"), this))
    , m_missing(new widgets::Notice(QStringLiteral("approve-missing"), this))
    , m_back(new QPushButton(theme::icon(QStringLiteral("back")), tr("&Plan"), this))
    , m_apply(new QPushButton(tr("Apply"), this))
{
    setObjectName(QStringLiteral("replay-approve"));
    m_typed->setObjectName(QStringLiteral("approve-typed"));
    m_typed->setAccessibleName(tr("Type the words that confirm this change"));
    m_typed->setMaximumWidth(420);
    m_validFor->setObjectName(QStringLiteral("approve-valid-for"));
    m_validFor->setAccessibleName(tr("How long the approval is good for"));
    using std::chrono::minutes;
    for (const auto &[words, lifetime] : {std::pair(tr("15 minutes"), models::replay::ApprovalLifetime), std::pair(tr("1 hour"), minutes(60)), std::pair(tr("8 hours"), minutes(480))})
        m_validFor->addItem(words, QVariant::fromValue<qint64>(std::chrono::milliseconds(lifetime).count()));
    m_back->setObjectName(QStringLiteral("approve-back"));
    m_back->setAccessibleName(tr("Back to the plan"));
    m_apply->setObjectName(QStringLiteral("approve-apply"));
    m_apply->setAccessibleName(tr("Apply the plan"));
    for (QPushButton *button : {m_back, m_apply}) {
        button->setAutoDefault(false); // Enter in the field must never apply
        button->setDefault(false);
    }
    QFont bold = m_headline->font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_environment->setFont(bold);
    m_wanted->setFont(theme::monospaceFont());
    buildLayout();
    connect(m_typed, &QLineEdit::textChanged, this, &ApproveStep::updateButton);
    connect(m_back, &QPushButton::clicked, this, &ApproveStep::backRequested);
    connect(m_apply, &QPushButton::clicked, this, &ApproveStep::applyRequested);
}

void ApproveStep::buildLayout()
{
    m_form->setHorizontalSpacing(theme::Margin);
    m_form->setVerticalSpacing(theme::Spacing);
    m_form->addRow(tr("Environment"), m_environment);
    m_form->addRow(tr("Effect"), m_effect);
    m_form->addRow(tr("Reversible"), m_reversible);
    m_form->addRow(tr("Reason"), m_reasonText);
    m_form->addRow(tr("To confirm, type"), m_wanted);
    m_form->addRow(QString(), m_typed);
    m_form->addRow(tr("Good for"), m_validFor);
    auto *until = new QLabel(tr("Members that still read are waited for as long as the approval is good; then the checkpoints are read again, "
                                "and if one has moved, you see the difference and nothing is changed."),
                             this);
    until->setObjectName(QStringLiteral("approve-until"));
    until->setWordWrap(true);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(theme::Spacing);
    bottom->addWidget(m_back);
    bottom->addStretch();
    bottom->addWidget(m_apply);
    auto *column = new QVBoxLayout;
    column->setSpacing(theme::Margin);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_headline);
    column->addWidget(m_age);
    column->addLayout(m_form);
    column->addWidget(until);
    column->addWidget(m_missing);
    column->addLayout(bottom);
    column->addStretch();
    auto *content = new QWidget(this);
    content->setLayout(column);
    content->setMaximumWidth(860);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->addWidget(content, 10);
    layout->addStretch(1);
}

void ApproveStep::show(const models::replay::Plan &plan, connectors::Environment environment, const QString &reason, bool isSkippingRefused, std::optional<double> rate)
{
    m_plan = plan;
    m_environmentNow = environment;
    m_approval = {};
    m_approval.reason = reason;
    m_approval.isSkippingRefused = isSkippingRefused;
    m_validFor->setCurrentIndex(0); // a longer one is chosen each time
    m_headline->setText(headline(plan));
    showAge(plan);
    m_environment->setText(frame::environmentWord(environment));
    QPalette colored = palette();
    colored.setColor(QPalette::WindowText, theme::color(theme::environmentRole(environment)));
    m_environment->setPalette(colored);
    QStringList effects{skippedText(plan), replayedText(plan, rate)};
    effects.removeAll(QString());
    if (plan.isOutOfRangeRestored)
        effects.prepend(tr("writes saved checkpoints that are OUT OF RANGE today"));
    m_effect->setText(effects.isEmpty() ? tr("moves checkpoints; no stored event lies between") : effects.join(u'\n'));
    m_reversible->setText(text::untrusted(plan.reversible, 400));
    m_reasonText->setText(reason.isEmpty() ? QStringLiteral("–") : reason);
    const QString wanted = models::replay::requiredConfirmation(plan, ConfirmationForm::Effect, environment);
    m_wanted->setText(text::untrusted(wanted));
    for (QWidget *widget : {static_cast<QWidget *>(m_wanted), m_form->labelForField(m_wanted), static_cast<QWidget *>(m_typed)})
        widget->setVisible(!wanted.isEmpty());
    m_typed->clear();
    if (wanted.isEmpty())
        m_back->setFocus(Qt::OtherFocusReason);
    else
        m_typed->setFocus(Qt::OtherFocusReason);
    updateButton();
}

void ApproveStep::showAge(const models::replay::Plan &plan)
{
    m_age->say(theme::Role::Warning, ageText(plan, QDateTime::currentMSecsSinceEpoch()));
}

QString ApproveStep::confirmation() const
{
    return m_typed->text();
}

std::chrono::milliseconds ApproveStep::lifetime() const
{
    return std::chrono::milliseconds(m_validFor->currentData().toLongLong());
}

void ApproveStep::updateButton()
{
    m_approval.confirmation = confirmation();
    const auto approved = models::replay::checkWords(m_plan, m_approval, ConfirmationForm::Effect, m_environmentNow);
    m_apply->setEnabled(approved.has_value());
    // While it is being typed there is nothing wrong yet.
    if (approved || (m_typed->isVisibleTo(this) && m_typed->text().isEmpty()))
        m_missing->clear();
    else
        m_missing->say(theme::Role::Info, text::error(approved.error()));
}

} // namespace ui::replay
