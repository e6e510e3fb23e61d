// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/causation_graph_view.h"

#include "ui/theme/theme.h"
#include "ui/traces/event_words.h"
#include "ui/traces/graph_clusters.h"
#include "ui/traces/graph_walk.h"
#include "ui/widgets/text.h"

#include <QAccessible>
#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace ui::traces {

using models::trace::GraphScenePtr;
using models::trace::LayeredLayout;
namespace text = ui::widgets::text;

namespace {

constexpr double ZoomStep = 1.25;
constexpr int PanStep = 64; ///< pixels
std::optional<GraphStep> stepFor(int key)
{
    switch (key) {
    case Qt::Key_Left: return GraphStep::ToCause;
    case Qt::Key_Right: return GraphStep::ToEffect;
    case Qt::Key_Up: return GraphStep::Up;
    case Qt::Key_Down: return GraphStep::Down;
    case Qt::Key_Home: return GraphStep::ToFirst;
    case Qt::Key_End: return GraphStep::ToLast;
    default: return std::nullopt;
    }
}

constexpr double LargestBar = 1'000'000; ///< scroll bars count in ints; a graph may be wider than they do in pixels

} // namespace

CausationGraphView::CausationGraphView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("causation-graph"));
    setAccessibleName(tr("Causation graph"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setMinimumSize(200, 120);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setLook();
}

CausationGraphView::~CausationGraphView() = default;

void CausationGraphView::setScene(GraphScenePtr scene)
{
    m_scene = std::move(scene);
    m_painter.setScene(m_scene.get());
    m_currentNode = m_cameFrom = -1;
    hover(-1);
    m_automatic = Automatic::First;
    m_camera = GraphCamera();
    m_camera.setWorld(m_scene ? m_scene->layout().bounds() : QRectF(), viewport()->size());
    showFirst();
    cameraMoved();
}

void CausationGraphView::showFirst()
{
    if (m_automatic == Automatic::Fit)
        m_camera.fit();
    if (m_automatic == Automatic::First && m_scene && m_scene->count() > 0) {
        const std::vector<qint32> &roots = m_scene->graph().roots();
        m_camera.showFirst(m_scene->layout().rectOf(roots.empty() ? 0 : m_scene->view().itemOf(roots.front())));
    }
    if (const int item = currentItem(); item >= 0 && m_automatic != Automatic::Off)
        m_camera.reveal(m_scene->layout().rectOf(item));
}

void CausationGraphView::replaceScene(GraphScenePtr scene)
{
    const int item = currentItem();
    const QPointF before = item < 0 ? QPointF() : m_camera.toView(m_scene->layout().rectOf(item).topLeft());
    m_scene = std::move(scene);
    m_painter.setScene(m_scene.get());
    hover(-1);
    m_camera.setWorld(m_scene->layout().bounds(), viewport()->size());
    if (m_automatic != Automatic::Off)
        showFirst();
    else if (const int now = currentItem(); item >= 0 && now >= 0)
        m_camera.panBy(m_camera.toView(m_scene->layout().rectOf(now).topLeft()) - before);
    cameraMoved();
}

int CausationGraphView::currentItem() const
{
    return m_scene && m_currentNode >= 0 ? m_scene->view().itemOf(m_currentNode) : -1;
}

void CausationGraphView::setCurrentNode(int node)
{
    if (!m_scene || node == m_currentNode)
        return;
    m_currentNode = node;
    const int item = currentItem();
    setAccessibleDescription(item < 0 ? QString() : describeItem(*m_scene, item));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    if (item >= 0 && !m_camera.visible().contains(m_scene->layout().rectOf(item).center())) {
        m_camera.reveal(m_scene->layout().rectOf(item));
        cameraMoved();
    }
    viewport()->update();
}

int CausationGraphView::itemAt(QPoint point) const
{
    return m_scene ? itemUnder(*m_scene, m_camera, point) : -1;
}

void CausationGraphView::fit()
{
    m_automatic = Automatic::Fit;
    m_camera.setWorld(m_scene ? m_scene->layout().bounds() : QRectF(), viewport()->size());
    showFirst();
    cameraMoved();
}

void CausationGraphView::zoomBy(double factor)
{
    QPointF around(viewport()->width() / 2.0, viewport()->height() / 2.0);
    if (const int item = currentItem(); item >= 0) {
        const QPointF center = m_camera.toView(m_scene->layout().rectOf(item).center());
        if (QRectF(viewport()->rect()).contains(center))
            around = center;
    }
    m_automatic = Automatic::Off;
    m_camera.zoomAt(around, factor);
    cameraMoved();
}

/// Scroll bars follow the camera: they tell how much there is and can be dragged.
void CausationGraphView::cameraMoved()
{
    m_isMovingBars = true;
    const auto place = [](QScrollBar *bar, double begin, double length, double origin, double view, double scale) {
        const double margin = GraphCamera::Margin / scale;
        const double whole = std::max(length + 2 * margin, view / scale);
        const double unit = std::min(scale, LargestBar / whole); // bar steps of one scene unit
        bar->setRange(0, static_cast<int>(std::max(0.0, whole - view / scale) * unit));
        bar->setPageStep(std::max(1, static_cast<int>(view / scale * unit)));
        bar->setSingleStep(std::max(1, static_cast<int>(PanStep / scale * unit)));
        bar->setValue(static_cast<int>((origin - begin + margin) * unit));
    };
    const QRectF seen = m_camera.visible();
    const QRectF &bounds = m_camera.bounds();
    place(horizontalScrollBar(), bounds.left(), bounds.width(), seen.left(), m_camera.viewSize().width(), m_camera.scaleX());
    place(verticalScrollBar(), bounds.top(), bounds.height(), seen.top(), m_camera.viewSize().height(), m_camera.scaleY());
    m_isMovingBars = false;
    viewport()->update();
}

void CausationGraphView::scrollContentsBy(int dx, int dy)
{
    if (m_isMovingBars)
        return;
    const auto pixels = [](const QScrollBar *bar, int steps, double view) { return -steps * view / std::max(1, bar->pageStep()); };
    m_automatic = Automatic::Off;
    m_camera.panBy({pixels(horizontalScrollBar(), dx, m_camera.viewSize().width()), pixels(verticalScrollBar(), dy, m_camera.viewSize().height())});
    viewport()->update();
}

void CausationGraphView::choose(int item)
{
    const int node = item < 0 ? -1 : m_scene->view().nodeOf(item);
    if (node == m_currentNode)
        return;
    m_cameFrom = -1;
    setCurrentNode(node);
    Q_EMIT currentNodeChanged(node);
}

void CausationGraphView::activate(int item)
{
    if (item < 0)
        return;
    if (m_camera.detail() == Detail::Cluster) {
        m_automatic = Automatic::Off;
        m_camera.showAtNaturalSize(m_scene->layout().rectOf(item).center());
        cameraMoved();
    } else if (m_scene->view().groupOf(item)) {
        Q_EMIT groupToggled(m_scene->view().nodeOf(item), true);
    } else if (const int event = m_scene->eventOf(item); event >= 0) {
        Q_EMIT eventActivated(event);
    }
}

void CausationGraphView::hover(int item)
{
    if (item == m_hovered)
        return;
    m_hovered = item;
    m_related = item < 0 || m_camera.detail() == Detail::Cluster ? std::vector<char>() : m_scene->related(item);
    viewport()->setCursor(item < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    viewport()->update();
}

void CausationGraphView::setLook()
{
    m_painter.setLook(font(), devicePixelRatioF());
    viewport()->update();
}

void CausationGraphView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    m_painter.paint(painter, m_camera, {currentItem(), m_hovered, m_related.empty() ? nullptr : &m_related, hasFocus()});
}

void CausationGraphView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    m_camera.setWorld(m_camera.bounds(), viewport()->size());
    showFirst();
    cameraMoved();
}

