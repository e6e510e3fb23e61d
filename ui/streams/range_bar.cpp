// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/range_bar.h"

#include "models/event/position_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

#include <array>

namespace ui::streams {

namespace {

QToolButton *makeButton(const QString &objectName, const QString &text, const QString &iconName, const QString &toolTip, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    button->setIcon(theme::icon(iconName));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    return button;
}

constexpr std::array<int, 3> NewestCounts{1'000, 100, 10'000}; ///< the first items of "from", in this order

} // namespace

QString RangeBar::newestWords(int count) const
{
    const QString number = widgets::text::exact(count);
    return m_isPartitioned ? tr("newest %1 per partition").arg(number) : tr("newest %1").arg(number);
}

RangeBar::RangeBar(QWidget *parent)
    : QWidget(parent)
    , m_from(makeCombo(QStringLiteral("event-from"), tr("Read from")))
    , m_to(makeCombo(QStringLiteral("event-to"), tr("Read to")))
    , m_read(makeButton(QStringLiteral("event-read"), tr("Read"), QStringLiteral("play"), tr("Reads this range (F5)"), this))
    , m_tail(makeButton(QStringLiteral("event-tail"), tr("Live tail"), QStringLiteral("clock"), tr("Shows the newest events and goes on as new ones come"), this))
    , m_pause(makeButton(QStringLiteral("event-pause"), tr("Pause"), QStringLiteral("pause"), tr("Holds what is shown (Space in the table)"), this))
    , m_jump(new QLineEdit(this))
    , m_menu(makeButton(QStringLiteral("event-menu"), tr("More"), QStringLiteral("menu"), tr("Columns, export, where the event is shown"), this))
{
    for (const int count : NewestCounts)
        m_from->addItem(newestWords(count), QStringLiteral("last:%1").arg(count));
    for (const auto &[words, text] : {std::pair(tr("the beginning"), "earliest"), std::pair(tr("15 minutes ago"), "-15m"), std::pair(tr("1 hour ago"), "-1h"),
                                      std::pair(tr("1 day ago"), "-1d")})
        m_from->addItem(words, QString::fromLatin1(text));
    for (const auto &[words, text] : {std::pair(tr("the end"), "latest"), std::pair(tr("15 minutes ago"), "-15m"), std::pair(tr("1 hour ago"), "-1h")})
        m_to->addItem(words, QString::fromLatin1(text));
    m_from->setCurrentIndex(0);
    m_to->setCurrentIndex(0);
    m_tail->setCheckable(true);
    m_pause->setCheckable(true);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_jump->setObjectName(QStringLiteral("event-jump"));
    m_jump->setAccessibleName(tr("Go to a position or a time"));
    m_jump->setPlaceholderText(tr("Go to 1204, 3:1204 or a time"));
    m_jump->setMaximumWidth(230);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::Unit);
    row->addWidget(new QLabel(tr("From"), this));
    row->addWidget(m_from, 3);
    row->addWidget(new QLabel(tr("to"), this));
    row->addWidget(m_to, 2);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_read, m_tail, m_pause})
        row->addWidget(widget);
    row->addWidget(m_jump, 2);
    row->addWidget(m_menu);
    connect(m_read, &QToolButton::clicked, this, &RangeBar::readRequested);
    connect(m_tail, &QToolButton::clicked, this, &RangeBar::tailToggled);
    connect(m_pause, &QToolButton::clicked, this, &RangeBar::pauseToggled);
    connect(m_jump, &QLineEdit::textChanged, this, &RangeBar::jumpEdited);
    connect(m_jump, &QLineEdit::returnPressed, this, [this] {
        if (!m_jump->text().trimmed().isEmpty())
            Q_EMIT jumpRequested(m_jump->text().trimmed());
    });
    setReading(false, false, false);
}

QComboBox *RangeBar::makeCombo(const QString &objectName, const QString &accessibleName)
{
    auto *combo = new QComboBox(this);
    combo->setObjectName(objectName);
    combo->setAccessibleName(accessibleName);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setCompleter(nullptr);
    combo->setMinimumContentsLength(9);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setToolTip(tr("Choose, or write a position (1204), a time (2026-01-31 12:00), a duration back (-30m), last:100, earliest or latest."));
    connect(combo, &QComboBox::editTextChanged, this, &RangeBar::changed);
    connect(combo->lineEdit(), &QLineEdit::returnPressed, this, &RangeBar::readRequested);
    return combo;
}

QString RangeBar::written(const QComboBox *combo)
{
    const int item = combo->findText(combo->currentText().trimmed(), Qt::MatchFixedString);
    return item >= 0 ? combo->itemData(item).toString() : combo->currentText().trimmed();
}

connectors::Result<connectors::PositionSpec> RangeBar::from() const
{
    return models::event::parsePosition(written(m_from), QDateTime::currentMSecsSinceEpoch());
}

connectors::Result<connectors::PositionSpec> RangeBar::to() const
{
    return models::event::parsePosition(written(m_to), QDateTime::currentMSecsSinceEpoch());
}

void RangeBar::setRange(const QString &from, const QString &to)
{
    {
        const QSignalBlocker fromBlocker(m_from);
        const QSignalBlocker toBlocker(m_to);
        for (const auto &[combo, text] : {std::pair(m_from, from), std::pair(m_to, to)}) {
            const int item = combo->findData(text);
            combo->setCurrentIndex(item);
            combo->setEditText(item >= 0 ? combo->itemText(item) : text);
        }
    }
    Q_EMIT changed();
}

void RangeBar::setPartitioned(bool isPartitioned)
{
    if (m_isPartitioned == isPartitioned)
        return;
    m_isPartitioned = isPartitioned;
    const QSignalBlocker blocker(m_from); // the same range in other words
    const QString chosen = written(m_from);
    for (size_t item = 0; item < NewestCounts.size(); ++item)
        m_from->setItemText(static_cast<int>(item), newestWords(NewestCounts[item]));
    if (const int item = m_from->findData(chosen); item >= 0)
        m_from->setEditText(m_from->itemText(item));
    m_from->lineEdit()->setCursorPosition(0);
}

void RangeBar::focusJump()
{
    m_jump->setFocus(Qt::ShortcutFocusReason);
    m_jump->selectAll();
}

void RangeBar::setReading(bool isReading, bool isFollowing, bool isPaused)
{
    m_tail->setChecked(isFollowing);
    m_pause->setEnabled(isReading);
    m_pause->setChecked(isPaused);
    m_pause->setText(isPaused ? tr("Go on") : tr("Pause"));
    m_pause->setIcon(theme::icon(isPaused ? QStringLiteral("play") : QStringLiteral("pause")));
}

} // namespace ui::streams
