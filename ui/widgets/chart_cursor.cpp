// SPDX-License-Identifier: GPL-3.0-or-later
// What a user does in a chart: zoom, cursor, keys.
#include "ui/widgets/chart.h"
#include "ui/widgets/chart_legend.h"
#include "ui/widgets/custom_plot.h"
#include "ui/widgets/text.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace ui::widgets {

void Chart::userZoomed(double fromSeconds, double toSeconds)
{
    m_isZoomed = true;
    m_reset->setEnabled(true);
    rescaleValues();
    Q_EMIT zoomed(static_cast<connectors::EpochMs>(fromSeconds * MillisecondsPerSecond),
                  static_cast<connectors::EpochMs>(toSeconds * MillisecondsPerSecond));
}

void Chart::zoomTo(connectors::EpochMs from, connectors::EpochMs to)
{
    {
        const QSignalBlocker blocker(m_plot->xAxis);
        m_plot->xAxis->setRange(static_cast<double>(from) / MillisecondsPerSecond, static_cast<double>(to) / MillisecondsPerSecond);
    }
    m_isZoomed = true;
    m_reset->setEnabled(true);
    rescaleValues();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::resetZoom()
{
    m_isZoomed = false;
    m_reset->setEnabled(false);
    const bool wasPaused = std::exchange(m_isPaused, false);
    setTimeWindow(m_from, m_to);
    m_isPaused = wasPaused;
}

std::optional<double> Chart::valueAt(const ChartSeries &series, connectors::EpochMs time) const
{
    const auto after = std::upper_bound(series.points.begin(), series.points.end(), time,
                                        [](connectors::EpochMs wanted, const ChartPoint &point) { return wanted < point.time; });
    if (after == series.points.begin() || after == series.points.end())
        return after == series.points.begin() || series.points.empty() || time - series.points.back().time > (m_to - m_from) / 20
            ? std::nullopt
            : std::optional(series.points.back().value);
    return std::prev(after)->value;
}

void Chart::setCursor(std::optional<connectors::EpochMs> time)
{
    m_cursor = time;
    m_cursorLine->setVisible(time.has_value());
    QStringList lines;
    if (time) {
        const double x = static_cast<double>(*time) / MillisecondsPerSecond;
        m_cursorLine->start->setCoords(x, 0);
        m_cursorLine->end->setCoords(x, 1);
        lines += text::localTime(*time).left(19);
        for (const ChartSeries &each : m_series) {
            if (!m_legend->isShown(each.name))
                continue;
            const auto value = valueAt(each, *time);
            const QString words = !value || std::isnan(*value) ? tr("unknown")
                : m_unit == Unit::Events                       ? text::exact(std::llround(*value))
                                                               : tr("%1/s").arg(text::rate(*value));
            lines += tr("%1: %2").arg(text::untrusted(each.name, 40), words);
        }
    }
    m_cursorLabel->setText(lines.join(u'\n'));
    m_cursorLabel->setVisible(time.has_value() && !m_series.empty());
    if (time) {
        m_cursorLabel->adjustSize();
        const int x = static_cast<int>(m_plot->xAxis->coordToPixel(static_cast<double>(*time) / MillisecondsPerSecond));
        const bool fitsRight = x + 12 + m_cursorLabel->width() < m_plot->width();
        m_cursorLabel->move(fitsRight ? x + 12 : x - 12 - m_cursorLabel->width(), 8);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QString Chart::cursorText() const
{
    return m_cursorLabel->text();
}

void Chart::keyPressEvent(QKeyEvent *event)
{
    const auto width = static_cast<double>(visibleTo() - visibleFrom());
    const connectors::EpochMs middle = m_cursor.value_or((visibleFrom() + visibleTo()) / 2);
    const auto step = static_cast<connectors::EpochMs>(width / 100);
    const auto zoomBy = [&](double factor) {
        zoomTo(middle - static_cast<connectors::EpochMs>(static_cast<double>(middle - visibleFrom()) * factor),
               middle + static_cast<connectors::EpochMs>(static_cast<double>(visibleTo() - middle) * factor));
        Q_EMIT zoomed(visibleFrom(), visibleTo());
    };
    switch (event->key()) {
    case Qt::Key_Space:
        return m_pause->toggle();
    case Qt::Key_Left:
    case Qt::Key_Right:
        setCursor(middle + (event->key() == Qt::Key_Left ? -step : step));
        Q_EMIT cursorMoved(m_cursor);
        return;
    case Qt::Key_Plus:
        return zoomBy(0.7);
    case Qt::Key_Minus:
        return zoomBy(1.0 / 0.7);
    case Qt::Key_0:
        return m_reset->click();
    default:
        QWidget::keyPressEvent(event);
    }
}

bool Chart::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_plot && event->type() == QEvent::Leave) {
        setCursor(std::nullopt);
        Q_EMIT cursorMoved(std::nullopt);
    }
    if (watched == m_plot && event->type() == QEvent::Resize) {
        m_emptyLabel->setGeometry(m_plot->rect());
        fitTicks();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::widgets