void CausationGraphView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    setLook();
}

void CausationGraphView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        setLook();
}

void CausationGraphView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    m_automatic = Automatic::Off;
    m_camera.zoomAt(event->position(), std::pow(ZoomStep, event->angleDelta().y() / 120.0));
    cameraMoved();
    event->accept();
}

void CausationGraphView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton)
        m_pressed = event->pos();
    m_isDragging = false;
}

void CausationGraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed) {
        hover(itemAt(event->pos()));
        return;
    }
    const QPoint way = event->pos() - *m_pressed;
    if (!m_isDragging && way.manhattanLength() < QApplication::startDragDistance())
        return;
    m_isDragging = true;
    m_automatic = Automatic::Off;
    m_pressed = event->pos();
    viewport()->setCursor(Qt::ClosedHandCursor);
    m_camera.panBy(-way);
    cameraMoved();
}

void CausationGraphView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_pressed && !m_isDragging && event->button() == Qt::LeftButton && m_scene)
        choose(itemAt(event->pos()));
    m_pressed.reset();
    if (std::exchange(m_isDragging, false))
        viewport()->setCursor(Qt::ArrowCursor);
}

void CausationGraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        activate(itemAt(event->pos()));
}

void CausationGraphView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_scene)
        return;
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (const int item = itemAt(event->pos()); item >= 0)
            choose(item);
        Q_EMIT menuRequested(event->globalPos());
        return;
    }
    const int item = currentItem();
    const QPoint at = item < 0 ? viewport()->rect().center() : m_camera.toView(m_scene->layout().rectOf(item)).center().toPoint();
    Q_EMIT menuRequested(viewport()->mapToGlobal(at));
}

