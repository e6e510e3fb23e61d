// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/what_step.h"

#include "models/lag/consumer_lag.h"
#include "ui/consumers/consumer_row.h"
#include "ui/consumers/lag_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QCheckBox>
#include <QDateTime>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>

namespace ui::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;
using models::replay::ResetRequest;
namespace text = widgets::text;

namespace {

constexpr int MostPartitions = 100'000;
constexpr int MostRows = 8;
constexpr qsizetype MostStoredPlans = 15;

} // namespace

Result<std::vector<int>> parsePartitions(const QString &words)
{
    std::vector<int> partitions;
    const QStringList parts = words.split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        const QStringList ends = part.trimmed().split(u'-');
        bool isFirst = false;
        bool isLast = false;
        const int first = ends.first().trimmed().toInt(&isFirst);
        const int last = ends.last().trimmed().toInt(&isLast);
        if (!isFirst || !isLast || ends.size() > 2 || first < 0 || last < first || last - first > MostPartitions)
            return failure(ErrorCode::InvalidInput, QStringLiteral("“%1” names no partitions.").arg(part.trimmed()), QStringLiteral("Write them as 0,3,5-7, or leave the field empty for all."));
        for (int partition = first; partition <= last; ++partition)
            partitions.push_back(partition);
    }
    return partitions;
}

WhatStep::WhatStep(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_state(new QLabel(this))
    , m_streams(new QListWidget(this))
    , m_withOthers(new QCheckBox(this))
    , m_partitions(new QLineEdit(this))
    , m_target(new TargetForm(this))
    , m_notice(new widgets::Notice(QStringLiteral("replay-what-notice"), this))
    , m_plan(new QPushButton(tr("Make the &plan"), this))
    , m_file(new QPushButton(theme::icon(QStringLiteral("journal")), tr("Use a &saved plan…"), this))
    , m_stored(new QPushButton(theme::icon(QStringLiteral("clock")), tr("Plans made &before"), this))
{
    setObjectName(QStringLiteral("replay-what"));
    m_title->setObjectName(QStringLiteral("replay-consumer"));
    m_state->setObjectName(QStringLiteral("replay-consumer-state"));
    for (QLabel *label : {m_title, m_state})
        label->setTextFormat(Qt::PlainText);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_streams->setObjectName(QStringLiteral("reset-streams"));
    m_streams->setAccessibleName(tr("Streams whose checkpoints move"));
    m_partitions->setObjectName(QStringLiteral("reset-partitions"));
    m_partitions->setAccessibleName(tr("Partitions"));
    m_partitions->setPlaceholderText(tr("all, or 0,3,5-7"));
    m_plan->setObjectName(QStringLiteral("reset-plan"));
    m_plan->setAccessibleName(tr("Make the plan"));
    m_file->setObjectName(QStringLiteral("reset-open-plan"));
    m_file->setAccessibleName(tr("Use a saved plan"));
    m_withOthers->setObjectName(QStringLiteral("reset-other-streams"));
    m_withOthers->setAccessibleName(tr("Also offer streams in which it has no checkpoint"));
    m_stored->setObjectName(QStringLiteral("reset-stored-plans"));
    m_stored->setAccessibleName(tr("Plans made before and not applied"));
    m_stored->setMenu(new QMenu(m_stored));
    m_stored->hide();
    for (QPushButton *button : {m_plan, m_file, m_stored})
        button->setAutoDefault(false);
    buildLayout();
    connect(m_plan, &QPushButton::clicked, this, &WhatStep::requestPlan);
    connect(m_file, &QPushButton::clicked, this, &WhatStep::choosePlanFile);
    connect(m_withOthers, &QCheckBox::toggled, this, [this] { fillStreams(chosenStreams()); });
    connect(m_partitions, &QLineEdit::returnPressed, this, &WhatStep::requestPlan);
}

void WhatStep::buildLayout()
{
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme::Margin);
    form->setVerticalSpacing(theme::Margin);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Consumer"), m_title);
    form->addRow(tr("Now"), m_state);
    form->addRow(tr("Streams"), m_streams);
    form->addRow(QString(), m_withOthers);
    form->addRow(tr("Partitions"), m_partitions);
    form->addRow(tr("Where to"), m_target);
    auto *promise = new QLabel(tr("Planning only reads. Nothing is changed before you have seen the plan and approved it."), this);
    promise->setWordWrap(true);
    promise->setForegroundRole(QPalette::PlaceholderText);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Spacing);
    buttons->addWidget(m_file);
    buttons->addWidget(m_stored);
    buttons->addStretch();
    buttons->addWidget(m_plan);
    auto *column = new QVBoxLayout;
    column->setSpacing(theme::Margin);
    column->addWidget(m_notice);
    column->addLayout(form);
    column->addWidget(promise);
    column->addLayout(buttons);
    column->addStretch(1); // with a factor, or the rows of the form would share what is left
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    auto *content = new QWidget(this);
    content->setLayout(column);
    content->setMaximumWidth(860);
    column->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(content, 10);
    layout->addStretch(1);
}

