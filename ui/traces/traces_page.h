// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_finder.h"
#include "ui/frame/page.h"
#include "ui/traces/flow_list_model.h"

class QListView;
class QSplitter;
class QStackedWidget;

namespace ui::event {
class EventPanel;
enum class CompareWith;
}

namespace ui::widgets {
class StateView;
}

namespace ui::traces {

class SearchBar;
class TraceExporter;
class TraceView;

/// Type anything that is known, and see its flow over all open connections. Reads only.
class TracesPage final : public frame::Page
{
    Q_OBJECT

public:
    TracesPage(models::connection::Workspace &workspace, models::job::JobList &jobs, QWidget *parent = nullptr);
    ~TracesPage() override;

    /// The object is searched for; an address is looked up for its flow.
    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    void refresh() override;
    void setTimeRange(const frame::TimeRange &range) override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }

protected:
    void refreshWhenShown() override;
    void hideEvent(QHideEvent *event) override;

private:
    enum class Reach { InRange, Everywhere };

    [[nodiscard]] QWidget *buildFlows();
    void buildCommands();
    void connectParts();
    void search(models::trace::TraceRequest request, Reach reach);
    void searchFurther();
    void showFound();
    void chooseAsked();
    void showNotice();
    void showState();
    void showNothingFound(const models::trace::Trace &trace);
    void showProgress();
    void lookForRecentFlows();
    void lookUnasked();
    void watchConnections();
    void showRecentFlows(const std::vector<models::trace::FlowSummary> &flows);
    void openFlow(const QModelIndex &index);
    void openEvent(int event);
    void buildPanel();
    void currentEventChanged(int event);
    [[nodiscard]] std::optional<connectors::EventAddress> findPrevious(event::CompareWith with) const;
    [[nodiscard]] bool mayReadAtOnce() const;
    [[nodiscard]] bool wasInRange() const; ///< the last search
    [[nodiscard]] QString searchedRange() const; ///< by the last search; empty: all times

    models::connection::Workspace &m_workspace;
    models::trace::TraceFinder m_finder;
    FlowListModel m_flows;
    QList<QAction *> m_commands;
    models::trace::TraceRequest m_asked; ///< without a time range; the place
    Reach m_reach = Reach::InRange;
    bool m_isRangeNew = false;
    bool m_hasShownPart = false;
    bool m_isLookingUnasked = false;
    SearchBar *m_bar;
    QListView *m_list = nullptr;
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    TraceView *m_view;
    QSplitter *m_content;
    event::EventPanel *m_panel;
    TraceExporter *m_exporter;
};

} // namespace ui::traces
