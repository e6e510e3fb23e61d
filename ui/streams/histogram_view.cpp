// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/histogram_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace ui::streams {

namespace text = ui::widgets::text;

namespace {

constexpr int Height = 52;
constexpr int ShortestDrag = 4; ///< pixels; less is a click

} // namespace

HistogramView::HistogramView(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("event-histogram"));
    setAccessibleName(tr("Events over time; drag to choose a range of time"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::CrossCursor);
}

void HistogramView::setHistogram(const models::event::TimeHistogram &histogram)
{
    m_histogram = histogram;
    if (!m_histogram.isEmpty())
        setAccessibleDescription(tr("From %1 to %2").arg(text::localTime(m_histogram.begin()), text::localTime(m_histogram.end())));
    QWidget::update();
}

QSize HistogramView::sizeHint() const
{
    return {400, Height};
}

QRect HistogramView::plot() const
{
    return rect().adjusted(0, 0, 0, -fontMetrics().height() - 2);
}

void HistogramView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect area = plot();
    painter.fillRect(area, palette().base());
    painter.setPen(theme::color(theme::Role::Muted));
    if (m_histogram.isEmpty()) {
        painter.drawText(area, Qt::AlignCenter, tr("No times yet"));
        return;
    }
    const auto &bins = m_histogram.bins();
    const double width = static_cast<double>(area.width()) / static_cast<double>(bins.size());
    const auto highest = static_cast<double>(m_histogram.highest());
    const QColor ink = theme::color(theme::Role::Series1);
    for (size_t i = 0; i < bins.size(); ++i) {
        if (bins[i] == 0)
            continue;
        const double height = std::max(1.0, static_cast<double>(bins[i]) / highest * (area.height() - 2));
        const double x = area.left() + width * static_cast<double>(i);
        painter.fillRect(QRectF(x, area.bottom() - height + 1, std::max(1.0, width - (width > 4 ? 1 : 0)), height), ink);
    }
    if (m_anchor >= 0) {
        QColor range = theme::color(theme::Role::Accent);
        range.setAlphaF(0.25F);
        painter.fillRect(QRect(QPoint(std::min(m_anchor, m_current), area.top()), QPoint(std::max(m_anchor, m_current), area.bottom())), range);
    }
    if (hasFocus()) {
        painter.setPen(theme::color(theme::Role::Accent));
        painter.drawRect(area.adjusted(0, 0, -1, -1));
    }
    painter.setPen(theme::color(theme::Role::Muted));
    const QRect labels(0, area.bottom() + 2, rect().width(), fontMetrics().height());
    painter.drawText(labels, Qt::AlignLeft, text::localTime(m_histogram.begin()));
    painter.drawText(labels, Qt::AlignRight, text::localTime(m_histogram.end()));
    painter.drawText(labels, Qt::AlignHCenter, tr("%1 a bar").arg(text::duration(m_histogram.binMs())));
}

connectors::EpochMs HistogramView::timeAt(int x) const
{
    const double share = std::clamp(static_cast<double>(x - plot().left()) / std::max(1, plot().width()), 0.0, 1.0);
    return m_histogram.begin() + static_cast<qint64>(share * static_cast<double>(m_histogram.end() - m_histogram.begin()));
}

void HistogramView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_histogram.isEmpty())
        return;
    m_anchor = m_current = event->pos().x();
    QWidget::update();
}

void HistogramView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_anchor < 0)
        return;
    m_current = std::clamp(event->pos().x(), 0, width());
    QWidget::update();
}

void HistogramView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_anchor < 0)
        return;
    m_current = std::clamp(event->pos().x(), 0, width());
    choose();
}

void HistogramView::choose()
{
    const int left = std::min(m_anchor, m_current);
    const int right = std::max(m_anchor, m_current);
    m_anchor = -1;
    QWidget::update();
    if (right - left >= ShortestDrag)
        Q_EMIT rangeChosen(timeAt(left), timeAt(right));
}

void HistogramView::keyPressEvent(QKeyEvent *event)
{
    const int step = std::max(1, width() / 50);
    if (m_histogram.isEmpty() || (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right && event->key() != Qt::Key_Return && event->key() != Qt::Key_Escape))
        return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Return && m_anchor >= 0)
        return choose();
    if (event->key() == Qt::Key_Escape) {
        m_anchor = -1;
    } else if (event->key() != Qt::Key_Return) {
        m_current = std::clamp(m_current + (event->key() == Qt::Key_Left ? -step : step), 0, width());
        if (m_anchor < 0 || !event->modifiers().testFlag(Qt::ShiftModifier))
            m_anchor = m_current;
    }
    QWidget::update();
}

bool HistogramView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && !m_histogram.isEmpty()) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto &bins = m_histogram.bins();
        const auto bin = std::min(bins.size() - 1, static_cast<size_t>((timeAt(help->pos().x()) - m_histogram.begin()) / m_histogram.binMs()));
        QToolTip::showText(help->globalPos(), tr("%1: %2 events").arg(text::localTime(m_histogram.begin() + static_cast<qint64>(bin) * m_histogram.binMs()), text::exact(bins[bin])), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace ui::streams
