// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "ui/frame/time_range.h"

#include <QWidget>

class QAction;

namespace ui::widgets {
class Chart;
}

namespace ui::overview {

/// Total lag and dead-letter depth of every open connection, two charts linked in time: one cursor, one zoom.
class OverviewCharts final : public QWidget
{
    Q_OBJECT

public:
    OverviewCharts(models::connection::Workspace &workspace, models::history::History &history, QWidget *parent = nullptr);
    void update(const frame::TimeRange &range);
    void resetZoom();
    /// For the page's menu: what the buttons of the charts do.
    [[nodiscard]] const QList<QAction *> &commands() const { return m_commands; }

Q_SIGNALS:
    void messageRaised(const QString &message);

private:
    struct Line {
        QString name;
        int colorIndex = 0;
        std::vector<models::history::SeriesPoint> points;
    };
    struct Panel {
        widgets::Chart *chart = nullptr;
        models::history::SampleKind kind = models::history::SampleKind::Consumer;
        std::vector<Line> arriving;
        QString emptyText;
        QString problem; ///< of the newest question
        int outstanding = 0;
        quint64 generation = 0;
    };

    void buildCommands();
    void link(widgets::Chart *from, widgets::Chart *to);
    void ask(Panel &panel, const frame::TimeRange &range);
    void receive(Panel &panel, quint64 generation, size_t line, const connectors::Result<models::history::SeriesByName> &result);

    models::connection::Workspace &m_workspace;
    models::history::History &m_history;
    Panel m_lag;
    Panel m_deadLetters;
    frame::TimeRange m_range;
    QList<QAction *> m_commands;
};

} // namespace ui::overview