void WhatStep::show(const models::replay::Change &change, const models::connection::Connection &connection)
{
    const auto *state = consumers::stateOf(connection, change.consumer());
    const bool isOther = m_connection != connection.name() || m_consumer != change.consumer();
    if (isOther)
        changeTo(connection.name(), change.consumer());
    m_title->setText(tr("%1 on %2").arg(text::untrusted(m_consumer, 80), text::untrusted(m_connection, 60)));
    if (state) {
        const models::lag::ConsumerLag lag = models::lag::consumerLag(*state);
        QString words = tr("%1, lag %2").arg(consumers::stateWord(lag.worst), consumers::lagWords(lag));
        if (state->members && !state->members->empty())
            words = state->members->size() == 1 ? tr("%1, one member: it must be stopped before the change, which waits for that").arg(words)
                                                : tr("%1, %2 members: they must be stopped before the change, which waits for that").arg(words, text::exact(std::ssize(*state->members)));
        m_state->setText(words);
    } else {
        m_state->setText(tr("not read yet"));
    }
    learnStreams(state, connection.streams().value);
    if (isOther)
        fillStreams(m_drafts[{m_connection, m_consumer}].streams);
    else if (m_streams->count() == 0)
        fillStreams({});
    if (change.error())
        m_notice->say(*change.error());
    else if (isOther || change.stage() == models::replay::Stage::Planning)
        m_notice->clear();
}

WhatStep::Draft WhatStep::draft() const
{
    return {chosenStreams(), m_withOthers->isChecked(), m_partitions->text(), m_target->draft()};
}

/// A target that was meant for one consumer must not be found in the form of the next.
void WhatStep::changeTo(const QString &connection, const QString &consumer)
{
    if (!m_consumer.isEmpty())
        m_drafts[{m_connection, m_consumer}] = draft();
    m_connection = connection;
    m_consumer = consumer;
    const Draft &own = m_drafts[{connection, consumer}];
    const QSignalBlocker blocker(m_withOthers); // the streams are not known yet
    m_withOthers->setChecked(own.isWithOthers);
    m_partitions->setText(own.partitions);
    m_target->setDraft(own.target);
}

void WhatStep::learnStreams(const connectors::ConsumerState *state, const connectors::StreamList &all)
{
    m_own.clear();
    for (const connectors::ConsumerPosition &position : state ? state->positions : std::vector<connectors::ConsumerPosition>())
        ++m_own[position.stream];
    m_other.clear();
    for (const connectors::StreamInfo &stream : all.streams) {
        if (!stream.isInternal && !m_own.contains(stream.stream))
            m_other.emplace(stream.stream, static_cast<int>(stream.partitions.size()));
    }
    m_withOthers->setText(m_other.size() == 1 ? tr("Also offer the one stream in which it has no checkpoint")
                                              : tr("Also offer the %1 streams in which it has no checkpoint").arg(text::exact(static_cast<qint64>(m_other.size()))));
    m_withOthers->setVisible(!m_other.empty() || m_withOthers->isChecked());
}

void WhatStep::addStream(const QString &stream, int partitions, bool isChosen)
{
    auto *item = new QListWidgetItem(partitions > 1 ? tr("%1   (%2 partitions)").arg(text::untrusted(stream), text::exact(partitions)) : text::untrusted(stream), m_streams);
    item->setToolTip(text::toolTip(stream));
    item->setData(Qt::UserRole, stream);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setSizeHint(QSize(0, m_streams->fontMetrics().height() + theme::Spacing));
    item->setCheckState(isChosen ? Qt::Checked : Qt::Unchecked);
}

