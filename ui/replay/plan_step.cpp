// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/plan_step.h"

#include "connectors/deliver.h"
#include "ui/replay/plan_facts.h"
#include "ui/replay/plan_table_model.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/chart_export.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/text.h"

#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::replay {

using models::connection::CheckpointEvents;
using models::replay::Change;
using models::replay::Plan;
using models::replay::PlanRow;
namespace text = widgets::text;

namespace {

constexpr size_t EventPlaces = 16; ///< the rows with the most to process again

} // namespace

PlanStep::PlanStep(QWidget *parent)
    : QWidget(parent)
    , m_rows(new PlanTableModel(this))
    , m_first(this)
    , m_last(this)
    , m_headline(widgets::selectableLabel(QStringLiteral("plan-headline"), this))
    , m_again(new widgets::Notice(QStringLiteral("plan-again"), this))
    , m_skip(new widgets::Notice(QStringLiteral("plan-skip"), this))
    , m_problem(new widgets::Notice(QStringLiteral("plan-problem"), this))
    , m_table(new widgets::PlainTable(m_rows, QStringLiteral("plan-rows"), tr("Rows of the plan"), this))
    , m_see(new QPushButton(theme::icon(QStringLiteral("event")), tr("S&ee them"), this))
    , m_leaveOut(new QCheckBox(this))
    , m_movedOn(new QCheckBox(tr("The consumer has moved on since. Put the checkpoints back all the same."), this))
    , m_facts(new PlanFacts(this))
    , m_reason(new QLineEdit(this))
    , m_save(new QPushButton(theme::icon(QStringLiteral("export")), tr("&Save the plan…"), this))
    , m_command(new QPushButton(theme::icon(QStringLiteral("copy")), tr("Copy as &command"), this))
    , m_summary(new QPushButton(theme::icon(QStringLiteral("copy")), tr("Copy s&ummary"), this))
    , m_back(new QPushButton(theme::icon(QStringLiteral("back")), tr("&What"), this))
    , m_planAgain(new QPushButton(theme::icon(QStringLiteral("refresh")), tr("Plan a&gain"), this))
    , m_why(widgets::selectableLabel(QStringLiteral("plan-why-not"), this))
    , m_approve(new QPushButton(tr("&Approve…"), this))
{
    setObjectName(QStringLiteral("replay-plan"));
    const std::pair<QAbstractButton *, const char *> named[] = {
        {m_see, "plan-see"}, {m_leaveOut, "plan-leave-out"}, {m_movedOn, "plan-moved-on"}, {m_save, "plan-save"}, {m_command, "plan-copy-command"},
        {m_summary, "plan-copy-summary"}, {m_back, "plan-back"}, {m_planAgain, "plan-again-button"}, {m_approve, "plan-approve"}};
    for (const auto &[button, name] : named) {
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(button->text().remove(u'&'));
        if (auto *push = qobject_cast<QPushButton *>(button))
            push->setAutoDefault(false);
    }
    m_back->setAccessibleName(tr("Back to what is to be done"));
    m_see->setToolTip(tr("Show the first event that will be processed again or skipped, among the stream's events."));
    QFont bold = m_headline->font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_table->setWidths({22, 7, 13, 13, 34, 34, 34}, PlanTableModel::EffectColumn);
    buildLayout();
    connectParts();
}

void PlanStep::buildLayout()
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addWidget(m_headline);
    layout->addWidget(m_problem);
    auto *effects = new QHBoxLayout;
    effects->setSpacing(theme::Spacing);
    effects->addWidget(m_again, 1);
    effects->addWidget(m_skip, 1);
    layout->addLayout(effects);
    layout->addWidget(m_table, 1);
    auto *boxes = new QHBoxLayout;
    boxes->setSpacing(theme::Margin);
    boxes->addWidget(m_see);
    boxes->addWidget(m_leaveOut);
    boxes->addWidget(m_movedOn);
    boxes->addStretch();
    layout->addLayout(boxes);
    layout->addWidget(m_facts);
    layout->addLayout(buildButtons());
}

QLayout *PlanStep::buildButtons()
{
    m_reason->setObjectName(QStringLiteral("plan-reason"));
    m_reason->setAccessibleName(tr("Reason or ticket"));
    m_reason->setPlaceholderText(tr("Why: a sentence or a ticket"));
    auto *caption = new QLabel(tr("&Reason / ticket"), this);
    caption->setBuddy(m_reason);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::Spacing);
    row->addWidget(caption);
    row->addWidget(m_reason, 1);
    row->addWidget(m_save);
    row->addWidget(m_command);
    row->addWidget(m_summary);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(theme::Spacing);
    bottom->addWidget(m_back);
    bottom->addWidget(m_planAgain);
    m_why->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    bottom->addWidget(m_why, 1);
    bottom->addWidget(m_approve);
    auto *both = new QVBoxLayout;
    both->setSpacing(theme::Spacing);
    both->addLayout(row);
    both->addLayout(bottom);
    return both;
}

