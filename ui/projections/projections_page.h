// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_session.h"
#include "ui/frame/page.h"

#include <QTimer>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace ui::widgets {
class PlainTable;
class StateView;
}

namespace ui::projections {

class DifferenceView;
class ProjectionTableModel;
class RowView;
class StepPanel;

/// The read models: how far each is; rebuild one beside the live tables, look at the difference, swap, swap back.
class ProjectionsPage final : public frame::Page
{
    Q_OBJECT

public:
    ProjectionsPage(models::connection::Workspace &workspace, models::projection::ProjectionSession &session, QWidget *parent = nullptr);

    /// The place's object is a projection's name.
    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    void refresh() override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }
    [[nodiscard]] std::optional<connectors::Environment> targetEnvironment() const override;
    void saveTo(QSettings &settings) const override;
    void restoreFrom(const QSettings &settings) override;

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildLayout();
    void buildCommands();
    void connectParts();
    void update();
    void select(models::projection::Projection *projection);
    void openAddDialog();
    void removeSelected();
    void addRemembered(const QString &path, const QString &source, const QString &target);
    [[nodiscard]] models::projection::Projection *selected() const;

    models::connection::Workspace &m_workspace;
    models::projection::ProjectionSession &m_session;
    ProjectionTableModel *m_model;
    QLabel *m_count;
    QPushButton *m_add;
    QPushButton *m_remove;
    widgets::PlainTable *m_table;
    StepPanel *m_step;
    DifferenceView *m_differences;
    RowView *m_rows;
    QTabWidget *m_tabs;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    QList<QAction *> m_commands;
    QString m_wanted; ///< the name to be selected when it is there
    QTimer m_timer;
};

} // namespace ui::projections