std::map<QString, bool> WhatStep::chosenStreams() const
{
    std::map<QString, bool> chosen;
    for (int row = 0; row < m_streams->count(); ++row)
        chosen[m_streams->item(row)->data(Qt::UserRole).toString()] = m_streams->item(row)->checkState() == Qt::Checked;
    return chosen;
}

/// What was chosen stays so.
void WhatStep::fillStreams(const std::map<QString, bool> &chosen)
{
    const auto isChosen = [&](const QString &stream, bool isElse) {
        const auto known = chosen.find(stream);
        return known == chosen.end() ? isElse : known->second;
    };
    m_streams->clear();
    bool hasPartitions = false;
    for (const auto &[stream, count] : m_own) {
        hasPartitions = hasPartitions || count > 1;
        addStream(stream, count, isChosen(stream, true));
    }
    for (const auto &[stream, count] : m_withOthers->isChecked() ? m_other : std::map<QString, int>()) {
        hasPartitions = hasPartitions || count > 1;
        addStream(stream, count, isChosen(stream, false));
    }
    const int rows = std::clamp(m_streams->count(), 1, MostRows);
    const int rowHeight = std::max(m_streams->sizeHintForRow(0), m_streams->fontMetrics().height());
    m_streams->setFixedHeight(rows * rowHeight + 2 * m_streams->frameWidth());
    m_partitions->setEnabled(hasPartitions);
}

void WhatStep::offerStoredPlans(const std::vector<models::journal::ListedRecord> &records)
{
    QMenu *menu = m_stored->menu();
    if (menu->isVisible())
        return; // it is being chosen from
    menu->clear();
    for (const auto &[record, needsALook] : records) {
        const bool isOffered = record.state == models::journal::State::Planned && record.change.kind == QStringLiteral("reset")
            && record.change.target == m_consumer && record.change.connection == m_connection;
        if (!isOffered || menu->actions().size() >= MostStoredPlans)
            continue;
        const QString asked = text::untrusted(record.change.plan[QStringLiteral("request")].toString(), 40);
        QAction *action = menu->addAction(tr("%1: %2, planned %3").arg(record.journalId, asked, text::localTime(record.created)).replace(u'&', QStringLiteral("&&")));
        action->setObjectName(QStringLiteral("stored-plan-") + record.journalId);
        connect(action, &QAction::triggered, this, [this, id = record.journalId] { Q_EMIT storedPlanChosen(id); });
    }
    m_stored->setVisible(!menu->isEmpty());
}

Result<ResetRequest> WhatStep::request() const
{
    ResetRequest request;
    request.consumer = m_consumer;
    int checked = 0;
    for (int row = 0; row < m_streams->count(); ++row) {
        if (m_streams->item(row)->checkState() == Qt::Checked) {
            ++checked;
            request.streams.push_back(m_streams->item(row)->data(Qt::UserRole).toString());
        }
    }
    if (checked == 0)
        return failure(ErrorCode::InvalidInput, tr("No stream is chosen."), tr("Tick at least one."));
    const bool isAllOwn = std::all_of(m_own.begin(), m_own.end(), [&](const auto &own) { return std::find(request.streams.begin(), request.streams.end(), own.first) != request.streams.end(); });
    if (isAllOwn && request.streams.size() == m_own.size() && m_own.size() > 1) { // a single one goes by its name
        request.isAllStreams = true;
        request.streams.clear();
    }
    auto partitions = parsePartitions(m_partitions->text());
    if (!partitions)
        return tl::unexpected(partitions.error());
    request.partitions = std::move(*partitions);
    return request;
}

void WhatStep::requestPlan()
{
    auto wish = request();
    const auto choice = m_target->choice(QDateTime::currentMSecsSinceEpoch());
    if (!wish || !choice) {
        m_notice->say(wish ? choice.error() : wish.error());
        return;
    }
    m_notice->clear();
    wish->target = choice->target;
    wish->text = choice->text;
    Q_EMIT planRequested(*wish, choice->csvPath);
}

void WhatStep::choosePlanFile()
{
    auto *dialog = new QFileDialog(this, tr("Use a saved plan"), {}, tr("Plans (*.json);;All files (*)"));
    dialog->setObjectName(QStringLiteral("plan-file-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &WhatStep::planFileChosen);
    dialog->open();
}

} // namespace ui::replay
