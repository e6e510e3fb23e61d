// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/traces/graph_painter.h"

#include <QAbstractScrollArea>

#include <optional>

namespace ui::traces {

/// Who caused whom, causes left, effects right. Wheel and +/− zoom, dragging and Ctrl+arrows pan, F shows all, arrows walk to cause,
/// effect and siblings, Enter opens an event or expands a group, Backspace collapses it again.
class CausationGraphView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit CausationGraphView(QWidget *parent = nullptr);
    ~CausationGraphView() override;

    /// Shows what is to be read first. Null: nothing.
    void setScene(models::trace::GraphScenePtr scene);
    /// The same trace laid out anew (groups expanded, dead letters marked): place and selection stay.
    void replaceScene(models::trace::GraphScenePtr scene);
    [[nodiscard]] const models::trace::GraphScenePtr &scene() const { return m_scene; }

    /// Of the graph, −1 for none. Brings it in sight.
    void setCurrentNode(int node);
    [[nodiscard]] int currentNode() const { return m_currentNode; }
    /// The item under a point of the viewport; −1 for none.
    [[nodiscard]] int itemAt(QPoint point) const;
    [[nodiscard]] const GraphCamera &camera() const { return m_camera; }

    void fit();
    void zoomBy(double factor); ///< around the current node if it is in sight, else the middle

Q_SIGNALS:
    void currentNodeChanged(int node); ///< by the user
    void eventActivated(int event);
    void groupToggled(qint32 firstMember, bool isExpanded);
    void menuRequested(QPoint globalPoint);

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    bool walk(int key);
    bool pan(int key);
    void choose(int item);
    void activate(int item);
    void hover(int item);
    void setLook();
    void showFirst();
    void cameraMoved();
    [[nodiscard]] int currentItem() const;

    models::trace::GraphScenePtr m_scene;
    GraphCamera m_camera;
    GraphPainter m_painter;
    int m_currentNode = -1;
    int m_cameFrom = -1; ///< node from which the walk went to its cause: the way back leads there
    int m_hovered = -1;
    std::vector<char> m_related;
    std::optional<QPoint> m_pressed;
    bool m_isDragging = false;
    bool m_isMovingBars = false;
    /// Keeps showing the same when it is resized or replaced, until somebody zooms or pans.
    enum class Automatic { First, Fit, Off } m_automatic = Automatic::First;
};

} // namespace ui::traces
