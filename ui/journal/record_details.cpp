// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/journal/record_details.h"

#include "models/projection/projection_plan.h"
#include "models/replay/replay_steps.h"
#include "models/replay/undo_planner.h"
#include "ui/journal/journal_table_model.h"
#include "ui/replay/outcome_table_model.h"
#include "ui/replay/plan_table_model.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/text.h"

#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>

namespace ui::journal {

using models::journal::Entry;
using models::journal::ListedRecord;
using models::journal::Record;
using models::journal::State;
namespace text = widgets::text;

RecordDetails::RecordDetails(QWidget *parent)
    : QWidget(parent)
    , m_facts(new QFormLayout)
    , m_title(new QLabel(this))
    , m_outcomes(new replay::OutcomeTableModel(this))
    , m_planned(new replay::PlanTableModel(this))
    , m_tables(new QStackedWidget(this))
    , m_history(new QListWidget(this))
    , m_undo(new QPushButton(theme::icon(QStringLiteral("undo")), tr("Put checkpoints &back"), this))
    , m_findOut(new QPushButton(theme::icon(QStringLiteral("refresh")), tr("&Find out by reading"), this))
    , m_openPlan(new QPushButton(theme::icon(QStringLiteral("reset")), tr("Open the &plan"), this))
    , m_link(new QPushButton(theme::icon(QStringLiteral("journal")), QString(), this))
{
    setObjectName(QStringLiteral("record-details"));
    m_title->setObjectName(QStringLiteral("record-title"));
    m_title->setTextFormat(Qt::PlainText);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_history->setObjectName(QStringLiteral("record-history"));
    m_history->setAccessibleName(tr("What happened to this change"));
    m_history->setWordWrap(true);
    const std::pair<QPushButton *, const char *> named[] = {{m_undo, "record-undo"}, {m_findOut, "record-find-out"}, {m_openPlan, "record-open-plan"}, {m_link, "record-link"}};
    for (const auto &[button, name] : named) {
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(button->text().remove(u'&'));
        button->setAutoDefault(false);
    }
    buildLayout();
    connect(m_undo, &QPushButton::clicked, this, [this] { Q_EMIT undoRequested(m_journalId); });
    connect(m_findOut, &QPushButton::clicked, this, [this] { Q_EMIT findOutRequested(m_journalId); });
    connect(m_openPlan, &QPushButton::clicked, this, [this] { Q_EMIT planRequested(m_journalId); });
    connect(m_link, &QPushButton::clicked, this, [this] { Q_EMIT recordRequested(m_linked); });
}

QLabel *RecordDetails::addFact(const QString &caption, const QString &name)
{
    auto *label = new QLabel(this);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addRow(caption, label);
    return label;
}

void RecordDetails::buildLayout()
{
    m_facts->setHorizontalSpacing(theme::Margin);
    m_facts->setVerticalSpacing(theme::Unit);
    m_state = addFact(tr("State"), QStringLiteral("record-state"));
    m_note = addFact(tr("Note"), QStringLiteral("record-note"));
    m_request = addFact(tr("Asked for"), QStringLiteral("record-request"));
    m_reason = addFact(tr("Reason"), QStringLiteral("record-reason"));
    m_who = addFact(tr("Who"), QStringLiteral("record-who"));
    m_system = addFact(tr("System"), QStringLiteral("record-system"));
    m_plan = addFact(tr("Plan"), QStringLiteral("record-plan"));
    auto *outcomes = new widgets::PlainTable(m_outcomes, QStringLiteral("record-rows"), tr("What became of each checkpoint"), this);
    outcomes->setWidths({18, 7, 13, 13, 13, 26}, replay::OutcomeTableModel::ResultColumn);
    outcomes->setColumnHidden(replay::OutcomeTableModel::SinceColumn, true);
    auto *planned = new widgets::PlainTable(m_planned, QStringLiteral("record-planned-rows"), tr("Rows of the plan"), this);
    planned->setWidths({18, 7, 13, 13, 26}, replay::PlanTableModel::EffectColumn);
    planned->setColumnHidden(replay::PlanTableModel::FirstColumn, true);
    planned->setColumnHidden(replay::PlanTableModel::LastColumn, true);
    m_tables->addWidget(outcomes);
    m_tables->addWidget(planned);
    auto *left = new QVBoxLayout;
    left->setSpacing(theme::Spacing);
    left->addLayout(m_facts);
    left->addWidget(m_history, 1);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(theme::Margin);
    columns->addLayout(left, 2);
    columns->addWidget(m_tables, 3);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Spacing);
    buttons->addWidget(m_title, 1);
    for (QPushButton *button : {m_link, m_openPlan, m_findOut, m_undo})
        buttons->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(buttons);
    layout->addLayout(columns, 1);
}

