// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/navigation.h"

#include "ui/frame/page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QButtonGroup>
#include <QPainter>
#include <QVBoxLayout>

namespace ui::frame {

namespace {

constexpr int Height = 36;
constexpr int IconSize = 20;
constexpr int CollapsedWidth = 48;

} // namespace

NavigationButton::NavigationButton(QWidget *parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
}

void NavigationButton::setCount(int count)
{
    m_count = count;
    setAccessibleName(count > 0 ? tr("%1, wanting attention: %2").arg(text(), widgets::text::exact(count)) : text());
    update();
}

void NavigationButton::setCollapsed(bool isCollapsed)
{
    m_isCollapsed = isCollapsed;
    updateGeometry();
    update();
}

QSize NavigationButton::sizeHint() const
{
    if (m_isCollapsed)
        return {CollapsedWidth, Height};
    return {fontMetrics().horizontalAdvance(text()) + IconSize + 3 * theme::Margin + 36, Height};
}

void NavigationButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect area = rect().adjusted(theme::Unit, 1, -theme::Unit, -1);
    if (isChecked() || underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::color(isChecked() ? theme::Role::Selection : theme::Role::Line));
        painter.drawRoundedRect(area, 4, 4);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme::color(theme::Role::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const int iconX = m_isCollapsed ? (width() - IconSize) / 2 : area.left() + theme::Spacing;
    icon().paint(&painter, QRect(iconX, (height() - IconSize) / 2, IconSize, IconSize));
    const QString count = m_count > 99 ? QStringLiteral("99+") : QString::number(m_count);
    if (m_isCollapsed) {
        if (m_count > 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme::color(theme::Role::Error));
            painter.drawEllipse(QPoint(iconX + IconSize, height() / 2 - 8), 4, 4);
        }
        return;
    }
    painter.setPen(palette().color(QPalette::WindowText));
    QFont font = this->font();
    font.setBold(isChecked());
    painter.setFont(font);
    painter.drawText(area.adjusted(IconSize + 2 * theme::Spacing, 0, -theme::Unit, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    if (m_count > 0) {
        font.setBold(true);
        painter.setFont(font);
        painter.setPen(theme::color(theme::Role::Error));
        painter.drawText(area.adjusted(0, 0, -theme::Spacing, 0), Qt::AlignVCenter | Qt::AlignRight, count);
    }
}

Navigation::Navigation(QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("navigation"));
    setAccessibleName(tr("Pages"));
    m_layout->setContentsMargins(0, theme::Spacing, 0, theme::Spacing);
    m_layout->setSpacing(2);
    m_layout->addStretch();
}

void Navigation::addPage(const Page *page)
{
    auto *button = new NavigationButton(this);
    button->setObjectName(QStringLiteral("navigate-") + page->id());
    button->setText(page->title());
    button->setAccessibleName(page->title());
    button->setIcon(theme::icon(page->iconName()));
    const int number = static_cast<int>(m_buttons.size()) + 1;
    button->setToolTip(number <= 9 ? tr("%1 (Ctrl+%2)").arg(page->title()).arg(number) : page->title());
    m_group->addButton(button);
    m_layout->insertWidget(m_layout->count() - 1, button);
    m_buttons.insert(page->id(), button);
    connect(button, &QAbstractButton::clicked, this, [this, id = page->id()] { Q_EMIT pageChosen(id); });
    connect(page, &Page::attentionCountChanged, button, [button, page] { button->setCount(page->attentionCount()); });
}

void Navigation::setCurrent(const QString &pageId)
{
    if (NavigationButton *button = m_buttons.value(pageId)) {
        button->setChecked(true);
    } else if (QAbstractButton *checked = m_group->checkedButton()) {
        m_group->setExclusive(false); // an exclusive group never lets go of its last button
        checked->setChecked(false);
        m_group->setExclusive(true);
    }
}

void Navigation::setCollapsed(bool isCollapsed)
{
    m_isCollapsed = isCollapsed;
    for (NavigationButton *button : std::as_const(m_buttons))
        button->setCollapsed(isCollapsed);
}

void Navigation::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(theme::color(theme::Role::Line));
    painter.drawLine(width() - 1, 0, width() - 1, height());
}

} // namespace ui::frame
