// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/deadletter/group_table_model.h"
#include "models/deadletter/letter_feed.h"
#include "models/deadletter/letter_table_model.h"
#include "models/deadletter/queue_table_model.h"
#include "ui/frame/page.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;

namespace ui::event {
class EventPanel;
enum class CompareWith;
}

namespace ui::widgets {
class Chart;
class StateView;
}

namespace ui::deadletters {

class LetterDetails;

/// What died, where and why: queues of all connections, depth and arrivals over time, groups by cause, the letters.
/// Read only.
class DeadLettersPage final : public ui::frame::Page
{
    Q_OBJECT

public:
    explicit DeadLettersPage(models::connection::Workspace &workspace, QWidget *parent = nullptr);

    void goTo(const ui::frame::Place &place) override;
    [[nodiscard]] ui::frame::Place place() const override;
    void refresh() override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }
    void setTimeRange(const ui::frame::TimeRange &range) override;

protected:
    void refreshWhenShown() override;
    void hideEvent(QHideEvent *event) override;

private:
    [[nodiscard]] QWidget *buildQueues();
    [[nodiscard]] QWidget *buildLetters();
    [[nodiscard]] QWidget *buildLetter();
    void connectParts();
    void buildCommands();
    void updateCommands();
    /// Null where none is chosen.
    [[nodiscard]] const connectors::DeadLetter *currentLetter() const;
    void showTrace(const QString &correlationOrEventId, const connectors::EventAddress &address);
    void showLetter(int row);
    [[nodiscard]] std::optional<connectors::EventAddress> findPrevious(event::CompareWith with) const;
    void queuesReplaced();
    void selectQueue(int row);
    void loadSelectedQueue();
    void showLoaded();
    void showGroup(int row);
    void showChart();
    void showState();
    void openAddress(const connectors::EventAddress &address);

    models::connection::Workspace &m_workspace;
    models::deadletter::QueueTableModel m_queues;
    models::deadletter::LetterFeed m_feed;
    models::deadletter::GroupTableModel m_groups;
    models::deadletter::LetterTableModel m_letters;
    ui::frame::Place m_wanted; ///< asked for before its queue was known
    QString m_connection;
    QString m_queue;
    std::optional<qint64> m_loadedDepth;
    QStackedWidget *m_stack;
    ui::widgets::StateView *m_state;
    QTableView *m_queueTable = nullptr;
    QTableView *m_groupTable = nullptr;
    QTableView *m_letterTable = nullptr;
    QComboBox *m_grouping = nullptr;
    QLabel *m_summary = nullptr;
    ui::widgets::Chart *m_chart = nullptr;
    LetterDetails *m_details = nullptr;
    ui::event::EventPanel *m_panel = nullptr;
    QList<QAction *> m_commands;
    QAction *m_openLetter = nullptr;
    QAction *m_openOriginal = nullptr;
    QAction *m_showTrace = nullptr;
    QAction *m_copyLetter = nullptr;
    QTimer m_chartTimer;
};

} // namespace ui::deadletters