void PlanStep::connectParts()
{
    connect(m_back, &QPushButton::clicked, this, &PlanStep::backRequested);
    connect(m_planAgain, &QPushButton::clicked, this, &PlanStep::planAgainRequested);
    connect(m_approve, &QPushButton::clicked, this, &PlanStep::approveRequested);
    connect(m_movedOn, &QCheckBox::clicked, this, &PlanStep::movedOnAccepted);
    connect(m_leaveOut, &QCheckBox::toggled, this, &PlanStep::updateButtons);
    connect(m_reason, &QLineEdit::textChanged, this, &PlanStep::updateButtons);
    connect(m_see, &QPushButton::clicked, this, &PlanStep::seeSelected);
    connect(m_table, &QTableView::activated, this, &PlanStep::seeSelected);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &PlanStep::updateButtons);
    connect(m_save, &QPushButton::clicked, this, &PlanStep::savePlan);
    connect(m_command, &QPushButton::clicked, this, [this] {
        const Change *change = m_change;
        QGuiApplication::clipboard()->setText(commandText(*change->plan(), change->hasRequest() ? &change->request() : nullptr, change->csvPath(), reason()));
        Q_EMIT messageRaised(tr("The command was copied."));
    });
    connect(m_summary, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(summaryText(*m_change->plan(), m_change->environment(), m_rate, !m_change->journalId().isEmpty()));
        Q_EMIT messageRaised(tr("The summary was copied."));
    });
    connect(&m_first, &CheckpointEvents::eventsReceived, m_rows, &PlanTableModel::setFirstEvents);
    connect(&m_last, &CheckpointEvents::eventsReceived, m_rows, &PlanTableModel::setLastEvents);
}

QString PlanStep::reason() const
{
    return m_reason->text().trimmed();
}

bool PlanStep::isSkippingRefused() const
{
    return m_leaveOut->isChecked();
}

void PlanStep::show(Change &change, models::connection::Connection *connection, std::optional<double> rate)
{
    if (m_change != &change)
        m_reason->clear(); // another change has another reason
    m_change = &change;
    m_connection = connection;
    m_rate = rate;
    const Plan &plan = *change.plan();
    if (m_shownPlan != plan.planId) {
        m_shownPlan = plan.planId;
        m_rows->setPlan(plan);
        m_leaveOut->setChecked(false);
        for (const int column : {PlanTableModel::FirstColumn, PlanTableModel::LastColumn})
            m_table->setColumnHidden(column, plan.replayed() <= 0);
        readEvents(plan);
        if (change.isPlannedAnew() && connection)
            connection->refresh(); // those that were waited for have left
        m_facts->offerEffects(change, connection);
        if (m_rows->rowCount() > 0)
            m_table->selectRow(0);
    }
    m_headline->setText(headline(plan));
    m_again->say(theme::Role::Info, replayedText(plan, rate));
    m_skip->say(theme::Role::Warning, skippedText(plan));
    m_facts->show(change, connection);
    showBoxes(plan);
    showNotices(change);
    updateButtons();
}

/// Offered where they mean something.
void PlanStep::showBoxes(const Plan &plan)
{
    const auto refused = std::count_if(plan.rows.begin(), plan.rows.end(), [](const PlanRow &row) { return row.refused.has_value(); });
    const bool hasMovedOn = std::any_of(plan.rows.begin(), plan.rows.end(), [](const PlanRow &row) { return row.refused && row.refused->code == QStringLiteral("movedOn"); });
    m_leaveOut->setText(refused == 1 ? tr("Leave the refused row out and do the others") : tr("Leave the %1 refused rows out and do the others").arg(refused));
    m_leaveOut->setVisible(refused > 0 && plan.changes() > 0);
    m_movedOn->setVisible(hasMovedOn || plan.isMovedOnAccepted);
    m_movedOn->setChecked(plan.isMovedOnAccepted);
}

