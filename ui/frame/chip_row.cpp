// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/chip_row.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace ui::frame {

ChipRow::ChipRow(QWidget *parent)
    : QWidget(parent)
    , m_more(new QToolButton(this))
{
    setObjectName(QStringLiteral("chip-row"));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_more->setObjectName(QStringLiteral("more-connections"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setMenu(new QMenu(m_more));
    m_more->hide();
    connect(m_more->menu(), &QMenu::aboutToShow, this, &ChipRow::fillMenu);
}

ChipRow::~ChipRow()
{
    for (QToolButton *chip : m_chips)
        chip->disconnect(this); // they go after this has ceased to be a row
}

void ChipRow::add(QToolButton *chip)
{
    chip->setParent(this);
    chip->installEventFilter(this);
    connect(chip, &QObject::destroyed, this, [this](const QObject *gone) { remove(gone); });
    setTabOrder(m_chips.empty() ? static_cast<QWidget *>(this) : m_chips.back(), chip);
    setTabOrder(chip, m_more);
    m_chips.push_back(chip);
    updateGeometry();
    arrange();
}

void ChipRow::setInTrouble(const QToolButton *chip, bool isInTrouble)
{
    m_inTrouble.erase(std::remove(m_inTrouble.begin(), m_inTrouble.end(), chip), m_inTrouble.end());
    if (isInTrouble)
        m_inTrouble.push_back(chip);
    arrange();
}

void ChipRow::remove(const QObject *chip)
{
    m_inTrouble.erase(std::remove_if(m_inTrouble.begin(), m_inTrouble.end(), [chip](const QToolButton *each) { return each == chip; }), m_inTrouble.end());
    m_chips.erase(std::remove_if(m_chips.begin(), m_chips.end(), [chip](const QToolButton *each) { return each == chip; }), m_chips.end());
    updateGeometry();
    arrange();
}

QSize ChipRow::sizeHint() const
{
    QSize size(0, m_more->sizeHint().height());
    for (const QToolButton *chip : m_chips) {
        const QSize hint = chip->sizeHint();
        size.rwidth() += hint.width() + (chip == m_chips.front() ? 0 : theme::Unit);
        size.setHeight(std::max(size.height(), hint.height()));
    }
    return size;
}

QSize ChipRow::minimumSizeHint() const
{
    const QSize whole = sizeHint();
    return {std::min(whole.width(), m_more->fontMetrics().horizontalAdvance(QStringLiteral("+000")) + m_more->iconSize().width() + 2 * theme::Margin), whole.height()};
}

void ChipRow::arrange()
{
    const bool isWhole = sizeHint().width() <= width();
    const int counter = minimumSizeHint().width();
    const int room = isWhole ? width() : width() - counter - theme::Unit;
    int left = 0;
    m_hiddenCount = 0;
    for (QToolButton *chip : m_chips) {
        const int chipWidth = chip->sizeHint().width();
        const bool fits = m_hiddenCount == 0 && (isWhole || left + chipWidth <= room);
        if (fits) {
            chip->setGeometry(left, 0, chipWidth, height());
            left += chipWidth + theme::Unit;
        } else {
            ++m_hiddenCount;
        }
        chip->setVisible(fits);
    }
    m_more->setVisible(m_hiddenCount > 0);
    m_more->setText(tr("+%1").arg(m_hiddenCount));
    const auto troubled = std::count_if(m_inTrouble.cbegin(), m_inTrouble.cend(), [](const QToolButton *chip) { return chip->isHidden(); });
    m_more->setIcon(troubled > 0 ? theme::icon(QStringLiteral("warning"), theme::Role::Error) : QIcon());
    QString words = tr("%Ln more connection(s)", nullptr, m_hiddenCount);
    if (troubled > 0)
        words += u'\n' + tr("%1 of them do not answer").arg(troubled);
    m_more->setToolTip(words);
    m_more->setAccessibleName(m_more->toolTip());
    m_more->setGeometry(left, 0, counter, height());
}

void ChipRow::fillMenu()
{
    QMenu *menu = m_more->menu();
    menu->clear();
    for (const QToolButton *chip : m_chips) {
        if (!chip->isHidden())
            continue;
        QAction *entry = menu->addMenu(chip->menu());
        const bool isInTrouble = std::find(m_inTrouble.cbegin(), m_inTrouble.cend(), chip) != m_inTrouble.cend();
        entry->setText(isInTrouble ? tr("%1 (does not answer)").arg(chip->text()) : chip->text());
        entry->setIcon(chip->icon());
    }
}

bool ChipRow::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateGeometry();
        arrange();
    }
    return QWidget::event(event);
}

/// A chip whose words have changed tells its parent only where that has a layout.
bool ChipRow::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) {
        updateGeometry();
        arrange();
    }
    return QWidget::eventFilter(watched, event);
}

void ChipRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace ui::frame
