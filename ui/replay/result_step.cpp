// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/result_step.h"

#include "ui/replay/outcome_table_model.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::replay {

using models::journal::State;
using models::replay::Change;
namespace text = widgets::text;

ResultStep::ResultStep(QWidget *parent)
    : QWidget(parent)
    , m_rows(new OutcomeTableModel(this))
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_explanation(new QLabel(this))
    , m_problem(new widgets::Notice(QStringLiteral("result-problem"), this))
    , m_table(new widgets::PlainTable(m_rows, QStringLiteral("result-rows"), tr("What became of each checkpoint"), this))
    , m_takeUp(new widgets::Notice(QStringLiteral("result-take-up"), this))
    , m_undo(new QPushButton(theme::icon(QStringLiteral("undo")), tr("Put checkpoints &back"), this))
    , m_findOut(new QPushButton(theme::icon(QStringLiteral("refresh")), tr("&Find out by reading"), this))
    , m_journal(new QPushButton(theme::icon(QStringLiteral("journal")), tr("Open in the &journal"), this))
    , m_consumer(new QPushButton(theme::icon(QStringLiteral("consumers")), tr("&Consumer"), this))
    , m_again(new QPushButton(tr("Plan a&nother change"), this))
{
    setObjectName(QStringLiteral("replay-result"));
    m_title->setObjectName(QStringLiteral("result-title"));
    m_explanation->setObjectName(QStringLiteral("result-explanation"));
    for (QLabel *label : {m_title, m_explanation}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_explanation->setWordWrap(true);
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_title->setFont(large);
    const std::pair<QPushButton *, const char *> named[] = {{m_undo, "result-undo"}, {m_findOut, "result-find-out"}, {m_journal, "result-journal"},
                                                            {m_consumer, "result-consumer"}, {m_again, "result-again"}};
    for (const auto &[button, name] : named) {
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(button->text().remove(u'&'));
        button->setAutoDefault(false);
    }
    m_table->setWidths({22, 7, 14, 14, 14, 30, 34}, OutcomeTableModel::SinceColumn);
    buildLayout();
    connect(m_undo, &QPushButton::clicked, this, &ResultStep::undoRequested);
    connect(m_findOut, &QPushButton::clicked, this, &ResultStep::findOutRequested);
    connect(m_journal, &QPushButton::clicked, this, &ResultStep::journalRequested);
    connect(m_consumer, &QPushButton::clicked, this, &ResultStep::consumerRequested);
    connect(m_again, &QPushButton::clicked, this, &ResultStep::startOverRequested);
}

void ResultStep::buildLayout()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(theme::Spacing);
    head->addWidget(m_icon);
    head->addWidget(m_title, 1);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(theme::Spacing);
    for (QPushButton *button : {m_undo, m_findOut, m_journal, m_consumer})
        bottom->addWidget(button);
    bottom->addStretch();
    bottom->addWidget(m_again);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(head);
    layout->addWidget(m_explanation);
    layout->addWidget(m_problem);
    layout->addWidget(m_takeUp);
    layout->addWidget(m_table, 1);
    layout->addLayout(bottom);
}

void ResultStep::show(Change &change)
{
    m_change = &change;
    showOutcome(change);
    if (const auto *watch = change.takeUp()) {
        m_rows->setTakeUp(watch->takeUp().rows());
        showTakeUp(*watch, text::untrusted(change.consumer(), 80));
    } else {
        m_takeUp->clear();
    }
}

