// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_painter.h"

#include "ui/theme/theme.h"
#include "ui/traces/event_words.h"
#include "ui/traces/graph_clusters.h"
#include "ui/traces/graph_edges.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace ui::traces {

using models::trace::Edge;
using models::trace::EdgeKind;
using models::trace::GraphScene;
using models::trace::LayeredLayout;
namespace text = ui::widgets::text;

namespace {

constexpr size_t MaximumCurves = 400;    ///< edges beside the tree that are drawn at once; more cannot be told apart
constexpr qsizetype MaximumWords = 4000; ///< texts kept; a screen shows about 200

QColor mixed(const QColor &one, const QColor &other, double share)
{
    return QColor::fromRgbF(static_cast<float>(one.redF() * share + other.redF() * (1 - share)), static_cast<float>(one.greenF() * share + other.greenF() * (1 - share)),
                            static_cast<float>(one.blueF() * share + other.blueF() * (1 - share)));
}

} // namespace

void GraphPainter::setScene(const GraphScene *scene)
{
    m_scene = scene;
    m_words.clear();
    m_typeColors.assign(scene ? static_cast<size_t>(scene->count()) : 0, 0);
}

void GraphPainter::setLook(const QFont &font, double devicePixelRatio)
{
    using theme::Role;
    m_font = font;
    m_ratio = devicePixelRatio;
    m_fontScale = 0;
    m_inks = {theme::color(Role::Text), theme::color(Role::Base), theme::color(Role::Raised), theme::color(Role::Line), theme::color(Role::Muted),
              theme::color(Role::Accent), theme::color(Role::Selection), theme::color(Role::Error), theme::color(Role::Warning), {}};
    m_inks.edge = mixed(m_inks.muted, m_inks.base, 0.7);
    m_words.clear();
    m_dots.clear();
    std::fill(m_typeColors.begin(), m_typeColors.end(), 0);
    m_errorIcon = theme::icon(QStringLiteral("dead-letters"), Role::Error).pixmap(QSize(14, 14), devicePixelRatio);
    m_cycleIcon = theme::icon(QStringLiteral("refresh"), Role::Warning).pixmap(QSize(14, 14), devicePixelRatio);
}

void GraphPainter::paint(QPainter &painter, const GraphCamera &camera, const GraphFocus &focus)
{
    painter.fillRect(QRectF({0, 0}, camera.viewSize()), m_inks.base);
    if (!m_scene || m_scene->count() == 0)
        return;
    m_camera = &camera;
    m_focus = focus;
    const double fontScale = std::clamp(std::min(camera.scaleX(), camera.scaleY()), 0.86, GraphCamera::MaximumScale);
    if (std::exchange(m_fontScale, fontScale) != fontScale) {
        m_bold = m_small = m_font;
        m_bold.setBold(true);
        m_bold.setPointSizeF(m_font.pointSizeF() * fontScale);
        m_small.setPointSizeF(m_font.pointSizeF() * fontScale * 0.86);
        m_words.clear();
    }
    if (camera.detail() == Detail::Cluster) {
        paintClusters(painter);
        return;
    }
    paintTreeEdges(painter);
    paintOtherEdges(painter);
    paintItems(painter);
}

void GraphPainter::paintTreeEdges(QPainter &painter)
{
    const EdgeLines lines = treeEdgesInSight(*m_scene, *m_camera, m_focus.related);
    painter.setPen(QPen(m_inks.edge, 0));
    painter.drawLines(lines.plain.constData(), static_cast<int>(lines.plain.size()));
    painter.setPen(QPen(m_inks.edge, 1, Qt::DotLine));
    painter.drawLines(lines.dotted.constData(), static_cast<int>(lines.dotted.size()));
    painter.setPen(QPen(m_inks.accent, 2));
    painter.drawLines(lines.lit.constData(), static_cast<int>(lines.lit.size()));
    if (m_camera->detail() == Detail::Text)
        paintElapsed(painter);
}

void GraphPainter::paintElapsed(QPainter &painter)
{
    const InSight seen = inSight(*m_scene, *m_camera);
    const LayeredLayout &layout = m_scene->layout();
    const double width = (LayeredLayout::LayerPitch - LayeredLayout::NodeWidth - TrunkGap) * m_camera->scaleX() - 6;
    if (LayeredLayout::RowPitch * m_camera->scaleY() < 24)
        return;
    painter.setFont(m_small);
    const QFontMetrics metrics(m_small);
    for (int layer = std::max(1, seen.firstLayer); layer < std::min(seen.endLayer + 1, layout.layerCount()); ++layer) {
        for (const qint32 item : m_scene->itemsBetween(layer, seen.fromRow, seen.toRow)) {
            const std::optional<qint64> elapsed = m_scene->elapsedMs(item);
            if (!elapsed)
                continue;
            const QString words = elapsedText(*elapsed);
            if (metrics.horizontalAdvance(words) > width)
                continue;
            const QPointF left = m_camera->toView(QPointF(layout.rectOf(item).left(), layout.rectOf(item).center().y()));
            painter.setPen(*elapsed < 0 ? m_inks.warning : m_inks.muted);
            painter.drawText(QPointF(left.x() - 4 - metrics.horizontalAdvance(words), std::round(left.y()) - metrics.descent() - 1), words);
        }
    }
}