bool CausationGraphView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        hover(-1);
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int item = itemAt(help->pos());
        if (item < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text::toolTip(describeItem(*m_scene, item)), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void CausationGraphView::keyPressEvent(QKeyEvent *event)
{
    const bool isPanning = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    bool isDone = m_scene != nullptr;
    switch (isDone ? event->key() : 0) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(ZoomStep);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / ZoomStep);
        break;
    case Qt::Key_F:
        fit();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate(currentItem());
        break;
    case Qt::Key_Backspace:
        if (const qint32 group = m_currentNode < 0 ? -1 : m_scene->view().expandedGroupOf(m_currentNode); group >= 0)
            Q_EMIT groupToggled(group, false);
        break;
    default:
        isDone = isDone && (isPanning ? pan(event->key()) : walk(event->key()));
    }
    if (!isDone)
        QAbstractScrollArea::keyPressEvent(event);
}

bool CausationGraphView::pan(int key)
{
    switch (key) {
    case Qt::Key_Left: m_camera.panBy({-PanStep, 0}); break;
    case Qt::Key_Right: m_camera.panBy({PanStep, 0}); break;
    case Qt::Key_Up: m_camera.panBy({0, -PanStep}); break;
    case Qt::Key_Down: m_camera.panBy({0, PanStep}); break;
    default: return false;
    }
    m_automatic = Automatic::Off;
    cameraMoved();
    return true;
}

bool CausationGraphView::walk(int key)
{
    const std::optional<GraphStep> step = stepFor(key);
    if (!step)
        return false;
    const int back = m_cameFrom < 0 ? -1 : m_scene->view().itemOf(m_cameFrom);
    const int next = walked(*m_scene, currentItem(), *step, back);
    if (next >= 0) {
        const int cameFrom = *step == GraphStep::ToCause ? m_currentNode : -1;
        choose(next);
        m_cameFrom = cameFrom;
        m_camera.reveal(m_scene->layout().rectOf(next));
        cameraMoved();
    }
    return true;
}

} // namespace ui::traces
