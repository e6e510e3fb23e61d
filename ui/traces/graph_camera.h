// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

namespace ui::traces {

/// How much of an item can be drawn.
enum class Detail {
    Text,    ///< a box with its words
    Box,     ///< a box in the colour of its type
    Dot,
    Cluster  ///< so small that neighbours are counted together
};

/// From where a laid-out graph is seen: pure coordinate math. Zooming scales both directions, but neither below what shows
/// everything and neither past natural size before the other has reached it: a tree of ten columns and 100,000 rows
/// still shows its columns when it is seen as a whole.
class GraphCamera final
{
public:
    static constexpr double MaximumScale = 2.0;
    static constexpr double Margin = 24; ///< pixels around the graph when all of it is shown

    /// The graph's bounds in scene coordinates and the widget's size; keeps scale and place as far as they are allowed.
    void setWorld(const QRectF &bounds, const QSizeF &view);
    /// All of it, however small.
    void fit();
    /// What is read first: all of it where its words fit, or where it is so large that only its shape can be seen; else as much as can be
    /// read, from `start` on.
    void showFirst(const QRectF &start);
    /// Natural size, with `scene` in the middle.
    void showAtNaturalSize(QPointF scene);
    /// `viewPoint` stays where it is.
    void zoomAt(QPointF viewPoint, double factor);
    void panBy(QPointF pixels);
    /// Moves just as far as needed to have the rectangle in sight.
    void reveal(const QRectF &scene);

    [[nodiscard]] double scaleX() const { return m_scaleX; }
    [[nodiscard]] double scaleY() const { return m_scaleY; }
    [[nodiscard]] QPointF toView(QPointF scene) const { return {(scene.x() - m_origin.x()) * m_scaleX, (scene.y() - m_origin.y()) * m_scaleY}; }
    [[nodiscard]] QRectF toView(const QRectF &scene) const { return {toView(scene.topLeft()), toView(scene.bottomRight())}; }
    [[nodiscard]] QPointF toScene(QPointF view) const { return {view.x() / m_scaleX + m_origin.x(), view.y() / m_scaleY + m_origin.y()}; }
    [[nodiscard]] QRectF visible() const { return {toScene({0, 0}), toScene({m_view.width(), m_view.height()})}; }
    [[nodiscard]] const QSizeF &viewSize() const { return m_view; }
    [[nodiscard]] const QRectF &bounds() const { return m_bounds; }
    [[nodiscard]] Detail detail() const;

private:
    [[nodiscard]] double fitX() const;
    [[nodiscard]] double fitY() const;
    void keepInSight();

    QRectF m_bounds;
    QSizeF m_view{1, 1};
    QPointF m_origin; ///< scene point at the view's top left
    double m_scaleX = 1;
    double m_scaleY = 1;
};

} // namespace ui::traces