void GraphPainter::paintOtherEdges(QPainter &painter)
{
    const QRectF view(QPointF(0, 0), m_camera->viewSize());
    const LayeredLayout &layout = m_scene->layout();
    const auto curve = [&](const Edge &edge, bool isBack) {
        const QRectF fromBox = m_camera->toView(layout.rectOf(edge.from));
        const QRectF toBox = m_camera->toView(layout.rectOf(edge.to));
        const QPointF from(fromBox.right(), fromBox.center().y());
        const QPointF to(toBox.left(), toBox.center().y());
        const double bend = isBack ? LayeredLayout::RowPitch * m_camera->scaleY() : 0;
        const double reach = std::max(20.0, std::abs(to.x() - from.x()) / 3);
        QPainterPath path(from);
        path.cubicTo(from + QPointF(reach, bend), to + QPointF(-reach, bend), to);
        return path;
    };
    painter.setRenderHint(QPainter::Antialiasing);
    size_t drawn = 0;
    for (const Edge &edge : layout.crossEdges()) {
        const QPointF from = m_camera->toView(layout.rectOf(edge.from).center());
        const QPointF to = m_camera->toView(layout.rectOf(edge.to).center());
        if (std::max(from.x(), to.x()) < 0 || std::min(from.x(), to.x()) > view.width() || std::max(from.y(), to.y()) < 0 || std::min(from.y(), to.y()) > view.height())
            continue;
        if (++drawn > MaximumCurves)
            break;
        const bool isLit = m_focus.related && (*m_focus.related)[static_cast<size_t>(edge.from)] && (*m_focus.related)[static_cast<size_t>(edge.to)];
        painter.setPen(QPen(isLit ? m_inks.accent : m_inks.edge, isLit ? 2 : 1, edge.kind == EdgeKind::Time ? Qt::DotLine : Qt::SolidLine));
        painter.drawPath(curve(edge, false));
    }
    painter.setPen(QPen(m_inks.warning, 1.5, Qt::DashLine));
    for (size_t i = 0; i < std::min(m_scene->cutEdges().size(), MaximumCurves); ++i)
        if (const Edge &edge = m_scene->cutEdges()[i]; edge.from != edge.to)
            painter.drawPath(curve(edge, true));
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void GraphPainter::paintItems(QPainter &painter)
{
    const InSight seen = inSight(*m_scene, *m_camera);
    const Detail detail = m_camera->detail();
    for (int layer = seen.firstLayer; layer < seen.endLayer; ++layer) {
        for (const qint32 item : m_scene->itemsBetween(layer, seen.fromRow, seen.toRow)) {
            if (detail == Detail::Dot)
                paintDot(painter, item, middleOf(item));
            else
                paintBox(painter, item);
        }
    }
    if (detail == Detail::Dot)
        paintMarkedDots(painter);
}

void GraphPainter::paintBox(QPainter &painter, int item)
{
    const QRectF exact = m_camera->toView(m_scene->layout().rectOf(item));
    const QRect box(QPoint(qRound(exact.left()), qRound(exact.top())), QSize(qRound(exact.width()), qRound(exact.height())));
    const bool isPhantom = m_scene->graph().isPhantom(m_scene->view().nodeOf(item));
    const bool isCurrent = item == m_focus.current;
    const bool isRelated = m_focus.related && (*m_focus.related)[static_cast<size_t>(item)];
    const QColor type = isPhantom ? m_inks.muted : QColor::fromRgb(typeColor(item));
    if (m_camera->detail() == Detail::Box) {
        painter.fillRect(box, isPhantom ? m_inks.base : mixed(type, m_inks.base, 0.55));
        if (isPhantom || isCurrent || isRelated || m_scene->hasDeadLetter(item)) {
            painter.setPen(QPen(m_scene->hasDeadLetter(item) ? m_inks.error : isPhantom && !isCurrent ? m_inks.muted : m_inks.accent, isCurrent ? 2 : 1,
                                isPhantom ? Qt::DashLine : Qt::SolidLine));
            painter.drawRect(box.adjusted(0, 0, -1, -1));
        }
        return;
    }
    if (m_scene->view().groupOf(item)) {
        painter.setPen(QPen(m_inks.edge, 0));
        for (const int step : {6, 3}) {
            painter.fillRect(box.translated(step, step), m_inks.base);
            painter.drawRect(box.translated(step, step).adjusted(0, 0, -1, -1));
        }
    }
    painter.fillRect(box, isCurrent ? m_inks.selection : m_inks.raised);
    const bool isBad = m_scene->hasDeadLetter(item);
    const bool isStrong = isBad || isCurrent || isRelated;
    painter.setPen(QPen(isBad ? m_inks.error : isCurrent || isRelated ? m_inks.accent : isPhantom ? m_inks.muted : m_inks.edge, isStrong ? 2 : 1,
                        isPhantom ? Qt::DashLine : Qt::SolidLine));
    painter.drawRect(isStrong ? box.adjusted(1, 1, -1, -1) : box.adjusted(0, 0, -1, -1));
    if (isCurrent && isBad) { // both are to be seen
        painter.setPen(QPen(m_inks.accent, 1));
        painter.drawRect(box.adjusted(-2, -2, 1, 1));
    }
    if (!isPhantom)
        painter.fillRect(QRect(box.left(), box.top(), 4, box.height()), type);
    if (isCurrent && m_focus.hasKeyboard) {
        painter.setPen(QPen(m_inks.accent, 1, Qt::DotLine));
        painter.drawRect(box.adjusted(-4, -4, 3, 3));
    }
    paintWords(painter, item, box);
}

void GraphPainter::paintWords(QPainter &painter, int item, const QRectF &box)
{
    const double marks = paintMarks(painter, item, box);
    const bool isPhantom = m_scene->graph().isPhantom(m_scene->view().nodeOf(item));
    const Words &both = words(item, static_cast<int>(box.width() - 16 - marks));
    painter.setFont(m_bold);
    painter.setPen(isPhantom ? m_inks.muted : m_inks.text);
    const QRectF inner = box.adjusted(10, 0, -6 - marks, 0);
    const QFontMetrics bold(m_bold);
    const QFontMetrics small(m_small);
    const bool hasTwoLines = box.height() >= bold.height() + small.height();
    if (!hasTwoLines) {
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, both.first);
        return;
    }
    const double top = box.top() + (box.height() - bold.height() - small.height()) / 2;
    painter.drawText(QPointF(inner.left(), top + bold.ascent()), both.first);
    painter.setFont(m_small);
    painter.setPen(m_inks.muted);
    painter.drawText(QPointF(inner.left(), top + bold.height() + small.ascent()), both.second);
}

