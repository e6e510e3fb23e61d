// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/series.h"

#include <QWidget>

#include <vector>

class QCustomPlot;
class QCPGraph;
class QCPItemLine;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace ui::widgets {

class ChartLegend;

using ChartPoint = models::history::SeriesPoint;

/// One line. Its name is its identity: it keeps its colour and whether it is shown from one setSeries() to the next.
struct ChartSeries {
    QString name;
    int colorIndex = 0;
    std::vector<ChartPoint> points; ///< in order of time, at most about two a pixel: decimate before
};

/// A line chart over time: title, legend to toggle, zoom (wheel, drag), pan (Shift+drag or middle button), a cursor that
/// shows the values and can be linked with other charts, pause, export as PNG, SVG, CSV. By keyboard: Space pauses,
/// ←/→ move the cursor, +/− zoom, 0 shows the whole range.
class Chart final : public QWidget
{
    Q_OBJECT

public:
    enum class Unit { Events, EventsPerSecond };

    Chart(const QString &title, Unit unit, QWidget *parent = nullptr);
    ~Chart() override;

    void setSeries(std::vector<ChartSeries> series);
    [[nodiscard]] const std::vector<ChartSeries> &series() const { return m_series; }
    /// What a new window of time shows; a zoomed chart keeps its zoom while the window only moves on, until another one is chosen or
    /// resetZoom().
    void setTimeWindow(connectors::EpochMs from, connectors::EpochMs to);
    [[nodiscard]] connectors::EpochMs visibleFrom() const;
    [[nodiscard]] connectors::EpochMs visibleTo() const;
    /// Width of the plot in pixels: how many points are worth giving.
    [[nodiscard]] int plotPixels() const;
    /// What the plot says where there is no line at all.
    void setEmptyText(const QString &text);

    [[nodiscard]] bool isPaused() const { return m_isPaused; }
    void setPaused(bool isPaused);
    [[nodiscard]] bool isZoomed() const { return m_isZoomed; }
    void zoomTo(connectors::EpochMs from, connectors::EpochMs to);
    void resetZoom();

    /// The vertical line and the values at a time; null hides it.
    void setCursor(std::optional<connectors::EpochMs> time);
    [[nodiscard]] QString cursorText() const;
    [[nodiscard]] bool isSeriesShown(const QString &name) const;

    /// PNG, SVG or CSV by the file's ending.
    void exportTo(const QString &path);

Q_SIGNALS:
    void zoomed(connectors::EpochMs from, connectors::EpochMs to); ///< by the user
    void zoomReset();
    void pausedChanged(bool isPaused);
    void cursorMoved(std::optional<connectors::EpochMs> time); ///< by the user
    void exported(const QString &message);                     ///< written, or why not

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildTools(QHBoxLayout *row, const QString &title);
    void buildPlot();
    void applyColors();
    void showData();
    void fitTicks(); ///< as many times on the axis as have room
    void rescaleValues();
    void userZoomed(double fromSeconds, double toSeconds);
    void chooseExportFile(const QString &suffix);
    [[nodiscard]] std::optional<double> valueAt(const ChartSeries &series, connectors::EpochMs time) const;

    const Unit m_unit;
    QCustomPlot *m_plot;
    ChartLegend *m_legend;
    QLabel *m_cursorLabel;
    QLabel *m_emptyLabel;
    QToolButton *m_pause = nullptr;
    QToolButton *m_reset = nullptr;
    QCPItemLine *m_cursorLine = nullptr;
    std::vector<ChartSeries> m_series;
    std::vector<ChartSeries> m_waiting; ///< arrived while paused
    bool m_hasWaiting = false;
    QString m_emptyText;
    connectors::EpochMs m_from = 0;
    connectors::EpochMs m_to = 0;
    bool m_isPaused = false;
    bool m_isZoomed = false;
    std::optional<connectors::EpochMs> m_cursor;
};

} // namespace ui::widgets
