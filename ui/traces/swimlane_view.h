// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/joined_trace.h"
#include "models/trace/trace_lanes.h"

#include <QAbstractScrollArea>

#include <optional>

namespace ui::traces {

/// The events of a trace in time, a lane a stream. Wheel and +/− zoom the time, dragging and Ctrl+arrows move it, F shows all, left and
/// right go to the event before and after, up and down to the lane beside. Paints at most a mark for every 6 pixels of a lane.
class SwimlaneView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int HeaderWidth = 176;
    static constexpr int AxisHeight = 24;
    static constexpr int LaneHeight = 28;

    explicit SwimlaneView(QWidget *parent = nullptr);

    /// Shows all of it; null: nothing.
    void setTrace(models::trace::JoinedTracePtr joined);
    /// Number in Trace::events, −1 for none; brought in sight.
    void setCurrentEvent(int event);
    [[nodiscard]] int currentEvent() const { return m_current; }
    /// The event under a point of the viewport; −1 for none.
    [[nodiscard]] int eventAt(QPoint point) const;
    void fit();
    void zoomBy(double factor);

Q_SIGNALS:
    void currentEventChanged(int event); ///< by the user
    void eventActivated(int event);
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

private:
    void choose(int event);
    void updateBar();
    bool walk(int key);
    void zoomAt(double x, double factor);
    void panBy(double pixels);
    void setRange(double from, double to);
    void paintLane(QPainter &painter, int lane, int top);
    void paintAxis(QPainter &painter);
    void paintLinks(QPainter &painter);
    [[nodiscard]] QString laneName(int lane) const;
    [[nodiscard]] int plotWidth() const;
    [[nodiscard]] double xOf(double time) const;
    [[nodiscard]] double timeAt(double x) const;
    [[nodiscard]] int topOf(int lane) const;
    [[nodiscard]] std::optional<QPointF> placeOf(int event) const;

    models::trace::JoinedTracePtr m_joined;
    models::trace::TraceLanes m_lanes;
    double m_from = 0; ///< milliseconds since the epoch, at the left end
    double m_to = 1;
    int m_current = -1;
    std::optional<QPoint> m_pressed;
    bool m_isDragging = false;
};

} // namespace ui::traces
