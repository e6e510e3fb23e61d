// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/step_panel.h"

#include "ui/frame/environment_text.h"
#include "ui/projections/projection_words.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

namespace ui::projections {

using connectors::Rebuild;
using connectors::RebuildState;
using models::journal::State;
using models::projection::Projection;
using models::projection::ProjectionAction;
using models::projection::ProjectionPlan;
using models::projection::ProjectionStage;
namespace text = widgets::text;

StepPanel::StepPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(widgets::plainLabel(QStringLiteral("projection-title"), this))
    , m_isParking(new QCheckBox(tr("Leave out events that do not fit, and list them"), this))
    , m_areLossesAccepted(new QCheckBox(tr("Accept what a rebuilt table would lack"), this))
    , m_notice(new widgets::Notice(QStringLiteral("projection-notice"), this))
    , m_planBox(new QWidget(this))
    , m_form(new QFormLayout)
    , m_effect(widgets::selectableLabel(QStringLiteral("projection-effect"), this))
    , m_environment(widgets::selectableLabel(QStringLiteral("projection-environment"), this))
    , m_reversible(widgets::selectableLabel(QStringLiteral("projection-reversible"), this))
    , m_warnings(widgets::selectableLabel(QStringLiteral("projection-warnings"), this))
    , m_disk(widgets::selectableLabel(QStringLiteral("projection-disk"), this))
    , m_nextWriter(new QLineEdit(this))
    , m_reason(new QLineEdit(this))
    , m_wanted(widgets::selectableLabel(QStringLiteral("projection-wanted"), this))
    , m_typed(new QLineEdit(this))
    , m_missing(widgets::wrappingLabel(QStringLiteral("projection-missing"), this))
    , m_dismiss(new QPushButton(theme::icon(QStringLiteral("close")), tr("Not &now"), this))
    , m_apply(new QPushButton(tr("Apply"), this))
    , m_progress(new QProgressBar(this))
    , m_progressWords(widgets::plainLabel(QStringLiteral("projection-progress-words"), this))
    , m_cancel(new QPushButton(theme::icon(QStringLiteral("pause")), tr("&Pause"), this))
{
    setObjectName(QStringLiteral("projection-step"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    buildButtons();
    buildPlan();
    buildLayout();
    connect(m_dismiss, &QPushButton::clicked, this, [this] { m_projection->dismiss(); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_projection->cancel(); });
    connect(m_apply, &QPushButton::clicked, this, [this] { m_projection->apply(m_typed->text(), m_reason->text()); });
    connect(m_typed, &QLineEdit::textChanged, this, &StepPanel::updateApply);
    connect(m_reason, &QLineEdit::textChanged, this, &StepPanel::updateApply);
    connect(m_nextWriter, &QLineEdit::editingFinished, this, [this] {
        const bool isSwap = m_projection && m_projection->plan() && m_projection->plan()->plan.action == ProjectionAction::Swap;
        if (isSwap && m_projection->stage() == ProjectionStage::Reviewing && m_nextWriter->text().trimmed() != m_projection->plan()->plan.nextWriter)
            m_projection->plan(ProjectionAction::Swap, m_nextWriter->text().trimmed());
    });
    update();
}

QPushButton *StepPanel::addButton(const QString &name, const QString &iconName, const QString &words, ProjectionAction action)
{
    auto *button = new QPushButton(theme::icon(iconName), words, this);
    button->setObjectName(name);
    button->setAccessibleName(QString(words).remove(u'&'));
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, [this, action] { plan(action); });
    return button;
}

void StepPanel::buildButtons()
{
    m_rebuild = addButton(QStringLiteral("projection-rebuild"), QStringLiteral("refresh"), tr("Re&build…"), ProjectionAction::Rebuild);
    m_resume = addButton(QStringLiteral("projection-resume"), QStringLiteral("play"), tr("&Go on filling…"), ProjectionAction::Resume);
    m_swap = addButton(QStringLiteral("projection-swap"), QStringLiteral("forward"), tr("&Swap…"), ProjectionAction::Swap);
    m_swapBack = addButton(QStringLiteral("projection-swap-back"), QStringLiteral("undo"), tr("Swap bac&k…"), ProjectionAction::SwapBack);
    m_drop = addButton(QStringLiteral("projection-drop"), QStringLiteral("remove"), tr("&Drop…"), ProjectionAction::Drop);
    m_rebuild->setToolTip(tr("Reads all events and says what a rebuild would do; nothing is changed before you apply it."));
    m_swap->setToolTip(tr("Puts the rebuilt tables in place of the live ones."));
    m_drop->setToolTip(tr("Removes what is kept beside the live tables."));
    m_isParking->setObjectName(QStringLiteral("projection-park"));
    m_areLossesAccepted->setObjectName(QStringLiteral("projection-accept-losses"));
}

void StepPanel::buildPlan()
{
    m_nextWriter->setObjectName(QStringLiteral("projection-next-writer"));
    m_nextWriter->setAccessibleName(tr("Who writes the tables after the swap"));
    m_nextWriter->setPlaceholderText(tr("A projector that knows this version, or “nobody”"));
    m_reason->setObjectName(QStringLiteral("projection-reason"));
    m_reason->setAccessibleName(tr("Reason or ticket"));
    m_typed->setObjectName(QStringLiteral("projection-typed"));
    m_typed->setAccessibleName(tr("Type the words that confirm this change"));
    m_dismiss->setObjectName(QStringLiteral("projection-dismiss"));
    m_dismiss->setAccessibleName(tr("Not now"));
    m_apply->setObjectName(QStringLiteral("projection-apply"));
    m_cancel->setObjectName(QStringLiteral("projection-cancel"));
    m_cancel->setAccessibleName(tr("Pause"));
    m_progress->setObjectName(QStringLiteral("projection-progress"));
    m_wanted->setFont(theme::monospaceFont());
    for (QPushButton *button : {m_dismiss, m_apply, m_cancel})
        button->setAutoDefault(false); // Enter in a field must never apply
    for (QLineEdit *edit : {m_nextWriter, m_reason, m_typed})
        edit->setMaximumWidth(420);
    m_form->setHorizontalSpacing(theme::Margin);
    m_form->setVerticalSpacing(theme::Unit);
    m_form->addRow(tr("Effect"), m_effect);
    m_form->addRow(tr("Environment"), m_environment);
    m_form->addRow(tr("Reversible"), m_reversible);
    m_form->addRow(tr("Disk"), m_disk);
    m_form->addRow(tr("Beware"), m_warnings);
    m_form->addRow(tr("Written after by"), m_nextWriter);
    m_form->addRow(tr("Reason or ticket"), m_reason);
    m_form->addRow(tr("To confirm, type"), m_wanted);
    m_form->addRow(QString(), m_typed);
}

void StepPanel::buildLayout()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(theme::Spacing);
    head->addWidget(m_title, 1);
    for (QPushButton *button : {m_rebuild, m_resume, m_swap, m_swapBack, m_drop})
        head->addWidget(button);
    auto *choices = new QHBoxLayout;
    choices->setSpacing(theme::Margin);
    choices->addWidget(m_isParking);
    choices->addWidget(m_areLossesAccepted);
    choices->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Spacing);
    buttons->addWidget(m_missing, 1);
    buttons->addWidget(m_dismiss);
    buttons->addWidget(m_apply);
    auto *planLayout = new QVBoxLayout(m_planBox);
    planLayout->setContentsMargins(0, 0, 0, 0);
    planLayout->setSpacing(theme::Spacing);
    planLayout->addLayout(m_form);
    planLayout->addLayout(buttons);
    auto *progress = new QHBoxLayout;
    progress->setSpacing(theme::Spacing);
    progress->addWidget(m_progress, 1);
    progress->addWidget(m_progressWords);
    progress->addWidget(m_cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(head);
    layout->addLayout(choices);
    layout->addWidget(m_notice);
    layout->addWidget(m_planBox);
    layout->addLayout(progress);
    layout->addStretch(1);
}

void StepPanel::show(Projection *projection)
{
    if (m_projection)
        m_projection->disconnect(this);
    m_projection = projection;
    m_shownPlan.clear();
    if (m_projection)
        connect(m_projection, &Projection::changed, this, &StepPanel::update);
    update();
}

void StepPanel::plan(ProjectionAction action)
{
    m_projection->plan(action, m_nextWriter->text().trimmed(), m_isParking->isChecked(), m_areLossesAccepted->isChecked());
}

void StepPanel::update()
{
    setVisible(m_projection);
    if (!m_projection)
        return;
    m_title->setText(tr("%1: %2").arg(text::untrusted(m_projection->name(), 80), stateWords(*m_projection)));
    updateButtons();
    updateNotice();
    updatePlan();
    updateProgress();
}

void StepPanel::updateButtons()
{
    const auto &status = m_projection->status();
    const Rebuild *next = status ? status->nextRebuild() : nullptr;
    const Rebuild *live = status ? status->liveRebuild() : nullptr;
    const bool isFree = status && !m_projection->isBusy();
    const bool isNextFilling = next && next->state == RebuildState::Filling;
    m_rebuild->setEnabled(isFree && (!next || next->state == RebuildState::SwappedBack));
    m_rebuild->setToolTip(isFree && next && next->state != RebuildState::SwappedBack ? tr("A rebuild is there already: go on with it, swap it, or drop it.") : tr("Reads all events and says what a rebuild would do; nothing is changed before you apply it."));
    m_resume->setVisible(isNextFilling);
    const auto isKnown = [&status](const Rebuild *rebuild) { return rebuild && status->knownJobs.contains(rebuild->job); };
    m_resume->setEnabled(isFree && isKnown(next));
    m_swap->setEnabled(isFree && isKnown(next) && !isNextFilling);
    m_swapBack->setEnabled(isFree && isKnown(live));
    m_drop->setEnabled(isFree && (next ? isKnown(next) : isKnown(live)));
    const bool isRebuildAsked = m_rebuild->isEnabled();
    m_isParking->setVisible(isRebuildAsked);
    m_areLossesAccepted->setVisible(isRebuildAsked);
}

void StepPanel::updateNotice()
{
    const auto &error = m_projection->error() ? m_projection->error() : m_projection->statusError();
    if (error)
        return m_notice->say(*error);
    if (m_projection->stage() == ProjectionStage::Ended && m_projection->outcome()) {
        const auto &outcome = *m_projection->outcome();
        QString words = outcomeSentence(m_projection->plan()->plan, outcome);
        if (outcome.state != State::Done && !outcome.note.isEmpty())
            words += u' ' + text::untrusted(outcome.note, 500);
        return m_notice->say(outcome.state == State::Done ? theme::Role::Ok : theme::Role::Warning, words);
    }
    const auto &plan = m_projection->plan();
    if (!plan || plan->plan.refusals.empty())
        return m_notice->clear();
    const QStringList refusals(plan->plan.refusals.begin(), plan->plan.refusals.end());
    m_notice->say(theme::Role::Warning, text::untrusted(refusals.join(u' '), 800));
}

void StepPanel::updatePlan()
{
    const bool isReviewing = m_projection->stage() == ProjectionStage::Reviewing;
    m_planBox->setVisible(isReviewing);
    if (!isReviewing)
        return;
    const auto &stored = *m_projection->plan();
    const ProjectionPlan &plan = stored.plan;
    const auto setRow = [this](QWidget *field, bool isShown) {
        field->setVisible(isShown);
        if (QWidget *label = m_form->labelForField(field))
            label->setVisible(isShown);
    };
    if (m_shownPlan != plan.planId) {
        m_shownPlan = plan.planId;
        m_typed->clear();
        m_effect->setText(planSentence(plan));
        m_environment->setText(frame::environmentWord(stored.environment));
        QPalette colored = palette();
        colored.setColor(QPalette::WindowText, theme::color(theme::environmentRole(stored.environment)));
        m_environment->setPalette(colored);
        m_reversible->setText(text::untrusted(plan.reversible, 400));
        const QStringList warnings(plan.warnings.begin(), plan.warnings.end());
        m_warnings->setText(text::untrusted(warnings.join(u' '), 800));
        m_disk->setText(plan.bytesNeeded ? tr("about %1 are needed, %2 are free").arg(text::bytes(*plan.bytesNeeded), plan.bytesFree ? text::bytes(*plan.bytesFree) : QStringLiteral("?")) : QString());
        m_wanted->setText(text::untrusted(demandsOf(plan, stored.environment).confirmation));
        m_apply->setText(actionWord(plan.action));
        m_apply->setAccessibleName(actionWord(plan.action));
        m_nextWriter->setText(plan.nextWriter.isEmpty() ? m_nextWriter->text() : plan.nextWriter);
    }
    const auto demands = demandsOf(plan, stored.environment);
    const bool isPossible = plan.refusals.empty();
    setRow(m_warnings, !plan.warnings.empty());
    setRow(m_disk, plan.action == ProjectionAction::Rebuild && plan.bytesNeeded.has_value());
    setRow(m_nextWriter, plan.action == ProjectionAction::Swap);
    setRow(m_reason, isPossible);
    setRow(m_wanted, isPossible && !demands.confirmation.isEmpty());
    setRow(m_typed, isPossible && !demands.confirmation.isEmpty());
    updateApply();
}

void StepPanel::updateApply()
{
    if (!m_projection || m_projection->stage() != ProjectionStage::Reviewing)
        return;
    const auto &stored = *m_projection->plan();
    models::replay::Approval approval;
    approval.confirmation = m_typed->text();
    approval.reason = m_reason->text();
    const auto said = models::replay::checkWords(demandsOf(stored.plan, stored.environment), approval);
    m_apply->setEnabled(said && !stored.journalId.isEmpty());
    m_missing->setText(said || (m_typed->isVisibleTo(this) && m_typed->text().isEmpty()) ? QString() : text::error(said.error()));
}

void StepPanel::updateProgress()
{
    const bool isShown = m_projection->isBusy();
    for (QWidget *widget : {static_cast<QWidget *>(m_progress), static_cast<QWidget *>(m_progressWords), static_cast<QWidget *>(m_cancel)})
        widget->setVisible(isShown);
    if (!isShown)
        return;
    const bool isApplying = m_projection->stage() == ProjectionStage::Applying;
    const auto &progress = m_projection->progress();
    const qint64 total = progress.events + progress.remaining;
    m_cancel->setText(isApplying ? tr("&Pause") : tr("C&ancel"));
    if (!isApplying || total <= 0) {
        m_progress->setRange(0, 0);
        m_progressWords->setText(isApplying ? QString() : tr("Reading all events"));
        return;
    }
    constexpr int Steps = 1'000;
    m_progress->setRange(0, Steps);
    m_progress->setValue(static_cast<int>(static_cast<double>(progress.events) / static_cast<double>(total) * Steps));
    m_progressWords->setText(tr("%1 events applied, %2 rows written").arg(text::exact(progress.events), text::exact(progress.rows)));
}

} // namespace ui::projections
