// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/type_legend.h"

#include "ui/theme/theme.h"
#include "ui/traces/event_words.h"
#include "ui/widgets/text.h"

#include <QHash>
#include <QPainter>
#include <QSet>

#include <algorithm>

namespace ui::traces {

namespace text = ui::widgets::text;

namespace {

constexpr int NameLimit = 28;
constexpr size_t TipLimit = 40;

} // namespace

TypeLegend::TypeLegend(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("type-legend"));
    setAccessibleName(tr("Colours of event types"));
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void TypeLegend::setTrace(const models::trace::Trace *trace)
{
    QHash<QString, qint64> counts;
    if (trace)
        for (const models::trace::TraceEvent &event : trace->events)
            ++counts[event.eventType];
    m_types.clear();
    for (auto type = counts.cbegin(); type != counts.cend(); ++type)
        m_types.emplace_back(type.key(), type.value());
    std::sort(m_types.begin(), m_types.end(), [](const auto &a, const auto &b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); });
    QStringList lines;
    for (size_t i = 0; i < std::min(m_types.size(), TipLimit); ++i)
        lines += tr("%1 × %2").arg(text::exact(m_types[i].second), typeText(m_types[i].first));
    if (m_types.size() > TipLimit)
        lines += tr("and %1 more types").arg(text::exact(static_cast<qint64>(m_types.size() - TipLimit)));
    QSet<QRgb> colors;
    for (const auto &[type, count] : m_types)
        colors.insert(theme::stableColor(type).rgb());
    if (colors.size() < std::ssize(m_types))
        lines += tr("Some of these share a colour: there are only eight that everybody can tell apart. The name in the node says which it is.");
    setToolTip(lines.isEmpty() ? QString() : text::toolTip(lines.join(u'\n')));
    setAccessibleDescription(lines.join(QStringLiteral(", ")));
    update();
}

QSize TypeLegend::sizeHint() const
{
    return {200, fontMetrics().height() + theme::Unit};
}

QSize TypeLegend::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

void TypeLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int reserve = fontMetrics().horizontalAdvance(tr("+%1 more").arg(99)) + theme::Spacing;
    int x = 0;
    for (size_t i = 0; i < m_types.size(); ++i) {
        const QString name = typeText(m_types[i].first, NameLimit);
        const int length = 14 + fontMetrics().horizontalAdvance(name) + 2 * theme::Spacing;
        const bool isLast = i + 1 == m_types.size();
        if (x + length + (isLast ? 0 : reserve) > width()) {
            painter.setPen(theme::color(theme::Role::Muted));
            painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, tr("+%1 more").arg(widgets::text::exact(static_cast<qint64>(m_types.size() - i))));
            return;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::stableColor(m_types[i].first));
        painter.drawEllipse(QRectF(x, height() / 2.0 - 4, 8, 8));
        painter.setPen(theme::color(theme::Role::Text));
        painter.drawText(QRect(x + 14, 0, length, height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
        x += length;
    }
}

} // namespace ui::traces
