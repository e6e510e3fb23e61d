// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_page.h"

#include "connectors/deliver.h"
#include "ui/frame/environment_text.h"
#include "ui/replay/approve_step.h"
#include "ui/replay/plan_step.h"
#include "ui/replay/result_step.h"
#include "ui/replay/waiting_step.h"
#include "ui/replay/what_step.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button_command.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QApplication>
#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::replay {

using models::connection::Connection;
using models::connection::Subject;
using models::connection::Workspace;
using models::replay::Change;
using models::replay::ReplaySession;
using models::replay::Stage;
namespace text = widgets::text;

namespace {
constexpr connectors::EpochMs RecalledMs = 7LL * 24 * 3'600'000; ///< how far back a pace is remembered
}

ReplayPage::ReplayPage(Workspace &workspace, models::history::History &history, ReplaySession &session, QWidget *parent)
    : Page(QStringLiteral("replay"), tr("Reset"), QStringLiteral("reset"), parent)
    , m_workspace(workspace)
    , m_history(history)
    , m_session(session)
    , m_title(new QLabel(this))
    , m_environment(new QLabel(this))
    , m_steps(new StepBar(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
    , m_what(new WhatStep(this))
    , m_plan(new PlanStep(this))
    , m_approve(new ApproveStep(this))
    , m_waiting(new WaitingStep(this))
    , m_result(new ResultStep(this))
{
    buildLayout();
    connectSteps();
    buildCommands();
    for (Connection *connection : workspace.connections())
        follow(connection);
    connect(&workspace, &Workspace::connectionOpened, this, &ReplayPage::follow);
    connect(&workspace, &Workspace::connectionClosed, this, &ReplayPage::markStale, Qt::QueuedConnection);
    connect(&workspace, &Workspace::connectionClosed, &session, [&session](Connection *connection) { session.closeConnection(connection->name()); });
}

void ReplayPage::buildLayout()
{
    m_title->setObjectName(QStringLiteral("replay-title"));
    m_environment->setObjectName(QStringLiteral("replay-environment"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_environment->setFont(bold);
    bold.setPointSizeF(bold.pointSizeF() * 1.25);
    m_title->setFont(bold);
    for (QLabel *label : {m_title, m_environment})
        label->setTextFormat(Qt::PlainText);
    auto *head = new QHBoxLayout;
    head->setSpacing(theme::Margin);
    head->addWidget(m_title);
    head->addWidget(m_environment);
    head->addStretch();
    head->addWidget(m_steps);
    for (QWidget *step : {static_cast<QWidget *>(m_state), static_cast<QWidget *>(m_what), static_cast<QWidget *>(m_plan), static_cast<QWidget *>(m_approve),
                          static_cast<QWidget *>(m_waiting), static_cast<QWidget *>(m_result)})
        m_stack->addWidget(step);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Margin);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    update();
}

void ReplayPage::connectSteps()
{
    connect(m_state, &widgets::StateView::buttonClicked, this, &ReplayPage::stateButtonPressed);
    connect(m_what, &WhatStep::planRequested, this, [this](const auto &request, const QString &csvPath) { m_change->planReset(request, csvPath); });
    connect(m_what, &WhatStep::planFileChosen, this, [this](const QString &path) { m_change->openPlanFile(path); });
    connect(m_what, &WhatStep::storedPlanChosen, this, [this](const QString &journalId) { Q_EMIT placeRequested({id(), {}, journalId, {}}); });
    connect(&m_session.journal(), &models::journal::JournalReader::recordsRead, this, &ReplayPage::markStale);
    connect(m_plan, &PlanStep::backRequested, this, [this] { m_change->startOver(); });
    connect(m_plan, &PlanStep::planAgainRequested, this, [this] { m_change->planAgain(); });
    connect(m_plan, &PlanStep::movedOnAccepted, this, [this](bool isAccepted) { m_change->planFromRecord(isAccepted); });
    connect(m_plan, &PlanStep::messageRaised, this, &Page::messageRaised);
    connect(m_plan, &PlanStep::eventRequested, this, [this](const connectors::EventAddress &address) {
        Q_EMIT placeRequested({QStringLiteral("streams"), m_change->spec().name, address.stream, address});
    });
    connect(m_plan, &PlanStep::approveRequested, this, [this] {
        m_isApproving = true;
        m_approve->show(*m_change->plan(), m_change->environment(), m_plan->reason(), m_plan->isSkippingRefused(), m_rate);
        update();
    });
    connect(m_approve, &ApproveStep::backRequested, this, [this] {
        m_isApproving = false;
        update();
    });
    connect(m_approve, &ApproveStep::applyRequested, this, [this] {
        m_isApproving = false; // whatever comes back to review is looked at again
        m_change->apply(m_approve->confirmation(), m_plan->reason(), m_plan->isSkippingRefused(), m_approve->lifetime());
    });
    connect(m_waiting, &WaitingStep::cancelRequested, this, [this] { m_change->cancel(); });
    connect(m_result, &ResultStep::findOutRequested, this, [this] { m_change->findOut(); });
    connect(m_result, &ResultStep::undoRequested, this, [this] { Q_EMIT placeRequested({id(), {}, m_change->journalId(), {}}); });
    connect(m_result, &ResultStep::journalRequested, this, [this] { Q_EMIT placeRequested({QStringLiteral("journal"), {}, m_change->journalId(), {}}); });
    connect(m_result, &ResultStep::consumerRequested, this, [this] {
        Q_EMIT placeRequested({QStringLiteral("consumers"), m_change->spec().name, m_change->consumer(), {}});
    });
    connect(m_result, &ResultStep::startOverRequested, this, [this] {
        const connectors::ConnectionSpec spec = m_change->spec();
        Change *next = m_change->recordId().isEmpty() ? m_change.data() : m_session.resetOf(spec, m_change->consumer());
        next->startOver();
        setChange(next);
        Q_EMIT placeChanged();
    });
}

void ReplayPage::buildCommands()
{
    const std::pair<const char *, QString> texts[] = {
        {"reset-plan", tr("Make the plan")}, {"reset-open-plan", tr("Use a saved plan…")}, {"plan-back", tr("Back to what is to be done")},
        {"plan-again-button", tr("Plan again")}, {"plan-see", tr("See the events that will be processed again or skipped")},
        {"plan-save", tr("Save the plan…")}, {"plan-copy-command", tr("Copy the plan as a command")}, {"plan-copy-summary", tr("Copy the plan's summary")},
        {"plan-approve", tr("Approve the plan…")}, {"approve-back", tr("Back to the plan")}, {"approve-apply", tr("Apply the approved plan")},
        {"waiting-cancel", tr("Wait no longer")}, {"result-undo", tr("Put checkpoints back")}, {"result-find-out", tr("Find out by reading what happened")},
        {"result-journal", tr("Open this change in the journal")}, {"result-consumer", tr("Go to the consumer")}, {"result-again", tr("Plan another change")}};
    for (const auto &[name, words] : texts)
        m_commands += new widgets::ButtonCommand(m_stack->findChild<QPushButton *>(QLatin1String(name)), words, this);
}

void ReplayPage::follow(Connection *connection)
{
    connect(connection, &Connection::consumersReceived, this, [this] {
        measureRate();
        markStale();
    });
    connect(connection, &Connection::stateChanged, this, &ReplayPage::markStale);
    connect(connection, &Connection::streamsReceived, this, &ReplayPage::markStale);
    if (isVisible())
        watch(true);
    if (m_wanted.connection == connection->name())
        goTo(std::exchange(m_wanted, {}));
}

void ReplayPage::watch(bool isWatching)
{
    for (Connection *connection : m_workspace.connections())
        connection->watch(this, isWatching ? std::vector<Subject>{Subject::Consumers, Subject::Streams} : std::vector<Subject>{});
}

void ReplayPage::showEvent(QShowEvent *event)
{
    watch(true);
    if (m_change)
        m_change->setShown(this, true);
    Page::showEvent(event);
}

void ReplayPage::hideEvent(QHideEvent *event)
{
    watch(false);
    if (m_change)
        m_change->setShown(this, false);
    Page::hideEvent(event);
}

Connection *ReplayPage::connection() const
{
    return m_change ? m_workspace.find(m_change->spec().name) : nullptr;
}

void ReplayPage::measureRate()
{
    if (const Connection *from = connection())
        if (const auto rate = from->throughput().out(m_change->consumer()))
            m_rate = std::max(m_rate.value_or(0), *rate);
}

void ReplayPage::recallRate()
{
    const Connection *from = connection();
    if (m_isRateRecalled || !from || !from->identity())
        return;
    m_isRateRecalled = true;
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    connectors::deliver(m_history.readingRate(from->identity()->systemId, m_change->consumer(), now - RecalledMs, now), this,
                        [this, change = m_change](const connectors::Result<std::optional<double>> &rate) {
                            // Without a memory the plan says that it does not know.
                            if (!rate || !*rate || change != m_change)
                                return;
                            m_rate = std::max(m_rate.value_or(0), **rate);
                            markStale();
                        });
}

void ReplayPage::goTo(const frame::Place &place)
{
    if (place.object.isEmpty())
        return;
    if (place.connection.isEmpty()) {
        std::vector<connectors::ConnectionSpec> open;
        for (const Connection *each : m_workspace.connections())
            open.push_back(each->spec());
        setChange(m_session.ofRecord(place.object, open));
        return;
    }
    if (const Connection *target = m_workspace.find(place.connection)) {
        Change *change = m_session.resetOf(target->spec(), place.object);
        if (change != m_change || !isVisible())
            change->enter();
        setChange(change);
        return;
    }
    m_wanted = place;
    setChange(nullptr);
}

frame::Place ReplayPage::place() const
{
    if (!m_change)
        return m_wanted.object.isEmpty() ? frame::Place{id(), {}, {}, {}} : m_wanted;
    if (!m_change->recordId().isEmpty())
        return {id(), {}, m_change->recordId(), {}};
    return {id(), m_change->spec().name, m_change->consumer(), {}};
}

std::optional<connectors::Environment> ReplayPage::targetEnvironment() const
{
    if (m_change && m_change->plan())
        return m_change->environment();
    const Connection *target = connection();
    return target ? std::optional(target->environment()) : std::nullopt;
}

void ReplayPage::setChange(Change *change)
{
    if (m_change != change) {
        if (m_change) {
            disconnect(m_change, nullptr, this, nullptr);
            m_change->setShown(this, false);
        }
        m_change = change;
        if (change)
            change->setShown(this, isVisible());
        m_isApproving = false;
        m_rate.reset();
        m_isRateRecalled = false;
        if (change)
            connect(change, &Change::changed, this, &ReplayPage::markStale);
        measureRate();
    }
    update();
}

void ReplayPage::refreshWhenShown()
{
    update();
}

void ReplayPage::update()
{
    updateTitle();
    recallRate();
    Connection *target = connection();
    if (!m_change) {
        showState(Step::What);
        return;
    }
    if (m_change->stage() != Stage::Reviewing)
        m_isApproving = false;
    switch (m_change->stage()) {
    case Stage::Asking:
        showAsking(target);
        break;
    case Stage::Planning:
        showState(Step::Plan);
        break;
    case Stage::Reviewing:
        m_plan->show(*m_change, target, m_rate);
        m_approve->showAge(*m_change->plan());
        showStep(m_isApproving ? static_cast<QWidget *>(m_approve) : m_plan);
        m_steps->setStep(m_isApproving ? Step::Approve : Step::Plan);
        break;
    case Stage::Applying:
        m_waiting->show(*m_change);
        showStep(m_waiting);
        m_steps->setStep(Step::Approve);
        break;
    case Stage::Ended:
        m_result->show(*m_change);
        showStep(m_result);
        m_steps->setStep(Step::Result);
        break;
    }
}

/// The focus stays in the page: the button that was pressed goes out of sight with its step.
void ReplayPage::showStep(QWidget *step)
{
    if (m_stack->currentWidget() == step)
        return;
    const bool hasFocus = isAncestorOf(QApplication::focusWidget());
    m_stack->setCurrentWidget(step);
    if (hasFocus && (step->focusProxy() || !step->isAncestorOf(QApplication::focusWidget())))
        step->setFocus(Qt::OtherFocusReason);
}

void ReplayPage::updateTitle()
{
    const auto environment = targetEnvironment();
    const bool isUndo = m_change && !m_change->recordId().isEmpty();
    m_title->setText(isUndo ? tr("Put checkpoints back") : tr("Reset a consumer"));
    const QString word = environment ? frame::environmentWord(*environment) : QString();
    if (word == m_environment->text())
        return;
    m_environment->setText(word);
    QPalette colored = palette();
    if (environment)
        colored.setColor(QPalette::WindowText, theme::color(theme::environmentRole(*environment)));
    m_environment->setPalette(colored);
    Q_EMIT targetEnvironmentChanged();
}

void ReplayPage::showAsking(Connection *target)
{
    if (!m_change->recordId().isEmpty() || !target) {
        showState(Step::What);
        return;
    }
    const QString why = target->connector()->whyNot(connectors::Ability::CheckpointChange);
    if (target->state() != models::connection::ConnectionState::Open || !target->consumers().hasValue() || !why.isEmpty()) {
        showState(Step::What);
        return;
    }
    m_what->show(*m_change, *target);
    m_what->offerStoredPlans(m_session.journal().records());
    showStep(m_what);
    m_steps->setStep(Step::What);
}

void ReplayPage::showState(Step step)
{
    m_steps->setStep(step);
    showStep(m_state);
    const Connection *target = connection();
    const QString name = text::untrusted(m_change ? m_change->spec().name : m_wanted.connection, 60);
    if (!m_change && m_wanted.object.isEmpty())
        m_state->showEmpty(tr("No consumer is chosen"), tr("Choose a consumer and press “Reset…” there."), tr("Go to Consumers"), QStringLiteral("consumers"));
    else if (m_change && m_change->stage() == Stage::Planning)
        m_state->showEmpty(tr("Reading the checkpoints"), tr("The plan is being made. This only reads; nothing is changed."), tr("Cancel"), QStringLiteral("clock"));
    else if (m_change && m_change->error())
        m_state->showError(m_change->recordId().isEmpty() ? tr("No plan could be made") : tr("There is no plan to put this back"), *m_change->error(), tr("Open the journal"));
    else if (m_change && !m_change->recordId().isEmpty())
        m_state->showEmpty(tr("No plan was made"), tr("Planning was cancelled. Nothing was changed."), tr("Open the journal"), QStringLiteral("journal"));
    else if (!target)
        m_state->showEmpty(tr("%1 is not open").arg(name), tr("Open the connection to plan a change of its consumers."), tr("Go to Consumers"), QStringLiteral("consumers"));
    else if (target->error())
        m_state->showError(tr("%1 is not connected").arg(name), *target->error(), tr("Go to Consumers"));
    else if (const QString why = target->connector()->whyNot(connectors::Ability::CheckpointChange); !why.isEmpty())
        m_state->showEmpty(tr("Checkpoints cannot be changed on %1").arg(name), text::untrusted(why, 500), tr("Go to Consumers"), QStringLiteral("info"));
    else
        m_state->showLoading(tr("Reading the consumers of %1").arg(name));
}

void ReplayPage::stateButtonPressed()
{
    if (m_change && m_change->stage() == Stage::Planning)
        m_change->cancel();
    else if (m_change && !m_change->recordId().isEmpty())
        Q_EMIT placeRequested({QStringLiteral("journal"), {}, m_change->recordId(), {}});
    else
        Q_EMIT placeRequested({QStringLiteral("consumers"), m_change ? m_change->spec().name : QString(), m_change ? m_change->consumer() : QString(), {}});
}

} // namespace ui::replay
