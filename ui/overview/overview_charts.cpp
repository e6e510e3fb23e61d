// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/overview_charts.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QRegularExpression>

namespace ui::overview {

using models::connection::Connection;
using widgets::Chart;

OverviewCharts::OverviewCharts(models::connection::Workspace &workspace, models::history::History &history, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_history(history)
{
    m_lag.chart = new Chart(tr("Lag of the consumers that read"), Chart::Unit::Events, this);
    m_lag.chart->setObjectName(QStringLiteral("lag-chart"));
    m_lag.emptyText = tr("Nothing was watched in this time yet.");
    m_lag.chart->setEmptyText(m_lag.emptyText);
    m_deadLetters.kind = models::history::SampleKind::DeadLetters;
    m_deadLetters.chart = new Chart(tr("Dead letters"), Chart::Unit::Events, this);
    m_deadLetters.chart->setObjectName(QStringLiteral("dead-letter-chart"));
    m_deadLetters.emptyText = tr("No dead-letter queue was watched in this time.");
    m_deadLetters.chart->setEmptyText(m_deadLetters.emptyText);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Margin);
    layout->addWidget(m_lag.chart, 1);
    layout->addWidget(m_deadLetters.chart, 1);
    link(m_lag.chart, m_deadLetters.chart);
    link(m_deadLetters.chart, m_lag.chart);
    buildCommands();
}

void OverviewCharts::buildCommands()
{
    auto *whole = new QAction(theme::icon(QStringLiteral("fit")), tr("Show the whole time range in the charts"), this);
    whole->setObjectName(QStringLiteral("overview-whole-range"));
    connect(whole, &QAction::triggered, this, [this] {
        resetZoom();
        update(m_range);
    });
    m_commands = {whole};
    for (const Chart *chart : {m_lag.chart, m_deadLetters.chart})
        m_commands += chart->findChildren<QAction *>(QRegularExpression(QStringLiteral("^chart-export-")));
}

void OverviewCharts::link(Chart *from, Chart *to)
{
    connect(from, &Chart::cursorMoved, to, &Chart::setCursor);
    connect(from, &Chart::pausedChanged, to, &Chart::setPaused);
    connect(from, &Chart::zoomed, this, [this, to](connectors::EpochMs begin, connectors::EpochMs end) {
        to->zoomTo(begin, end);
        update(m_range);
    });
    connect(from, &Chart::zoomReset, this, [this, to] {
        to->resetZoom();
        update(m_range);
    });
    connect(from, &Chart::exported, this, &OverviewCharts::messageRaised);
}

void OverviewCharts::resetZoom()
{
    m_lag.chart->resetZoom();
    m_deadLetters.chart->resetZoom();
}

void OverviewCharts::update(const frame::TimeRange &range)
{
    m_range = range;
    ask(m_lag, range);
    ask(m_deadLetters, range);
}

void OverviewCharts::ask(Panel &panel, const frame::TimeRange &range)
{
    if (panel.chart->isPaused())
        return;
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    panel.chart->setTimeWindow(range.begin(now), range.end(now)); // first: it may end a zoom
    models::history::SeriesQuery query;
    query.kind = panel.kind;
    query.from = panel.chart->isZoomed() ? panel.chart->visibleFrom() : range.begin(now);
    query.to = panel.chart->isZoomed() ? panel.chart->visibleTo() : range.end(now);
    query.pixels = panel.chart->plotPixels();
    const quint64 generation = ++panel.generation;
    panel.arriving.clear();
    std::vector<QString> systems;
    int color = 0;
    for (const Connection *connection : m_workspace.connections()) {
        if (connection->identity()) {
            panel.arriving.push_back({connection->name(), color, {}});
            systems.push_back(connection->identity()->systemId);
        }
        ++color; // a connection keeps its colour while another one is not there
    }
    panel.problem.clear();
    panel.outstanding = static_cast<int>(systems.size());
    for (size_t line = 0; line < systems.size(); ++line)
        connectors::deliver(m_history.query(systems[line], query), this,
                            [this, &panel, generation, line](const connectors::Result<models::history::SeriesByName> &result) {
                                receive(panel, generation, line, result);
                            });
}

void OverviewCharts::receive(Panel &panel, quint64 generation, size_t line, const connectors::Result<models::history::SeriesByName> &result)
{
    if (generation != panel.generation)
        return;
    if (result) {
        if (const auto points = result->find(QString()); points != result->end())
            panel.arriving[line].points = points->second;
    } else {
        panel.problem = widgets::text::error(result.error());
    }
    if (--panel.outstanding > 0)
        return;
    panel.chart->setEmptyText(panel.problem.isEmpty() ? panel.emptyText : panel.problem);
    std::vector<widgets::ChartSeries> series;
    for (Line &each : panel.arriving)
        series.push_back({each.name, each.colorIndex, std::move(each.points)});
    panel.arriving.clear();
    panel.chart->setSeries(std::move(series));
}

} // namespace ui::overview
