// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_camera.h"

#include "models/trace/layered_layout.h"

#include <algorithm>

namespace ui::traces {

using models::trace::LayeredLayout;

namespace {

constexpr double ReadableX = 0.72; ///< a type's name of 15 characters fits
constexpr double ReadableY = 0.8;
constexpr double TextWidth = 72; ///< pixels of a box in which words are painted
constexpr double TextHeight = 15;

double fitScale(double view, double length)
{
    return std::clamp((view - 2 * GraphCamera::Margin) / std::max(length, 1.0), 1e-9, 1.0);
}

/// Where an axis begins so that the world is in the middle when it is smaller than the view, else no further out than the margin.
double clampedOrigin(double origin, double begin, double length, double view, double scale)
{
    const double margin = GraphCamera::Margin / scale;
    const double shown = view / scale;
    if (length + 2 * margin <= shown)
        return begin - (shown - length) / 2;
    return std::clamp(origin, begin - margin, begin + length + margin - shown);
}

} // namespace

void GraphCamera::setWorld(const QRectF &bounds, const QSizeF &view)
{
    m_bounds = bounds;
    m_view = view.expandedTo({1, 1});
    m_scaleX = std::max(m_scaleX, fitX());
    m_scaleY = std::max(m_scaleY, fitY());
    keepInSight();
}

double GraphCamera::fitX() const
{
    return fitScale(m_view.width(), m_bounds.width());
}

double GraphCamera::fitY() const
{
    return fitScale(m_view.height(), m_bounds.height());
}

void GraphCamera::fit()
{
    m_scaleX = fitX();
    m_scaleY = fitY();
    keepInSight();
}

void GraphCamera::showFirst(const QRectF &start)
{
    fit();
    const bool isReadable = m_scaleX >= ReadableX * 0.85 && detail() == Detail::Text;
    if (isReadable || detail() == Detail::Cluster)
        return;
    m_scaleX = std::max(m_scaleX, ReadableX);
    m_scaleY = std::max(m_scaleY, ReadableY);
    m_origin = {m_bounds.left() - m_view.width(), start.center().y() - m_view.height() / m_scaleY / 2};
    keepInSight();
}

void GraphCamera::showAtNaturalSize(QPointF scene)
{
    m_scaleX = m_scaleY = 1;
    m_origin = scene - QPointF(m_view.width() / 2, m_view.height() / 2);
    keepInSight();
}

void GraphCamera::zoomAt(QPointF viewPoint, double factor)
{
    const QPointF anchor = toScene(viewPoint);
    const double wantedX = m_scaleX * factor;
    const double wantedY = m_scaleY * factor;
    m_scaleX = std::clamp(wantedX, fitX(), std::clamp(wantedY, 1.0, MaximumScale));
    m_scaleY = std::clamp(wantedY, fitY(), std::clamp(wantedX, 1.0, MaximumScale));
    m_origin = anchor - QPointF(viewPoint.x() / m_scaleX, viewPoint.y() / m_scaleY);
    keepInSight();
}

void GraphCamera::panBy(QPointF pixels)
{
    m_origin += QPointF(pixels.x() / m_scaleX, pixels.y() / m_scaleY);
    keepInSight();
}

void GraphCamera::reveal(const QRectF &scene)
{
    const QRectF shown = visible();
    const auto moved = [](double begin, double end, double from, double to, double margin) {
        if (begin - margin < from)
            return begin - margin - from;
        return end + margin > to ? std::min(end + margin - to, begin - from) : 0.0;
    };
    m_origin += QPointF(moved(scene.left(), scene.right(), shown.left(), shown.right(), Margin / m_scaleX),
                        moved(scene.top(), scene.bottom(), shown.top(), shown.bottom(), Margin / m_scaleY));
    keepInSight();
}

Detail GraphCamera::detail() const
{
    const double width = LayeredLayout::NodeWidth * m_scaleX;
    const double height = LayeredLayout::NodeHeight * m_scaleY;
    if (width >= TextWidth && height >= TextHeight)
        return Detail::Text;
    if (width >= 20 && height >= 6)
        return Detail::Box;
    return LayeredLayout::LayerPitch * m_scaleX >= 8 && LayeredLayout::RowPitch * m_scaleY >= 4 ? Detail::Dot : Detail::Cluster;
}

void GraphCamera::keepInSight()
{
    m_origin.setX(clampedOrigin(m_origin.x(), m_bounds.left(), m_bounds.width(), m_view.width(), m_scaleX));
    m_origin.setY(clampedOrigin(m_origin.y(), m_bounds.top(), m_bounds.height(), m_view.height(), m_scaleY));
}

} // namespace ui::traces