void PlanStep::showNotices(const Change &change)
{
    QStringList problems;
    if (!change.differences().empty()) {
        problems += change.isPlannedAnew() ? tr("Nothing was changed: the system is not as it was when the plan was made. This is a new plan, with what is so now; it needs an approval of its own.")
                                           : tr("Nothing was changed: the system is not as it was when the plan was made. Plan again with what is so now.");
        for (const QString &difference : change.differences())
            problems += text::untrusted(difference, 500);
    }
    if (change.error()) {
        // What refuses says so itself; what could not even be read must not leave a doubt.
        const bool isSaid = change.error()->code == connectors::ErrorCode::Refused || change.error()->code == connectors::ErrorCode::Cancelled;
        problems += isSaid ? text::error(*change.error()) : tr("Nothing was changed. %1").arg(text::error(*change.error()));
    }
    if (change.storeProblem())
        problems += tr("The plan could not be written to the journal, so it cannot be applied. %1").arg(text::error(*change.storeProblem()));
    const bool isCancel = change.error() && change.error()->code == connectors::ErrorCode::Cancelled && problems.size() == 1;
    const bool isInfo = isCancel || (change.isPlannedAnew() && !change.error() && !change.storeProblem());
    m_problem->say(isInfo ? theme::Role::Info : theme::Role::Error, problems.join(u'\n'));
}

void PlanStep::readEvents(const Plan &plan)
{
    m_first.cancel();
    m_last.cancel();
    if (!m_connection)
        return;
    std::vector<PlanRow> again;
    for (const PlanRow &row : plan.rows)
        if (row.isChange() && row.replayed.value_or(0) > 0 && row.after && row.before)
            again.push_back(row);
    std::sort(again.begin(), again.end(), [](const PlanRow &a, const PlanRow &b) { return *a.replayed > *b.replayed; });
    again.resize(std::min(again.size(), EventPlaces));
    std::vector<connectors::PartitionRead> places;
    for (const PlanRow &row : again) {
        connectors::PartitionRead place;
        place.stream = row.stream;
        place.partition = row.partition;
        place.from = std::max(*row.after, row.start.value_or(*row.after));
        place.to = std::min(*row.before, row.end.value_or(*row.before));
        places.push_back(place);
    }
    m_first.read(m_connection->connector(), places);
    m_last.read(m_connection->connector(), places, CheckpointEvents::Which::Last);
}

void PlanStep::updateButtons()
{
    if (!m_change || !m_change->plan())
        return;
    const Plan &plan = *m_change->plan();
    QString why;
    if (plan.changes() == 0)
        why = plan.hasRefusals() ? tr("None of the rows can be done.") : tr("Every checkpoint is there already; there is nothing to change.");
    else if (m_change->journalId().isEmpty())
        why = tr("It is not in the journal.");
    else if (!m_change->differences().empty() && !m_change->isPlannedAnew())
        why = tr("It is not as it was: plan again.");
    else if (plan.hasRefusals() && !m_leaveOut->isChecked())
        why = tr("Some rows cannot be done. Choose another target, or leave them out.");
    else if (models::replay::isReasonRequired(plan, m_change->environment()) && reason().isEmpty())
        why = tr("A change on production needs a reason.");
    m_why->setText(why);
    m_approve->setEnabled(why.isEmpty());
    setFocusProxy(why.isEmpty() ? m_approve : m_back);
    // A plan that is not stored has no id by which it could be applied.
    m_command->setEnabled(m_change->hasRequest() || plan.kind == models::replay::PlanKind::Undo || !m_change->journalId().isEmpty());
    m_back->setVisible(plan.kind == models::replay::PlanKind::Reset);
    const QModelIndex current = m_table->currentIndex();
    m_see->setEnabled(current.isValid() && m_rows->firstAffected(current.row()));
}

void PlanStep::seeSelected()
{
    const QModelIndex current = m_table->currentIndex();
    if (const auto address = current.isValid() ? m_rows->firstAffected(current.row()) : std::nullopt)
        Q_EMIT eventRequested(*address);
}

void PlanStep::savePlan()
{
    auto *dialog = new QFileDialog(this, tr("Save the plan"), QStringLiteral("plan-%1.json").arg(m_change->plan()->planId.left(8)), tr("Plans (*.json)"));
    dialog->setObjectName(QStringLiteral("plan-save-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, bytes = models::replay::toPlanFile(*m_change->plan())](const QString &path) {
        connectors::deliver(widgets::writeFile(path, bytes), this, [this, path](const connectors::Result<void> &result) {
            Q_EMIT messageRaised(result ? tr("The plan was written to “%1”.").arg(path) : connectors::describe(result.error()));
        });
    });
    dialog->open();
}

} // namespace ui::replay
