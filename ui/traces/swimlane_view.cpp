// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/swimlane_view.h"

#include "ui/theme/theme.h"
#include "ui/traces/event_words.h"
#include "ui/traces/time_axis.h"
#include "ui/widgets/text.h"

#include <QAccessible>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace ui::traces {

using models::trace::LaneMark;
using models::trace::TraceEvent;
namespace text = ui::widgets::text;

namespace {

constexpr int MarkStep = 6;        ///< pixels of one mark
constexpr double Shoulder = 0.03;  ///< share of the time left free at both ends
constexpr double ShortestSpan = 4; ///< milliseconds; times are no finer
constexpr size_t MaximumLinks = 200;

} // namespace

SwimlaneView::SwimlaneView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("swimlanes"));
    setAccessibleName(tr("Events in time, a lane a stream"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(AxisHeight + 2 * LaneHeight);
    viewport()->setMouseTracking(true);
}

void SwimlaneView::setTrace(models::trace::JoinedTracePtr joined)
{
    m_joined = std::move(joined);
    m_lanes = m_joined ? models::trace::TraceLanes(m_joined->trace) : models::trace::TraceLanes();
    m_current = -1;
    verticalScrollBar()->setValue(0);
    fit();
    updateBar();
}

void SwimlaneView::fit()
{
    const auto begin = static_cast<double>(m_lanes.begin());
    const auto end = static_cast<double>(m_lanes.end());
    const double span = std::max(end - begin, ShortestSpan);
    setRange(begin - span * Shoulder, begin + span * (1 + Shoulder));
}

void SwimlaneView::setRange(double from, double to)
{
    m_from = from;
    m_to = to;
    viewport()->update();
}

int SwimlaneView::plotWidth() const
{
    return std::max(1, viewport()->width() - HeaderWidth);
}

double SwimlaneView::xOf(double time) const
{
    return HeaderWidth + (time - m_from) / (m_to - m_from) * plotWidth();
}

double SwimlaneView::timeAt(double x) const
{
    return m_from + (x - HeaderWidth) / plotWidth() * (m_to - m_from);
}

int SwimlaneView::topOf(int lane) const
{
    return AxisHeight + lane * LaneHeight - verticalScrollBar()->value();
}

std::optional<QPointF> SwimlaneView::placeOf(int event) const
{
    const int lane = event < 0 ? -1 : m_lanes.laneOf(event);
    if (lane < 0)
        return std::nullopt;
    return QPointF(xOf(static_cast<double>(m_joined->trace.events[static_cast<size_t>(event)].time)), topOf(lane) + LaneHeight / 2.0);
}

void SwimlaneView::zoomAt(double x, double factor)
{
    const double anchor = timeAt(x);
    const double whole = std::max(static_cast<double>(m_lanes.end() - m_lanes.begin()), ShortestSpan) * (1 + 2 * Shoulder);
    const double span = std::clamp((m_to - m_from) / factor, std::min(ShortestSpan, whole), whole);
    const double share = (anchor - m_from) / (m_to - m_from);
    setRange(anchor - span * share, anchor + span * (1 - share));
    panBy(0);
}

void SwimlaneView::zoomBy(double factor)
{
    const std::optional<QPointF> place = placeOf(m_current);
    const bool isInSight = place && place->x() >= HeaderWidth && place->x() <= viewport()->width();
    zoomAt(isInSight ? place->x() : HeaderWidth + plotWidth() / 2.0, factor);
}

void SwimlaneView::panBy(double pixels)
{
    const double span = m_to - m_from;
    const double edge = std::max(static_cast<double>(m_lanes.end() - m_lanes.begin()), ShortestSpan) * Shoulder;
    const double lowest = static_cast<double>(m_lanes.begin()) - edge;
    const double highest = std::max(lowest, std::max(static_cast<double>(m_lanes.end()), static_cast<double>(m_lanes.begin()) + ShortestSpan) + edge - span);
    const double from = std::clamp(m_from + pixels / plotWidth() * span, lowest, highest);
    setRange(from, from + span);
}

void SwimlaneView::setCurrentEvent(int event)
{
    if (event == m_current || !m_joined)
        return;
    m_current = event;
    setAccessibleDescription(event < 0 ? QString() : describeEvent(m_joined->trace.events[static_cast<size_t>(event)]));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    if (const std::optional<QPointF> place = placeOf(event)) {
        if (place->x() < HeaderWidth + 8)
            panBy(place->x() - HeaderWidth - plotWidth() / 4.0);
        else if (place->x() > viewport()->width() - 8)
            panBy(place->x() - HeaderWidth - plotWidth() * 3 / 4.0);
        const int top = m_lanes.laneOf(event) * LaneHeight;
        const int room = viewport()->height() - AxisHeight - LaneHeight;
        verticalScrollBar()->setValue(std::clamp(verticalScrollBar()->value(), std::max(0, top - room), std::max(0, top)));
    }
    viewport()->update();
}

int SwimlaneView::eventAt(QPoint point) const
{
    if (!m_joined || point.x() < HeaderWidth - MarkStep || point.y() < AxisHeight)
        return -1;
    const int lane = (point.y() - AxisHeight + verticalScrollBar()->value()) / LaneHeight;
    if (lane < 0 || lane >= static_cast<int>(m_lanes.lanes().size()))
        return -1;
    const int event = m_lanes.nearest(lane, timeAt(point.x()));
    const std::optional<QPointF> place = placeOf(event);
    return place && std::abs(place->x() - point.x()) <= MarkStep + 2 ? event : -1;
}

QString SwimlaneView::laneName(int lane) const
{
    const models::trace::Lane &each = m_lanes.lanes()[static_cast<size_t>(lane)];
    const QString stream = text::untrusted(each.stream, 80);
    if (m_joined->trace.connections.size() < 2)
        return stream;
    return stream + QStringLiteral(" · ") + text::untrusted(m_joined->trace.connections[static_cast<size_t>(each.connection)], 40);
}

void SwimlaneView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme::color(theme::Role::Base));
    if (!m_joined)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const int count = static_cast<int>(m_lanes.lanes().size());
    const int first = std::clamp(verticalScrollBar()->value() / LaneHeight, 0, count);
    const int last = std::min(count, first + viewport()->height() / LaneHeight + 2);
    for (int lane = first; lane < last; ++lane)
        paintLane(painter, lane, topOf(lane));
    paintLinks(painter);
    paintAxis(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(theme::color(theme::Role::Accent), 1, Qt::DotLine));
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void SwimlaneView::paintLane(QPainter &painter, int lane, int top)
{
    using theme::Role;
    const bool isCurrent = m_current >= 0 && m_lanes.laneOf(m_current) == lane;
    painter.fillRect(QRect(0, top, HeaderWidth, LaneHeight), theme::color(isCurrent ? Role::Selection : Role::Raised));
    painter.setPen(QPen(theme::color(Role::Line), 1));
    painter.drawLine(QPointF(0, top + LaneHeight - 0.5), QPointF(viewport()->width(), top + LaneHeight - 0.5));
    painter.setPen(theme::color(Role::Text));
    const QRect name(8, top, HeaderWidth - 16, LaneHeight);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, fontMetrics().elidedText(laneName(lane), Qt::ElideMiddle, name.width()));
    const double middle = top + LaneHeight / 2.0;
    painter.setClipRect(QRect(HeaderWidth, top, plotWidth(), LaneHeight));
    for (const LaneMark &mark : m_lanes.marks(lane, m_from, m_to, plotWidth(), MarkStep)) {
        const QColor color = theme::stableColor(m_joined->trace.events[static_cast<size_t>(mark.first)].eventType);
        const QPen outline = mark.isBad ? QPen(theme::color(Role::Error), 2) : QPen(Qt::NoPen);
        painter.setPen(outline);
        painter.setBrush(color);
        if (mark.count == 1) {
            const double x = xOf(static_cast<double>(m_joined->trace.events[static_cast<size_t>(mark.first)].time));
            painter.drawEllipse(QPointF(x, middle), 4.5, 4.5);
        } else {
            const double height = std::min(LaneHeight - 6.0, 10 + 4 * std::log10(static_cast<double>(mark.count)));
            painter.drawRoundedRect(QRectF(HeaderWidth + mark.pixel - 1, middle - height / 2, MarkStep + 2, height), 2, 2);
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setClipping(false);
}

/// The current event with its causes and effects.
void SwimlaneView::paintLinks(QPainter &painter)
{
    const std::optional<QPointF> own = placeOf(m_current);
    if (!own)
        return;
    painter.setClipRect(QRect(HeaderWidth, AxisHeight, plotWidth(), viewport()->height() - AxisHeight));
    painter.setPen(QPen(theme::color(theme::Role::Accent), 1.2));
    const int node = m_joined->graph.nodeOf(m_current);
    const auto draw = [&](std::span<const models::trace::Link> links) {
        for (const models::trace::Link &link : links.first(std::min(links.size(), MaximumLinks))) {
            const std::optional<QPointF> other = placeOf(m_joined->graph.eventOf(link.node));
            if (!other)
                continue;
            const double bend = (other->x() - own->x()) / 2;
            QPainterPath path(*own);
            path.cubicTo(*own + QPointF(bend, 0), *other - QPointF(bend, 0), *other);
            painter.drawPath(path);
        }
    };
    draw(m_joined->graph.causes(node));
    draw(m_joined->graph.effects(node));
    painter.setPen(QPen(theme::color(theme::Role::Accent), 2));
    painter.drawEllipse(*own, 8, 8);
    painter.setClipping(false);
}

/// Time since the first event; the first one's own time stands at the left.
void SwimlaneView::paintAxis(QPainter &painter)
{
    using theme::Role;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRect(0, 0, viewport()->width(), AxisHeight), theme::color(Role::Raised));
    painter.setPen(theme::color(Role::Line));
    painter.drawLine(0, AxisHeight - 1, viewport()->width(), AxisHeight - 1);
    painter.drawLine(HeaderWidth - 1, 0, HeaderWidth - 1, viewport()->height());
    if (m_lanes.lanes().empty())
        return;
    painter.setPen(theme::color(Role::Muted));
    painter.drawText(QRect(8, 0, HeaderWidth - 16, AxisHeight), Qt::AlignLeft | Qt::AlignVCenter, text::localTime(m_lanes.begin()));
    const auto begin = static_cast<double>(m_lanes.begin());
    double last = -1e9;
    for (const double tick : ticks(begin, m_from, m_to, std::max(2, plotWidth() / 110))) {
        const QString words = tick < 0.5 ? QStringLiteral("0") : elapsedText(static_cast<qint64>(tick));
        const double x = xOf(begin + tick);
        const int width = fontMetrics().horizontalAdvance(words);
        painter.drawLine(QPointF(x, AxisHeight - 6), QPointF(x, AxisHeight - 2));
        if (x + 3 + width > viewport()->width() || x < last)
            continue;
        painter.drawText(QPointF(x + 3, (AxisHeight + fontMetrics().ascent() - fontMetrics().descent()) / 2.0), words);
        last = x + width + 12;
    }
}

void SwimlaneView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBar();
}

void SwimlaneView::updateBar()
{
    const int all = static_cast<int>(m_lanes.lanes().size()) * LaneHeight;
    const int room = viewport()->height() - AxisHeight;
    verticalScrollBar()->setPageStep(std::max(1, room));
    verticalScrollBar()->setSingleStep(LaneHeight);
    verticalScrollBar()->setRange(0, std::max(0, all - room));
    viewport()->update();
}

} // namespace ui::traces
