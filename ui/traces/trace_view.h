// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/graph_scene.h"
#include "ui/traces/event_table_model.h"

#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QTableView;

namespace ui::traces {

class CausationGraphView;
class SwimlaneView;
class TypeLegend;

/// One trace, seen three ways at once: causation graph, events in time, events as a list. They share the selection.
class TraceView final : public QWidget
{
    Q_OBJECT

public:
    explicit TraceView(QWidget *parent = nullptr);
    ~TraceView() override;

    /// A selection stays with its event where the new trace has it; `isSame`: the graph also keeps its place.
    void setScene(models::trace::GraphScenePtr scene, bool isSame);
    [[nodiscard]] const models::trace::GraphScenePtr &scene() const { return m_scene; }
    /// Number in Trace::events; −1 for none.
    void setCurrentEvent(int event);
    [[nodiscard]] int currentEvent() const { return m_currentEvent; }
    [[nodiscard]] CausationGraphView *graph() const { return m_graph; }
    /// Shown at the "Export" button; its owner stays.
    void setExportMenu(QMenu *menu);

Q_SIGNALS:
    void currentEventChanged(int event);
    void eventActivated(int event);
    void menuRequested(QPoint globalPoint);

private:
    [[nodiscard]] QWidget *buildBar();
    [[nodiscard]] QWidget *buildLower();
    void connectViews();
    void choose(int event, const QObject *sender);
    void toggleGroup(qint32 firstMember, bool isExpanded);
    void rebuild(const QSet<qint32> &expanded);

    models::trace::GraphScenePtr m_scene;
    int m_currentEvent = -1;
    bool m_isChoosing = false;
    quint64 m_generation = 0; ///< of layouts made on another thread
    EventTableModel m_events;
    QLabel *m_numbers;
    QPushButton *m_export;
    CausationGraphView *m_graph;
    SwimlaneView *m_lanes;
    QTableView *m_table;
    TypeLegend *m_legend;
};

} // namespace ui::traces