void RecordDetails::show(const ListedRecord &each, bool isFindingOut)
{
    const Record &record = each.record;
    m_journalId = record.journalId;
    m_title->setText(tr("%1: %2 of %3 on %4").arg(record.journalId, kindWord(record), text::untrusted(record.change.target, 60), text::untrusted(record.change.connection, 50)));
    const QString ended = record.finished ? tr(", ended %1").arg(text::localTime(*record.finished)) : QString();
    m_state->setText(tr("%1%2. %3").arg(listedStateWord(each), ended, replay::stateExplanation(record.state)));
    QPalette colored = palette();
    colored.setColor(QPalette::WindowText, theme::color(each.needsALook ? theme::Role::Warning : replay::stateRole(record.state)));
    m_state->setPalette(colored);
    m_note->setText(text::untrusted(record.note, 600));
    m_request->setText(text::untrusted(record.change.plan[QStringLiteral("request")].toString(), 200));
    m_reason->setText(text::untrusted(record.reason, 400));
    const QString planner = text::untrusted(record.change.who + u'@' + record.change.host, 100);
    m_who->setText(record.approved ? tr("planned by %1, approved by %2 at %3").arg(planner, text::untrusted(record.approvedBy, 60), text::localTime(*record.approved))
                                   : tr("planned by %1").arg(planner));
    m_system->setText(text::untrusted(record.change.systemId, 100));
    m_plan->setText(tr("%1, hash %2").arg(text::untrusted(record.change.planId, 60), text::shortId(record.change.hash, 16)));
    m_plan->setToolTip(text::toolTip(record.change.hash));
    for (QLabel *optional : {m_note, m_request, m_reason}) {
        optional->setVisible(!optional->text().isEmpty());
        m_facts->labelForField(optional)->setVisible(!optional->text().isEmpty());
    }
    showButtons(each, isFindingOut);
    const QString shown = record.journalId + u'/' + QString::number(record.entries.size());
    if (shown == m_shown)
        return;
    m_shown = shown;
    showRows(record);
    showHistory(record);
}

void RecordDetails::showButtons(const ListedRecord &each, bool isFindingOut)
{
    const Record &record = each.record;
    const auto undoable = models::replay::checkUndoable(record);
    const bool isOfProjection = models::projection::isProjectionKind(record.change.kind); // it is swapped back on its own page
    m_undo->setVisible(models::journal::isFinal(record.state) && !isOfProjection);
    m_undo->setEnabled(undoable.has_value());
    m_undo->setToolTip(!undoable                           ? text::toolTip(undoable.error().message)
                       : models::replay::mayComeLate(record) ? tr("If it was carried out late, after it was read: make a plan that puts the saved checkpoints back.")
                                                             : tr("Make a plan that puts the saved checkpoints back. Nothing changes before you approve it."));
    m_findOut->setVisible(models::journal::isOpen(record.state));
    m_findOut->setEnabled(each.needsALook && !isFindingOut);
    m_findOut->setText(isFindingOut ? tr("Reading") : tr("&Find out by reading"));
    m_findOut->setToolTip(!each.needsALook ? tr("It is under way now.")
                          : isOfProjection ? tr("Reads the database and writes down what became of the step. Nothing is changed there.")
                                           : tr("Reads the checkpoints and writes down what became of the change. Nothing is sent."));
    m_openPlan->setVisible(record.state == State::Planned && !isOfProjection);
    m_linked = record.undoneBy.isEmpty() ? record.change.undoes : record.undoneBy;
    m_link->setVisible(!m_linked.isEmpty());
    m_link->setText(record.undoneBy.isEmpty() ? tr("Puts back %1").arg(text::untrusted(m_linked, 20)) : tr("Put back by %1").arg(m_linked));
    m_link->setAccessibleName(m_link->text());
}

void RecordDetails::showRows(const Record &record)
{
    if (!record.rows.isEmpty()) {
        m_outcomes->setOutcomes(models::replay::outcomeOf(record).rows);
        m_tables->setCurrentIndex(0);
        return;
    }
    m_tables->setCurrentIndex(1);
    if (const auto plan = models::replay::planFromJson(record.change.plan))
        m_planned->setPlan(*plan);
    else
        m_planned->clear();
}

void RecordDetails::showHistory(const Record &record)
{
    m_history->clear();
    for (const Entry &entry : record.entries) {
        QString line = tr("%1  %2").arg(text::localTime(entry.at), replay::stateWord(entry.state));
        const QString note = entry.body[QStringLiteral("note")].toString();
        const QString step = entry.body[QStringLiteral("step")].toString();
        if (!step.isEmpty())
            line += tr("  (%1)").arg(step == QStringLiteral("delete") ? tr("delete checkpoints") : step == QStringLiteral("set") ? tr("set checkpoints") : text::untrusted(step, 40));
        if (!note.isEmpty())
            line += QStringLiteral("  ") + text::untrusted(note, 300);
        m_history->addItem(line);
    }
}

} // namespace ui::journal
