// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/target_form.h"

#include "models/event/position_text.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QStackedWidget>

namespace ui::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

TargetForm::TargetForm(QWidget *parent)
    : QWidget(parent)
    , m_kind(new QComboBox(this))
    , m_inputs(new QStackedWidget(this))
    , m_time(new QDateTimeEdit(Draft().time, this))
{
    m_kind->setObjectName(QStringLiteral("reset-target"));
    m_kind->setAccessibleName(tr("Where to"));
    m_kind->addItems({tr("The beginning of what is stored"), tr("The end"), tr("A point in time"), tr("A while back"), tr("A position"),
                      tr("The last so many events"), tr("So many positions on or back"), tr("As a file says")});
    addExplanation(tr("Everything that is stored is processed again."));
    addExplanation(tr("Everything that waits is SKIPPED and never processed."));
    m_time->setObjectName(QStringLiteral("reset-time"));
    m_time->setAccessibleName(tr("The first event at or after this time, in the local zone"));
    m_time->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_time->setCalendarPopup(true);
    m_inputs->addWidget(m_time);
    m_back = addLine(QStringLiteral("reset-back"), tr("How long back"), tr("30m, 2h, 1d"), {});
    m_position = addLine(QStringLiteral("reset-position"), tr("Position"), tr("The same position in every chosen partition"), QStringLiteral("[0-9]{1,19}"));
    m_newest = addLine(QStringLiteral("reset-newest"), tr("How many events of each partition"), tr("Events of each partition"), QStringLiteral("[0-9]{1,19}"));
    m_shift = addLine(QStringLiteral("reset-shift"), tr("By how many positions"), tr("-100 is back, 100 is on"), QStringLiteral("[+-]?[0-9]{1,19}"));
    addFile();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addWidget(m_kind);
    layout->addWidget(m_inputs, 1);
    m_inputs->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // a stack would take all the height there is
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(m_kind, &QComboBox::currentIndexChanged, m_inputs, &QStackedWidget::setCurrentIndex);
}

void TargetForm::addExplanation(const QString &text)
{
    auto *label = new QLabel(text, this);
    label->setTextFormat(Qt::PlainText);
    m_inputs->addWidget(label);
}

QLineEdit *TargetForm::addLine(const QString &name, const QString &accessibleName, const QString &placeholder, const QString &pattern)
{
    auto *line = new QLineEdit(this);
    line->setObjectName(name);
    line->setAccessibleName(accessibleName);
    line->setPlaceholderText(placeholder);
    if (!pattern.isEmpty())
        line->setValidator(new QRegularExpressionValidator(QRegularExpression(pattern), line));
    m_inputs->addWidget(line);
    return line;
}

void TargetForm::addFile()
{
    auto *row = new QWidget(this);
    m_file = new QLineEdit(row);
    m_file->setObjectName(QStringLiteral("reset-file"));
    m_file->setAccessibleName(tr("File of topic, partition and offset, one a line"));
    m_file->setPlaceholderText(tr("Lines of topic,partition,offset"));
    auto *choose = new QPushButton(tr("Choose…"), row);
    choose->setObjectName(QStringLiteral("reset-choose-file"));
    choose->setAccessibleName(tr("Choose the file of checkpoints"));
    choose->setAutoDefault(false);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_file, 1);
    layout->addWidget(choose);
    m_inputs->addWidget(row);
    connect(choose, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Checkpoints to set"), {}, tr("Checkpoints (*.csv *.txt);;All files (*)"));
        dialog->setObjectName(QStringLiteral("reset-file-dialog"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
        dialog->open();
    });
}

TargetForm::Draft TargetForm::draft() const
{
    Draft draft{m_kind->currentIndex(), m_time->dateTime()};
    for (const QLineEdit *line : lines())
        draft.texts += line->text();
    return draft;
}

void TargetForm::setDraft(const Draft &draft)
{
    m_kind->setCurrentIndex(draft.kind);
    m_time->setDateTime(draft.time);
    qsizetype place = 0;
    for (QLineEdit *line : lines())
        line->setText(draft.texts.value(place++));
}

Result<TargetForm::Choice> TargetForm::parsed(const QString &text) const
{
    const auto position = models::event::parsePosition(text, QDateTime::currentMSecsSinceEpoch());
    if (!position)
        return tl::unexpected(position.error());
    return Choice{*position, text, {}};
}

Result<TargetForm::Choice> TargetForm::choice(connectors::EpochMs now) const
{
    const auto missing = [](const QString &what) { return failure(ErrorCode::InvalidInput, what); };
    switch (static_cast<Kind>(m_kind->currentIndex())) {
    case Earliest:
        return Choice{connectors::PositionSpec(connectors::Earliest{}), QStringLiteral("earliest"), {}};
    case Latest:
        return Choice{connectors::PositionSpec(connectors::Latest{}), QStringLiteral("latest"), {}};
    case Time: {
        const connectors::EpochMs time = m_time->dateTime().toMSecsSinceEpoch();
        return Choice{connectors::PositionSpec(connectors::AtTime{time}), models::event::timeText(time), {}};
    }
    case Back: {
        const QString text = m_back->text().trimmed();
        const auto duration = models::event::parseDuration(text.startsWith(u'-') ? text.mid(1) : text);
        if (!duration)
            return tl::unexpected(duration.error());
        return Choice{connectors::PositionSpec(connectors::AtTime{now - *duration}), u'-' + (text.startsWith(u'-') ? text.mid(1) : text), {}};
    }
    case Position:
        return m_position->text().isEmpty() ? Result<Choice>(missing(tr("Type the position to set."))) : parsed(m_position->text());
    case Newest:
        return m_newest->text().isEmpty() ? Result<Choice>(missing(tr("Type how many events are to be processed again."))) : parsed(QStringLiteral("last:") + m_newest->text());
    case Shift: {
        bool isNumber = false;
        const qint64 by = m_shift->text().toLongLong(&isNumber);
        if (!isNumber)
            return missing(tr("Type by how many positions to move; a minus moves back."));
        return Choice{models::replay::ShiftBy{by}, QStringLiteral("shift %1").arg(by), {}};
    }
    case File:
        if (m_file->text().trimmed().isEmpty())
            return missing(tr("Choose the file that holds the checkpoints."));
        return Choice{connectors::PositionSpec(connectors::Earliest{}), QStringLiteral("file ") + m_file->text().trimmed(), m_file->text().trimmed()};
    }
    return missing(tr("Choose where to."));
}

} // namespace ui::replay
