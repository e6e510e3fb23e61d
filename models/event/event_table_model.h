// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/disposal.h"
#include "models/event/event_cache.h"
#include "models/event/event_column.h"
#include "models/event/event_rows.h"
#include "models/event/event_sorting.h"
#include "models/event/plain_search.h"

#include <QAbstractTableModel>

#include <functional>

namespace models::event {

/// The events of one read as a table of raw values (words are made by the view). Rows are those of the list, or those that
/// a plain search leaves, or the same in another order. Events come in with append() and are shown together by the next
/// announce(), so that a view hears of thousands at once, 5 to 10 times a second. Lives on the GUI thread.
class EventTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        StateRole = Qt::UserRole + 1, ///< CellState as int
        SequenceRole
    };
    enum class CellState { Known, Loading, Gone };

    explicit EventTableModel(qint64 capacity = EventList::DefaultCapacity, QObject *parent = nullptr);

    /// Empties the table; bodies of what comes next are read from this connector.
    void reset(std::shared_ptr<connectors::Connector> connector);
    void append(const connectors::EventBatchPtr &batch);
    /// Very many (all of a full table, when a search ends) are shown in slices too.
    void announce();

    void setColumns(std::vector<EventColumn> columns);
    [[nodiscard]] const std::vector<EventColumn> &columns() const { return m_columns; }
    /// Words for the heads of columns; without, their keys.
    void setTitles(std::function<QString(const EventColumn &)> titleOf) { m_titleOf = std::move(titleOf); }

    /// Shows only what contains the text. The work is done in slices of a few milliseconds; searchFinished() tells the end.
    void setSearch(const QString &text);
    [[nodiscard]] bool isSearching() const { return m_isScanning; } ///< or many rows come back after one
    /// Sorts on another thread; the old order is shown until sorted(). What comes later is added at the end, and has its place
    /// within a second or two. Null: as read, at once.
    void sortBy(std::optional<EventColumn::Kind> kind, Qt::SortOrder order);
    [[nodiscard]] bool isSorting() const { return m_sorting.isRunning(); }
    /// The order that is shown; null: as read.
    [[nodiscard]] const std::optional<EventOrder> &order() const { return m_order; }
    /// Where a long sorting is shown; must outlive this.
    void setJobs(job::JobList *jobs) { m_sorting.setJobs(jobs); }
    [[nodiscard]] static bool canSortBy(EventColumn::Kind kind);

    [[nodiscard]] const EventList &list() const { return m_list; }
    [[nodiscard]] const EventRows &rows() const { return m_rows; } ///< to be copied for another thread
    [[nodiscard]] EventCache &cache() { return m_cache; }
    [[nodiscard]] qint64 dropped() const { return m_list.first(); } ///< oldest events that had to go for newer ones

    [[nodiscard]] qint64 sequenceOf(int row) const;
    /// −1 where it is not shown. Logarithmic, linear while sorted.
    [[nodiscard]] int rowOf(qint64 sequence) const;
    /// −1 where it is not in the list. Linear, by eight bytes an event.
    [[nodiscard]] qint64 find(const connectors::EventAddress &address) const;
    /// The first event at this position of the partition, or of any; −1 where none is. Likewise.
    [[nodiscard]] qint64 findPosition(std::optional<qint32> partition, qint64 position) const;

    /// The value itself, where a cell shows no more than it can; null where the event's body has to be read first.
    [[nodiscard]] std::optional<QVariant> wholeValue(qint64 sequence, const EventColumn &column) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void searchFinished();
    void sorted();
    void sortCancelled(); ///< by the user; the order is what it was

private:
    void makeRoom(qint64 count);
    void showRows(qint64 end);
    void scanSlice();
    void search();
    void addRows(const std::vector<quint32> &places);
    void showBodies(const QList<qint64> &sequences);
    void forgetOrder();
    void rowsCame();
    void sortAgain();
    void applyOrder(const EventSorting::Places &places);
    void reorder(const std::function<void()> &change);
    [[nodiscard]] QVariant value(qint64 sequence, const EventColumn &column, CellState *state) const;

    Disposal m_disposal;
    EventList m_list;
    mutable EventCache m_cache; ///< data() asks it for what the screen needs
    std::vector<EventColumn> m_columns = defaultColumns();
    std::function<QString(const EventColumn &)> m_titleOf;
    EventRows m_rows;
    qint64 m_scanned = 0; ///< events before this one are in m_rows where they belong there
    std::optional<PlainSearch> m_search;
    QTimer m_scanTimer;
    bool m_isScanning = false;
    EventSorting m_sorting;
    std::optional<EventOrder> m_order;
    int m_sortedRows = 0; ///< in m_order, from the top
    bool m_isKeptSorted = false;
    QTimer m_sortTimer;
    mutable QHash<std::pair<qint64, int>, QVariant> m_values; ///< of columns that are read again; a field may be deep in a large body
};

} // namespace models::event
