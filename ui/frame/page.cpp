// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/page.h"

#include <QAbstractItemView>
#include <QShowEvent>

#include <algorithm>

namespace ui::frame {

Page::Page(QString id, QString title, QString iconName, QWidget *parent)
    : QWidget(parent)
    , m_id(std::move(id))
    , m_title(std::move(title))
    , m_iconName(std::move(iconName))
{
    setObjectName(m_id + QStringLiteral("-page"));
    setAccessibleName(m_title);
}

void Page::goTo(const Place &) { }

void Page::saveTo(QSettings &) const { }

void Page::restoreFrom(const QSettings &) { }

Place Page::place() const
{
    return {m_id, {}, {}, {}};
}

void Page::setTimeRange(const TimeRange &range)
{
    m_timeRange = range;
    markStale();
}

void Page::setLive(bool isLive)
{
    m_isLive = isLive;
    markStale();
}

void Page::takeFocus(QWidget *last)
{
    const auto canTake = [this](const QWidget *widget) { return isAncestorOf(widget) && widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0; };
    if (last && canTake(last))
        return last->setFocus(Qt::ShortcutFocusReason);
    const auto views = findChildren<QAbstractItemView *>();
    if (const auto first = std::find_if(views.cbegin(), views.cend(), canTake); first != views.cend())
        (*first)->setFocus(Qt::ShortcutFocusReason);
}

void Page::setAttentionCount(int count)
{
    if (count == m_attentionCount)
        return;
    m_attentionCount = count;
    Q_EMIT attentionCountChanged();
}

void Page::markStale()
{
    m_isStale = !isVisible();
    if (!m_isStale)
        refreshWhenShown();
}

void Page::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_isStale, false))
        refreshWhenShown();
}

} // namespace ui::frame
