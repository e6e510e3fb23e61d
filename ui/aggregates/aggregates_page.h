// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/aggregate_view.h"
#include "models/connection/workspace.h"
#include "ui/frame/page.h"

class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class StateView;
}

namespace ui::aggregates {

class AggregateBar;
class AggregateEvents;
class StatePanel;

/// One aggregate of an event store: its events, and what it was after any of them. Reads only.
class AggregatesPage final : public frame::Page
{
    Q_OBJECT

public:
    AggregatesPage(models::connection::Workspace &workspace, models::job::JobList &jobs, models::aggregate::UpcastSource upcasts = {}, QWidget *parent = nullptr);
    ~AggregatesPage() override;

    /// The object is the aggregate's id; an address chooses the version of that event.
    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    void refresh() override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }
    void saveTo(QSettings &settings) const override;
    void restoreFrom(const QSettings &settings) override;

protected:
    void refreshWhenShown() override;

private:
    void buildCommands();
    void connectParts();
    void open(const QString &connection, const QString &id, const std::optional<connectors::EventAddress> &address);
    void openTyped();
    void updateConnections();
    void updateKnown();
    void showAll();
    void showState();
    void showNothingOpen();
    void nextStep();
    [[nodiscard]] bool isNewestShown() const;

    models::connection::Workspace &m_workspace;
    models::aggregate::AggregateView m_view;
    QString m_connection; ///< of what is open, or was asked for
    QString m_id;
    std::optional<connectors::EventAddress> m_wanted; ///< where the connection was not open yet
    QStringList m_opened; ///< ids, for completing
    AggregateBar *m_bar;
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    QSplitter *m_content;
    AggregateEvents *m_events;
    StatePanel *m_panel;
    QList<QAction *> m_commands;
};

} // namespace ui::aggregates
