// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/deadletters/letter_details.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace ui::deadletters {

namespace text = ui::widgets::text;

namespace {

constexpr qsizetype LongestStackTrace = 64 * 1024;
constexpr int MostFactsHeight = 220; ///< a reason of many lines is scrolled and leaves room for the event

QString placeText(const connectors::EventAddress &address)
{
    return QStringLiteral("%1 %2:%3").arg(address.stream).arg(address.partition).arg(address.position);
}

QString orDash(const QString &value, int limit = 400)
{
    return value.isEmpty() ? QStringLiteral("–") : text::untrusted(value, limit);
}

QString originalText(const connectors::DeadLetter &letter)
{
    return letter.original ? placeText(*letter.original) : letter.originalStream;
}

} // namespace

LetterDetails::LetterDetails(QWidget *parent)
    : QWidget(parent)
    , m_factsArea(new QScrollArea(this))
    , m_facts(new QWidget)
    , m_stackTrace(new QPlainTextEdit(this))
    , m_openOriginal(new QPushButton(tr("Open the original"), this))
    , m_openLetter(new QPushButton(tr("Open the letter"), this))
    , m_copy(new QPushButton(tr("Copy"), this))
{
    setObjectName(QStringLiteral("letterDetails"));
    m_factsArea->setObjectName(QStringLiteral("letterFacts"));
    m_factsArea->setFrameShape(QFrame::NoFrame);
    m_factsArea->setWidgetResizable(true);
    m_factsArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_factsArea->setFocusPolicy(Qt::NoFocus);
    m_factsArea->setWidget(m_facts);
    auto *form = new QFormLayout(m_facts);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(ui::theme::Unit);
    m_reason = addRow(form, tr("Reason"), QStringLiteral("letterReason"));
    m_exception = addRow(form, tr("Exception"), QStringLiteral("letterException"));
    m_original = addRow(form, tr("Original"), QStringLiteral("letterOriginal"));
    m_consumer = addRow(form, tr("Consumer"), QStringLiteral("letterConsumer"));
    m_attempts = addRow(form, tr("Attempts"), QStringLiteral("letterAttempts"));
    m_family = addRow(form, tr("Written by"), QStringLiteral("letterFamily"));

    m_stackTrace->setObjectName(QStringLiteral("letterStackTrace"));
    m_stackTrace->setAccessibleName(tr("Stack trace of the dead letter"));
    m_stackTrace->setReadOnly(true);
    m_stackTrace->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_stackTrace->setFont(ui::theme::monospaceFont());

    auto *buttons = new QHBoxLayout;
    const std::pair<QPushButton *, QString> named[] = {{m_openOriginal, QStringLiteral("openOriginal")}, {m_openLetter, QStringLiteral("openLetter")},
                                                       {m_copy, QStringLiteral("copyLetter")}};
    for (const auto &[button, name] : named) {
        button->setObjectName(name);
        button->setAccessibleName(button->text());
        buttons->addWidget(button);
    }
    buttons->addStretch();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(ui::theme::Spacing, 0, 0, 0);
    layout->setSpacing(ui::theme::Spacing);
    layout->addWidget(m_factsArea);
    layout->addLayout(buttons);
    layout->addWidget(m_stackTrace, 1);

    connect(m_openOriginal, &QPushButton::clicked, this, [this] { Q_EMIT originalRequested(*m_letter->original); });
    connect(m_openLetter, &QPushButton::clicked, this, [this] { Q_EMIT letterRequested(m_letter->address); });
    connect(m_copy, &QPushButton::clicked, this, &LetterDetails::copy);
    setLetter(std::nullopt);
}

QLabel *LetterDetails::addRow(QFormLayout *form, const QString &caption, const QString &objectName)
{
    auto *label = new QLabel(m_facts);
    label->setObjectName(objectName);
    label->setAccessibleName(caption);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true); // a long reason takes a second line
    label->setSizePolicy(policy);
    label->setMinimumWidth(0);
    form->addRow(caption, label);
    return label;
}

void LetterDetails::setLetter(const std::optional<connectors::DeadLetter> &letter)
{
    m_letter = letter;
    if (!letter) {
        for (QLabel *label : {m_reason, m_exception, m_original, m_consumer, m_attempts, m_family})
            label->setText(QStringLiteral("–"));
        fitFacts();
        m_stackTrace->hide();
        for (QPushButton *button : {m_openOriginal, m_openLetter, m_copy})
            button->setEnabled(false);
        return;
    }
    m_openLetter->setEnabled(true);
    m_copy->setEnabled(true);
    m_reason->setText(orDash(letter->reason, 1000));
    m_exception->setText(orDash(letter->stage.isEmpty() ? letter->exceptionClass : letter->exceptionClass + QStringLiteral(" · ") + letter->stage));
    m_original->setText(orDash(originalText(*letter)));
    m_consumer->setText(orDash(letter->consumer));
    m_attempts->setText(text::number(letter->attempts));
    m_family->setText(letter->headerFamily.isEmpty() ? tr("no known family of headers") : text::untrusted(letter->headerFamily));
    fitFacts();
    m_stackTrace->setPlainText(letter->stackTrace.left(LongestStackTrace));
    m_stackTrace->setVisible(!letter->stackTrace.isEmpty());
    m_openOriginal->setEnabled(letter->original.has_value());
    m_openOriginal->setToolTip(letter->original ? QString() : tr("The letter does not say at which position the original is."));
}

/// A splitter asks for no height that depends on a width, so that a second line of the reason would have no room.
void LetterDetails::fitFacts()
{
    const int width = contentsRect().width() - theme::Spacing;
    m_factsArea->setFixedHeight(std::min(MostFactsHeight, m_facts->layout()->totalHeightForWidth(std::max(width, 200))));
}

void LetterDetails::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitFacts();
}

void LetterDetails::copy() const
{
    if (!m_letter)
        return;
    const QString summary = tr("Dead letter %1\nReason: %2\nException: %3\nOriginal: %4\nConsumer: %5\nEvent: %6 %7\nCorrelation: %8\n%9")
                                .arg(placeText(m_letter->address), m_letter->reason, m_letter->exceptionClass, originalText(*m_letter), m_letter->consumer,
                                     m_letter->eventType, m_letter->eventId, m_letter->correlationId, m_letter->stackTrace);
    QGuiApplication::clipboard()->setText(summary);
}

} // namespace ui::deadletters