/// At the right: dead letter, cycle, copies. The width that they take.
double GraphPainter::paintMarks(QPainter &painter, int item, const QRectF &box)
{
    const int node = m_scene->view().nodeOf(item);
    double taken = 0;
    const auto put = [&](const QPixmap &icon) {
        taken += 16;
        painter.drawPixmap(QPointF(box.right() - 4 - taken, box.top() + std::min(6.0, (box.height() - 14) / 2)), icon);
    };
    if (m_scene->hasDeadLetter(item))
        put(m_errorIcon);
    if (m_scene->hasCycle(item))
        put(m_cycleIcon);
    if (const int copies = m_scene->graph().copiesOf(node); copies > 1) {
        const QString words = QStringLiteral("×%1").arg(copies);
        painter.setFont(m_small);
        painter.setPen(m_inks.warning);
        taken += QFontMetrics(m_small).horizontalAdvance(words) + 4;
        painter.drawText(QRectF(box.right() - 4 - taken, box.top(), taken, std::min(box.height(), 26.0)), Qt::AlignLeft | Qt::AlignVCenter, words);
    }
    return taken;
}

const GraphPainter::Words &GraphPainter::words(int item, int width)
{
    const auto found = m_words.constFind(item);
    if (found != m_words.cend() && found->width == width)
        return *found;
    if (m_words.size() > MaximumWords)
        m_words.clear();
    const auto [first, second] = wordsOf(*m_scene, item);
    const Words cut{QFontMetrics(m_bold).elidedText(first, Qt::ElideRight, width), QFontMetrics(m_small).elidedText(second, Qt::ElideMiddle, width), width};
    return *m_words.insert(item, cut);
}

