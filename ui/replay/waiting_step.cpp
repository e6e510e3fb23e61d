// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/waiting_step.h"

#include "ui/replay/plan_text.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui::replay {

using models::journal::State;
using models::replay::Change;
namespace text = widgets::text;

WaitingStep::WaitingStep(QWidget *parent)
    : QWidget(parent)
    , m_title(widgets::wrappingLabel(QStringLiteral("waiting-title"), this))
    , m_explanation(widgets::wrappingLabel(QStringLiteral("waiting-explanation"), this))
    , m_left(widgets::wrappingLabel(QStringLiteral("waiting-left"), this))
    , m_members(new QListWidget(this))
    , m_until(widgets::wrappingLabel(QStringLiteral("waiting-until"), this))
    , m_cancel(new QPushButton(theme::icon(QStringLiteral("close")), tr("&Cancel"), this))
{
    setObjectName(QStringLiteral("replay-waiting"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_left->setFont(bold);
    m_members->setObjectName(QStringLiteral("waiting-members"));
    m_members->setAccessibleName(tr("Members to stop"));
    m_members->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_cancel->setObjectName(QStringLiteral("waiting-cancel"));
    m_cancel->setAccessibleName(tr("Cancel this change"));
    m_cancel->setAutoDefault(false);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_until, 1);
    bottom->addWidget(m_cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addWidget(m_title);
    layout->addWidget(m_explanation);
    layout->addWidget(m_left);
    layout->addWidget(m_members, 1);
    layout->addLayout(bottom);
    layout->addStretch();
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &WaitingStep::showTime);
    connect(m_cancel, &QPushButton::clicked, this, &WaitingStep::cancelRequested);
}

void WaitingStep::show(Change &change)
{
    m_change = &change;
    const QString name = text::untrusted(change.consumer(), 80);
    const bool isBefore = change.runState() < State::Intent;
    const bool isWaiting = change.runState() == State::Waiting;
    if (isWaiting) {
        m_title->setText(tr("Waiting until nobody reads as %1").arg(name));
        m_explanation->setText(tr("Stop its members. As soon as they have left, the checkpoints are read again: if they are as planned the change goes on by itself, "
                                  "else you see the difference and a new plan. A consumer that processes events until it is stopped moves its checkpoints, so it needs that second look. "
                                  "A member that was killed stays listed until its session times out."));
    } else if (isBefore) {
        m_title->setText(tr("Checking that everything is as it was when the plan was made"));
        m_explanation->setText(tr("Nothing has been changed yet."));
    } else {
        m_title->setText(change.runState() == State::Verifying ? tr("Reading the checkpoints back on another connection") : tr("Moving the checkpoints of %1").arg(name));
        m_explanation->setText(tr("Every step is written to the journal before it is done, and its result after."));
    }
    m_cancel->setEnabled(!change.isCancelling());
    m_cancel->setText(change.isCancelling() ? tr("Cancelling") : isBefore ? tr("&Cancel, nothing was changed") : tr("&Stop after this step"));
    m_members->setVisible(isWaiting && !change.membersLeft().empty());
    m_left->setVisible(isWaiting);
    if (isWaiting)
        showMembers(change);
    showTime();
    m_clock.start();
}

void WaitingStep::showMembers(const Change &change)
{
    const auto &members = change.membersLeft();
    m_left->setText(members.empty() ? tr("Somebody reads, but this system does not tell who.") : tr("Stop these: %1 left").arg(widgets::text::exact(std::ssize(members))));
    QStringList lines;
    for (const connectors::ConsumerMember &member : members)
        lines += tr("%1   on %2   (%3)").arg(memberName(member), text::untrusted(member.host, 80), text::untrusted(member.member, 120));
    QStringList shown;
    for (int row = 0; row < m_members->count(); ++row)
        shown += m_members->item(row)->text();
    if (shown == lines)
        return; // a row that is being copied stays selected
    m_members->clear();
    m_members->addItems(lines);
}

void WaitingStep::showTime()
{
    if (!m_change || m_change->stage() != models::replay::Stage::Applying) {
        m_clock.stop();
        return;
    }
    const connectors::EpochMs left = m_change->approvedUntil() - QDateTime::currentMSecsSinceEpoch();
    m_until->setText(m_change->runState() >= State::Intent ? QString()
                                                           : tr("The approval is good until %1, for another %2.").arg(text::shortTime(m_change->approvedUntil()), text::clock(left)));
}

} // namespace ui::replay
