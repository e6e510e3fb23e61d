// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse, wheel and keys do to the swimlanes.
#include "ui/traces/swimlane_view.h"

#include "ui/traces/event_words.h"
#include "ui/widgets/text.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace ui::traces {

namespace text = ui::widgets::text;

void SwimlaneView::wheelEvent(QWheelEvent *event)
{
    const bool isHeader = event->position().x() < HeaderWidth;
    const double turns = event->angleDelta().y() / 120.0;
    if (isHeader)
        QAbstractScrollArea::wheelEvent(event);
    else if (event->modifiers().testFlag(Qt::ShiftModifier))
        panBy(-turns * 64);
    else
        zoomAt(event->position().x(), std::pow(1.25, turns));
    event->accept();
}

void SwimlaneView::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->pos();
    m_isDragging = false;
}

void SwimlaneView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed) {
        viewport()->setCursor(eventAt(event->pos()) < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
        return;
    }
    const QPoint way = event->pos() - *m_pressed;
    if (!m_isDragging && way.manhattanLength() < QApplication::startDragDistance())
        return;
    m_isDragging = true;
    m_pressed = event->pos();
    panBy(-way.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() - way.y());
}

void SwimlaneView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_pressed && !m_isDragging && event->button() == Qt::LeftButton)
        if (const int chosen = eventAt(event->pos()); chosen >= 0)
            choose(chosen);
    m_pressed.reset();
    m_isDragging = false;
}

void SwimlaneView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const int chosen = eventAt(event->pos()); chosen >= 0)
        Q_EMIT eventActivated(chosen);
}

void SwimlaneView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse)
        if (const int chosen = eventAt(event->pos()); chosen >= 0)
            choose(chosen);
    const QPointF own = placeOf(m_current).value_or(QPointF(viewport()->rect().center()));
    Q_EMIT menuRequested(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : viewport()->mapToGlobal(own.toPoint()));
}

bool SwimlaneView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_joined)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int shown = eventAt(help->pos());
    if (shown >= 0)
        QToolTip::showText(help->globalPos(), text::toolTip(describeEvent(m_joined->trace.events[static_cast<size_t>(shown)])), viewport());
    else
        QToolTip::hideText();
    return true;
}

void SwimlaneView::choose(int event)
{
    if (event == m_current)
        return;
    setCurrentEvent(event);
    Q_EMIT currentEventChanged(event);
}

void SwimlaneView::keyPressEvent(QKeyEvent *event)
{
    const bool isPanning = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    bool isDone = m_joined != nullptr;
    switch (isDone ? event->key() : 0) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomBy(1.25); break;
    case Qt::Key_Minus: zoomBy(0.8); break;
    case Qt::Key_F: fit(); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT eventActivated(m_current);
        break;
    default:
        if (isPanning && event->key() == Qt::Key_Left)
            panBy(-64);
        else if (isPanning && event->key() == Qt::Key_Right)
            panBy(64);
        else
            isDone = isDone && walk(event->key());
    }
    if (!isDone)
        QAbstractScrollArea::keyPressEvent(event);
}

bool SwimlaneView::walk(int key)
{
    const auto &events = m_joined->trace.events;
    const int lanes = static_cast<int>(m_lanes.lanes().size());
    if (lanes == 0 || (key != Qt::Key_Left && key != Qt::Key_Right && key != Qt::Key_Up && key != Qt::Key_Down))
        return false;
    const int lane = m_current < 0 ? -1 : m_lanes.laneOf(m_current);
    if (lane < 0) {
        choose(m_lanes.lanes().front().events.front());
    } else if (key == Qt::Key_Left || key == Qt::Key_Right) {
        const int next = m_current + (key == Qt::Key_Left ? -1 : 1);
        if (next >= 0 && next < static_cast<int>(events.size()) && m_lanes.laneOf(next) >= 0)
            choose(next);
    } else {
        const int beside = lane + (key == Qt::Key_Up ? -1 : 1);
        if (beside >= 0 && beside < lanes)
            choose(m_lanes.nearest(beside, static_cast<double>(events[static_cast<size_t>(m_current)].time)));
    }
    return true;
}

} // namespace ui::traces
