// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/time_histogram.h"

#include <QWidget>

namespace ui::streams {

/// How many events were read over time; dragging over it (or ← → with Shift, then Enter) chooses a range of time.
class HistogramView final : public QWidget
{
    Q_OBJECT

public:
    explicit HistogramView(QWidget *parent = nullptr);

    /// Copies what it needs to paint.
    void setHistogram(const models::event::TimeHistogram &histogram);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void rangeChosen(connectors::EpochMs from, connectors::EpochMs to);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] connectors::EpochMs timeAt(int x) const;
    void choose();

    models::event::TimeHistogram m_histogram;
    int m_anchor = -1; ///< x where a drag began; −1: none
    int m_current = -1;
};

} // namespace ui::streams
