// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/what_step.h"

#include "models/lag/consumer_lag.h"
#include "ui/consumers/consumer_row.h"
#include "ui/consumers/lag_text.h"
#include "ui/replay/target_form.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include <map>

namespace ui::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;
using models::replay::ResetRequest;
namespace text = widgets::text;

namespace {

constexpr int MostPartitions = 100'000;

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
    , m_partitions(new QLineEdit(this))
    , m_target(new TargetForm(this))
    , m_notice(new widgets::Notice(QStringLiteral("replay-what-notice"), this))
    , m_plan(new QPushButton(tr("Make the &plan"), this))
    , m_file(new QPushButton(theme::icon(QStringLiteral("journal")), tr("Use a &saved plan…"), this))
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
    for (QPushButton *button : {m_plan, m_file})
        button->setAutoDefault(false);
    buildLayout();
    connect(m_plan, &QPushButton::clicked, this, &WhatStep::requestPlan);
    connect(m_file, &QPushButton::clicked, this, &WhatStep::choosePlanFile);
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
    form->addRow(tr("Partitions"), m_partitions);
    form->addRow(tr("Where to"), m_target);
    m_streams->setMaximumHeight(220);
    auto *promise = new QLabel(tr("Planning only reads. Nothing is changed before you have seen the plan and approved it."), this);
    promise->setWordWrap(true);
    promise->setForegroundRole(QPalette::PlaceholderText);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Spacing);
    buttons->addWidget(m_file);
    buttons->addStretch();
    buttons->addWidget(m_plan);
    auto *column = new QVBoxLayout;
    column->setSpacing(theme::Margin);
    column->addWidget(m_notice);
    column->addLayout(form);
    column->addWidget(promise);
    column->addLayout(buttons);
    column->addStretch();
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
    m_connection = connection.name();
    m_consumer = change.consumer();
    m_title->setText(tr("%1 on %2").arg(text::untrusted(m_consumer, 80), text::untrusted(m_connection, 60)));
    if (state) {
        const models::lag::ConsumerLag lag = models::lag::consumerLag(*state);
        QString words = tr("%1, lag %2").arg(consumers::stateWord(lag.worst), consumers::lagWords(lag));
        if (state->members && !state->members->empty())
            words = tr("%1, %n members: they must be stopped before the change, which waits for that", nullptr, static_cast<int>(state->members->size())).arg(words);
        m_state->setText(words);
    } else {
        m_state->setText(tr("not read yet"));
    }
    if (isOther || m_streams->count() == 0)
        fillStreams(state);
    if (change.error())
        m_notice->say(*change.error());
    else if (isOther || change.stage() == models::replay::Stage::Planning)
        m_notice->clear();
}

void WhatStep::fillStreams(const connectors::ConsumerState *state)
{
    m_streams->clear();
    std::map<QString, int> partitions;
    for (const connectors::ConsumerPosition &position : state ? state->positions : std::vector<connectors::ConsumerPosition>())
        ++partitions[position.stream];
    bool hasPartitions = false;
    for (const auto &[stream, count] : partitions) {
        hasPartitions = hasPartitions || count > 1;
        auto *item = new QListWidgetItem(count > 1 ? tr("%1   (%2 partitions)").arg(text::untrusted(stream)).arg(count) : text::untrusted(stream), m_streams);
        item->setToolTip(text::toolTip(stream));
        item->setData(Qt::UserRole, stream);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
    }
    const int rows = std::clamp(m_streams->count(), 1, 8);
    m_streams->setFixedHeight(rows * (m_streams->fontMetrics().height() + 6) + 2 * m_streams->frameWidth() + theme::Unit);
    m_partitions->clear();
    m_partitions->setEnabled(hasPartitions);
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
    if (checked == m_streams->count()) {
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
