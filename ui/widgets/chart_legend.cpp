// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_legend.h"

#include "ui/theme/theme.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/text.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace ui::widgets {

namespace {

/// Filled for a line that is shown, hollow for one that is not.
QIcon legendIcon(const QColor &color)
{
    constexpr int Size = 12;
    QPixmap filled(Size, Size);
    filled.fill(color);
    QPixmap hollow(Size, Size);
    hollow.fill(Qt::transparent);
    QPainter painter(&hollow);
    painter.setPen(color);
    painter.drawRect(0, 0, Size - 1, Size - 1);
    painter.end();
    QIcon icon(hollow);
    icon.addPixmap(filled, QIcon::Normal, QIcon::On);
    return icon;
}

} // namespace

ChartLegend::ChartLegend(QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(theme::Unit);
}

void ChartLegend::setSeries(const std::vector<ChartSeries> &series)
{
    QStringList names;
    for (const ChartSeries &each : series)
        names += each.name;
    if (names != m_names)
        recolor(series);
}

void ChartLegend::recolor(const std::vector<ChartSeries> &series)
{
    m_names.clear();
    qDeleteAll(findChildren<QToolButton *>());
    while (QLayoutItem *item = m_row->takeAt(0))
        delete item;
    for (const ChartSeries &each : series)
        add(each);
    m_row->addStretch();
}

void ChartLegend::add(const ChartSeries &series)
{
    m_names += series.name;
    auto *entry = new QToolButton(this);
    const QString shown = text::untrusted(series.name, 40);
    entry->setObjectName(QStringLiteral("legend-") + series.name.left(60));
    entry->setAccessibleName(tr("Show the line %1").arg(shown));
    entry->setText(QString(shown).replace(u'&', QStringLiteral("&&")));
    entry->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    entry->setAutoRaise(true);
    entry->setCheckable(true);
    entry->setChecked(isShown(series.name));
    entry->setIcon(legendIcon(theme::seriesColor(series.colorIndex)));
    entry->setToolTip(tr("Show or hide this line"));
    connect(entry, &QToolButton::toggled, this, [this, name = series.name](bool isShown) {
        m_hidden.removeAll(name);
        if (!isShown)
            m_hidden.append(name);
        Q_EMIT shownChanged();
    });
    m_row->addWidget(entry);
}

} // namespace ui::widgets