void GraphPainter::paintDot(QPainter &painter, int item, QPointF center)
{
    const QRgb color = m_scene->graph().isPhantom(m_scene->view().nodeOf(item)) ? m_inks.muted.rgb() : typeColor(item);
    const bool isGroup = m_scene->view().groupOf(item) != nullptr;
    const double room = std::min(LayeredLayout::RowPitch * m_camera->scaleY(), LayeredLayout::LayerPitch * m_camera->scaleX());
    const int size = m_camera->detail() == Detail::Dot ? std::clamp(static_cast<int>(room * 0.75), 3, 7) : 5;
    QPixmap &dot = m_dots[color ^ static_cast<QRgb>(size << 24)];
    if (dot.isNull()) {
        dot = QPixmap(QSize(size, size) * m_ratio);
        dot.setDevicePixelRatio(m_ratio);
        dot.fill(Qt::transparent);
        QPainter round(&dot);
        round.setRenderHint(QPainter::Antialiasing);
        round.setPen(Qt::NoPen);
        round.setBrush(QColor::fromRgb(color));
        round.drawEllipse(QRectF(0, 0, size, size));
    }
    const QPoint at(qRound(center.x() - size / 2.0), qRound(center.y() - size / 2.0));
    painter.drawPixmap(at, dot);
    const bool isRelated = m_focus.related && (*m_focus.related)[static_cast<size_t>(item)];
    if (!isGroup && !isRelated && item != m_focus.current)
        return;
    painter.setPen(QPen(isRelated || item == m_focus.current ? m_inks.accent : QColor::fromRgb(color), item == m_focus.current ? 2 : 1));
    painter.drawRect(QRect(at, QSize(size, size)).adjusted(-2, -2, 1, 1));
}

void GraphPainter::paintClusters(QPainter &painter)
{
    const std::vector<GraphCluster> clusters = clustersInSight(*m_scene, *m_camera);
    QVarLengthArray<QLineF, 512> links;
    for (const GraphCluster &cluster : clusters)
        if (cluster.cause >= 0)
            links.append(QLineF(clusters[static_cast<size_t>(cluster.cause)].center, cluster.center));
    painter.setPen(QPen(mixed(m_inks.muted, m_inks.base, 0.4), 0));
    painter.drawLines(links.constData(), static_cast<int>(links.size()));
    for (const GraphCluster &cluster : clusters) {
        if (cluster.items == 1 && cluster.events <= 1 && !cluster.isMarked)
            paintDot(painter, cluster.firstItem, cluster.center);
        else
            paintCluster(painter, cluster);
    }
    if (m_focus.current < 0)
        return;
    const auto distance = [middle = middleOf(m_focus.current)](const GraphCluster &cluster) { return (cluster.center - middle).manhattanLength(); };
    const auto own = std::min_element(clusters.cbegin(), clusters.cend(), [&](const auto &a, const auto &b) { return distance(a) < distance(b); });
    if (own == clusters.cend() || distance(*own) > 60)
        return;
    painter.setPen(QPen(m_inks.accent, 2));
    painter.drawRect(QRectF(own->center - QPointF(25, 11), QSizeF(50, 22)));
}

void GraphPainter::paintCluster(QPainter &painter, const GraphCluster &cluster)
{
    painter.setFont(m_small);
    const QFontMetrics metrics(m_small);
    const QString words = text::number(cluster.events);
    const int width = metrics.horizontalAdvance(words) + 12;
    const QRect pill(QPoint(qRound(cluster.center.x()) - width / 2, qRound(cluster.center.y()) - 9), QSize(width, 18));
    const QColor type = QColor::fromRgb(typeColor(cluster.firstItem));
    painter.fillRect(pill, m_inks.raised);
    painter.setPen(cluster.isMarked ? QPen(m_inks.error, 2) : QPen(type, 0));
    painter.drawRect(pill.adjusted(0, 0, -1, -1));
    painter.fillRect(QRect(pill.left(), pill.top(), 3, pill.height()), type);
    painter.setPen(m_inks.text);
    painter.drawText(QPoint(pill.left() + 7, pill.top() + (18 + metrics.ascent() - metrics.descent()) / 2), words);
}

/// However small the graph is drawn, what is wrong in it stays in sight.
void GraphPainter::paintMarkedDots(QPainter &painter)
{
    painter.setBrush(Qt::NoBrush);
    for (size_t i = 0; i < std::min<size_t>(m_scene->marked().size(), 2000); ++i) {
        const int item = m_scene->marked()[i];
        painter.setPen(QPen(m_scene->hasDeadLetter(item) ? m_inks.error : m_inks.warning, 2));
        painter.drawRect(QRectF(middleOf(item) - QPointF(4, 4), QSizeF(8, 8)));
    }
}

QPointF GraphPainter::middleOf(int item) const
{
    return m_camera->toView(m_scene->layout().rectOf(item).center());
}

QRgb GraphPainter::typeColor(int item)
{
    QRgb &color = m_typeColors[static_cast<size_t>(item)];
    if (color == 0) {
        const int event = m_scene->eventOf(item);
        color = event < 0 ? m_inks.muted.rgb() : theme::stableColor(m_scene->trace().events[static_cast<size_t>(event)].eventType).rgb();
    }
    return color;
}

} // namespace ui::traces