void ResultStep::showOutcome(const Change &change)
{
    const models::replay::RunOutcome &outcome = *change.outcome();
    m_icon->setPixmap(theme::icon(stateIcon(outcome.state), stateRole(outcome.state)).pixmap(QSize(20, 20), devicePixelRatioF()));
    m_title->setText(tr("%1: %2").arg(change.plan() ? headline(*change.plan()) : text::untrusted(change.consumer(), 80), stateWord(outcome.state)));
    QStringList words{stateExplanation(outcome.state)};
    if (!outcome.note.isEmpty())
        words += text::untrusted(outcome.note, 500);
    m_explanation->setText(words.join(u'\n'));
    if (change.error() && change.error()->message != outcome.note)
        m_problem->say(*change.error());
    else
        m_problem->clear();
    m_rows->setOutcomes(outcome.rows);
    m_table->setColumnHidden(OutcomeTableModel::SinceColumn, !change.takeUp());
    const bool isSettled = models::journal::isFinal(outcome.state);
    // What was sent and given up may be carried out after it was read; what was never sent has no rows.
    const bool mayComeLate = outcome.state == State::NotApplied && !outcome.rows.empty();
    m_undo->setVisible(isSettled && (outcome.state != State::NotApplied || mayComeLate));
    m_undo->setToolTip(mayComeLate ? tr("If it was carried out late, after it was read: make a plan that puts the saved checkpoints back.") : QString());
    m_findOut->setVisible(outcome.state != State::Done && outcome.state != State::NotApplied);
    m_findOut->setEnabled(!change.isFindingOut());
    m_findOut->setText(change.isFindingOut() ? tr("Reading") : tr("&Find out by reading"));
}

void ResultStep::showTakeUp(const models::replay::TakeUpWatch &watch, const QString &consumer)
{
    const models::replay::TakeUp &takeUp = watch.takeUp();
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    const QString left = text::exact(takeUp.left());
    const bool hasJumped = std::any_of(takeUp.rows().begin(), takeUp.rows().end(), [](const auto &row) { return row.hasJumped; });
    using models::replay::WatchState;
    if (watch.state() == WatchState::ConnectionClosed)
        return m_takeUp->say(theme::Role::Info, tr("The connection was closed, so how %1 takes it up is not watched any more. The table is as it was then.").arg(consumer));
    if (watch.state() == WatchState::GivenUp) {
        return m_takeUp->say(theme::Role::Warning, tr("%1 has not caught up, and is not watched any more: it was watched for %2, and the last movement was %3 ago.")
                             .arg(consumer, text::duration(now - takeUp.begun()), text::duration(now - takeUp.lastMovement())));
    }
    if (watch.error())
        return m_takeUp->say(theme::Role::Warning, tr("How %1 takes it up could not be read: %2").arg(consumer, text::error(*watch.error())));
    if (!takeUp.isSeen())
        return m_takeUp->say(theme::Role::Info, tr("Watching how %1 takes it up.").arg(consumer));
    if (takeUp.hasElsewhere())
        return m_takeUp->say(theme::Role::Error, tr("ALARM: a checkpoint of %1 was stored where it could not have come from its target. Somebody else writes it; the table says where.").arg(consumer));
    if (takeUp.isStill(now)) {
        return m_takeUp->say(theme::Role::Error, tr("ALARM: no checkpoint of %1 has moved for %2. %3").arg(consumer, text::duration(now - takeUp.lastMovement()),
                             takeUp.isActive() ? tr("Its members are there, but nothing is read.") : tr("Nobody reads: was it started again?")));
    }
    if (takeUp.isCaughtUp() && takeUp.isToBeGone())
        return m_takeUp->say(theme::Role::Info, tr("%1 has no checkpoint there again, as before. It begins where its own settings say.").arg(consumer));
    if (takeUp.isCaughtUp() && !takeUp.hasStarted())
        return m_takeUp->say(theme::Role::Info, tr("Nothing waits for %1: its checkpoints are at the ends of the streams.").arg(consumer));
    if (takeUp.isCaughtUp()) {
        const QString took = takeUp.caughtUpAt() ? text::duration(*takeUp.caughtUpAt() - takeUp.begun()) : QString();
        return m_takeUp->say(hasJumped ? theme::Role::Warning : theme::Role::Ok, tr("%1 has caught up, %2 after the change.").arg(consumer, took));
    }
    if (takeUp.hasStarted())
        return m_takeUp->say(theme::Role::Ok, tr("%1 has taken it up from the targets; %2 positions are left.").arg(consumer, left));
    m_takeUp->say(theme::Role::Info, takeUp.isActive() ? tr("%1 is being read again; no checkpoint has moved yet, %2 positions are left.").arg(consumer, left)
                                                       : tr("Nobody reads as %1 yet: start it again. %2 positions wait for it.").arg(consumer, left));
}

} // namespace ui::replay
