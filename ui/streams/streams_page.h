// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/event/condition_checker.h"
#include "models/event/event_export.h"
#include "models/event/event_feed.h"
#include "ui/frame/page.h"
#include "ui/streams/jump_target.h"
#include "ui/streams/read_words.h"

#include <stop_token>

class QLabel;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace ui::event {
class EventPanel;
enum class CompareWith;
}

namespace ui::widgets {
class Notice;
class StateView;
}

namespace ui::streams {

class EventTable;
class FilterBar;
class HistogramView;
class RangeBar;
class StreamList;

/// Browse a stream: choose it at the left, read a range of it, filter, tail it, and read one event in the panel.
class StreamsPage final : public ui::frame::Page
{
    Q_OBJECT

public:
    StreamsPage(models::connection::Workspace &workspace, models::job::JobList &jobs, QWidget *parent = nullptr);
    ~StreamsPage() override;

    /// Says whether a filter can be used while it is typed. Without, only the read itself refuses one.
    void setConditionChecker(std::shared_ptr<const models::event::ConditionChecker> checker);

    void goTo(const ui::frame::Place &place) override;
    [[nodiscard]] ui::frame::Place place() const override;
    void refresh() override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }
    void saveTo(QSettings &settings) const override;
    void restoreFrom(const QSettings &settings) override;

    /// What the file dialog ends in: all that is shown, or only the selected rows; the format by the file's ending.
    void exportTo(const QString &path, bool isSelectionOnly);
    void setPanelBelow(bool isBelow);

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    // what there is
    void buildParts();
    void buildLayout();
    void buildCommands();
    void connectParts();
    void connectEvents();
    QAction *addCommand(const QString &name, const QString &text, const QString &icon, const QKeySequence &shortcut);
    void fillMenu();
    void follow(models::connection::Connection *connection);
    void forget(models::connection::Connection *connection);
    void watch(bool isWatching);
    // what is read
    void chooseFirst();
    void choose(const QString &connection, const QString &stream);
    [[nodiscard]] models::connection::Connection *connection() const;
    [[nodiscard]] KnownStreams knownStreams() const;
    [[nodiscard]] QString sourceWords() const; ///< what is read
    [[nodiscard]] connectors::Result<connectors::ReadRequest> makeRequest() const;
    void read();
    void readWholeStream();
    void tail(bool isWanted);
    [[nodiscard]] connectors::ReadRequest requestAround(qint64 position, std::optional<int> partition);
    void readAround(const connectors::EventAddress &address);
    // where is gone to
    void jump(const QString &text);
    [[nodiscard]] bool selectAtHand(const JumpTarget &target);
    void askWhere(const JumpTarget &target, const QString &written);
    void readAt(const JumpTarget &target, const QString &written);
    void readAroundTime(const std::vector<connectors::TimePosition> &positions, const QString &written);
    void readFrom(const QString &written);
    void selectNearest(const JumpTarget &target);
    void start(const connectors::ReadRequest &request);
    void togglePause();
    void feedFinished();
    void showRefusal(const connectors::Error &error);
    void showReadError(const connectors::Error &error);
    // what is shown
    void updateState();
    void updateStatus();
    void updatePlan();
    void showCurrentEvent();
    [[nodiscard]] std::optional<connectors::EventAddress> findPrevious(const models::event::CachedEvent &event, event::CompareWith with) const;
    void applySearch();
    void openMenu(const QModelIndex &index, const QPoint &globalPosition);
    void filterBy(const models::event::EventColumn &column, const QVariant &value, bool isEqual);
    void showColumn(const models::event::EventColumn &column);
    void arrangeColumns();
    [[nodiscard]] std::vector<models::event::EventColumn> columnsOfOne() const;
    void setColumnShown(const models::event::EventColumn &column, bool isShown);
    void showTrace(const QString &id, const connectors::EventAddress &address);
    void showAggregate(const QString &id, const connectors::EventAddress &address);
    void copySelected();
    void openMenuOf(qint64 sequence, const models::event::EventColumn &column, const QPoint &globalPosition);
    void chooseExportFile(bool isSelectionOnly);
    [[nodiscard]] QStringList seenValues(const QString &filterName) const;

    models::connection::Workspace &m_workspace;
    models::job::JobList &m_jobs;
    models::event::EventTableModel m_model;
    models::event::EventFeed m_feed;
    QString m_connection;
    QString m_stream; ///< empty: all of the connection
    ui::frame::Place m_wanted; ///< asked for before its connection was open
    std::optional<connectors::EventAddress> m_wantedEvent; ///< to be selected once it was read
    std::optional<JumpTarget> m_wantedJump; ///< likewise
    std::stop_source m_jumpStop; ///< of the newest question where a place is
    std::vector<models::event::EventColumn> m_columnsBefore; ///< of one stream, while all are shown with the stream in front
    std::vector<models::event::EventColumn> m_columnsOfAll;  ///< as they were made of those; the user may have changed them since
    struct WantedMenu {
        qint64 sequence = 0;
        models::event::EventColumn column;
        QPoint at;
    };
    std::optional<WantedMenu> m_wantedMenu; ///< once the event's body is at hand
    std::optional<qint64> m_expected;
    std::shared_ptr<const models::event::ConditionChecker> m_checker;
    bool m_isLimitLifted = false;
    bool m_isSearchInBodies = false; ///< the read itself looks for the plain text

    StreamList *m_streams = nullptr;
    RangeBar *m_range = nullptr;
    ui::widgets::Notice *m_jumpNotice = nullptr;
    QToolButton *m_goOnBehind = nullptr;
    FilterBar *m_filter = nullptr;
    HistogramView *m_histogram = nullptr;
    EventTable *m_table = nullptr;
    ui::event::EventPanel *m_panel = nullptr;
    ui::widgets::StateView *m_state = nullptr;  ///< instead of the table
    ui::widgets::StateView *m_nothing = nullptr; ///< instead of everything
    QLabel *m_status = nullptr;
    QToolButton *m_cancel = nullptr;
    QStackedWidget *m_stack = nullptr;
    QStackedWidget *m_tableStack = nullptr;
    QSplitter *m_outer = nullptr;
    QSplitter *m_inner = nullptr;
    QList<QAction *> m_commands;
    QTimer m_gate; ///< polls of several connections together
};

} // namespace ui::streams
