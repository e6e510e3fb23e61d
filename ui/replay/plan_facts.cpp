// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/plan_facts.h"

#include "ui/consumers/consumer_row.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::replay {

using models::replay::Change;
using models::replay::Plan;
namespace text = widgets::text;

namespace {

constexpr int MostWarningHeight = 96;

/// What was told of the plan's consumer since the plan was made; of who is not named there, also before.
const connectors::ConsumerState *stateSince(const Plan &plan, const models::connection::Connection *connection)
{
    const connectors::ConsumerState *state = connection ? consumers::stateOf(*connection, plan.consumer) : nullptr;
    const bool isLater = state && connection->consumers().receivedAt >= plan.created;
    return isLater || plan.members.empty() ? state : nullptr;
}

} // namespace

PlanFacts::PlanFacts(QWidget *parent)
    : QWidget(parent)
    , m_learner(this)
    , m_form(new QFormLayout)
    , m_members(widgets::selectableLabel(QStringLiteral("plan-members"), this))
    , m_others(widgets::selectableLabel(QStringLiteral("plan-others"), this))
    , m_effectsRow(new QWidget(this))
    , m_effects(widgets::selectableLabel(QStringLiteral("plan-effects"), this))
    , m_learn(new QPushButton(tr("&Learn what it causes"), this))
    , m_reversible(widgets::selectableLabel(QStringLiteral("plan-reversible"), this))
    , m_warningsArea(new QScrollArea(this))
    , m_warnings(new widgets::Notice(QStringLiteral("plan-warnings"), this))
{
    m_learn->setObjectName(QStringLiteral("plan-learn"));
    m_learn->setAccessibleName(tr("Learn what it causes"));
    m_learn->setAutoDefault(false);
    buildForm();
    buildWarnings();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(m_form);
    layout->addWidget(m_warningsArea);
    connect(m_learn, &QPushButton::clicked, this, &PlanFacts::learnEffects);
    connect(&m_learner, &models::replay::EffectLearner::learned, this, [this](const models::replay::LearnedEffects &learned) {
        if (m_change && m_change->plan())
            showEffects(effectsText(learned, *m_change->plan()));
    });
    connect(&m_learner, &models::replay::EffectLearner::failed, this,
            [this](const connectors::Error &error) { showEffects(tr("not known: %1").arg(text::untrusted(error.message, 200))); });
}

void PlanFacts::buildForm()
{
    m_form->setHorizontalSpacing(theme::Margin);
    m_form->setVerticalSpacing(theme::Unit);
    m_form->addRow(tr("Members now"), m_members);
    m_form->addRow(tr("Others on these streams"), m_others);
    auto *effects = new QHBoxLayout(m_effectsRow);
    effects->setContentsMargins(0, 0, 0, 0);
    effects->setSpacing(theme::Spacing);
    effects->addWidget(m_effects, 1);
    effects->addWidget(m_learn);
    m_form->addRow(tr("Will cause"), m_effectsRow);
    m_form->addRow(tr("Reversible"), m_reversible);
}

/// Many warnings must not push the buttons out of the window.
void PlanFacts::buildWarnings()
{
    m_warningsArea->setObjectName(QStringLiteral("plan-warnings-area"));
    m_warningsArea->setFrameShape(QFrame::NoFrame);
    m_warningsArea->setWidgetResizable(true);
    m_warningsArea->setWidget(m_warnings);
    m_warningsArea->setVisible(false);
    // A notice is at least as high as its text in a narrow column, and would scroll what fits.
    QSizePolicy policy = m_warnings->sizePolicy();
    policy.setVerticalPolicy(QSizePolicy::Preferred);
    m_warnings->setSizePolicy(policy);
    for (QLabel *label : m_warnings->findChildren<QLabel *>())
        label->setMinimumHeight(1);
}

void PlanFacts::show(const Change &change, const models::connection::Connection *connection)
{
    const Plan &plan = *change.plan();
    m_members->setText(membersText(plan, stateSince(plan, connection)));
    m_others->setText(othersText(plan));
    m_reversible->setText(text::untrusted(plan.reversible, 400));
    QStringList warnings;
    if (const QString age = ageText(plan, QDateTime::currentMSecsSinceEpoch()); !age.isEmpty())
        warnings += age;
    if (change.isForeign())
        warnings += tr("This plan came in a file that was not made here. Read every row before you approve it.");
    for (const QString &warning : plan.warnings)
        warnings += text::untrusted(warning, 500);
    m_warnings->say(theme::Role::Warning, warnings.join(u'\n'));
    m_warningsArea->setVisible(!warnings.isEmpty());
    fitWarnings();
}

void PlanFacts::fitWarnings()
{
    if (!m_warnings->text().isEmpty())
        m_warningsArea->setFixedHeight(std::min(MostWarningHeight, m_warnings->heightForWidth(std::max(400, contentsRect().width()))));
}

void PlanFacts::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitWarnings();
}

void PlanFacts::showEffects(const QString &text)
{
    m_effects->setText(text);
    m_learn->hide();
    m_effectsRow->setVisible(!text.isEmpty());
    m_form->labelForField(m_effectsRow)->setVisible(!text.isEmpty());
}

void PlanFacts::offerEffects(const Change &change, models::connection::Connection *connection)
{
    m_learner.cancel();
    m_change = &change;
    m_connection = connection;
    if (change.plan()->replayed() <= 0)
        return showEffects({});
    if (!connection || !connection->connector()->eventReader())
        return showEffects(tr("not known: the events of this connection cannot be read"));
    if (!connectors::countsAsProduction(change.environment()))
        return learnEffects();
    showEffects(learningCostText());
    m_learn->show();
}

void PlanFacts::learnEffects()
{
    if (!m_change || !m_change->plan() || !m_connection)
        return;
    showEffects(tr("looking at what these events were followed by…"));
    m_learner.learn(m_connection->connector(), *m_change->plan(), m_change->environment());
}

} // namespace ui::replay
