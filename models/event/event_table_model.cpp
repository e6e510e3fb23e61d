// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_table_model.h"

#include <QElapsedTimer>

#include <algorithm>

namespace models::event {

using connectors::EventAddress;
using connectors::EventBatchPtr;

namespace {

constexpr qint64 ScanSliceMs = 8; ///< of the GUI thread at a time
constexpr qint64 EventsBetweenClocks = 4096;
constexpr qint64 RowsAtOnce = 1'000'000; ///< a view takes some 10 ms for as many
constexpr qsizetype MaximumValues = 20'000;
constexpr qsizetype CellLength = 4096; ///< far more than a cell shows; a key, header or field may be megabytes
constexpr int SortAgainMs = 1000;          ///< how often at most rows that came are sorted in
constexpr qsizetype FewIndexes = 8;        ///< up to so many are looked for one by one

/// With a mark where it is cut: it must not be taken for the value.
QVariant cellOf(const QVariant &value)
{
    const bool isText = value.typeId() == QMetaType::QString;
    return isText && value.toString().size() > CellLength ? QVariant(value.toString().left(CellLength) + u'…') : value;
}

} // namespace

EventTableModel::EventTableModel(qint64 capacity, QObject *parent)
    : QAbstractTableModel(parent)
    , m_list(capacity)
{
    connect(&m_scanTimer, &QTimer::timeout, this, &EventTableModel::scanSlice);
    connect(&m_cache, &EventCache::received, this, &EventTableModel::showBodies);
    m_sortTimer.setSingleShot(true);
    m_sortTimer.setInterval(SortAgainMs);
    connect(&m_sortTimer, &QTimer::timeout, this, &EventTableModel::sortAgain);
    connect(&m_sorting, &EventSorting::finished, this, &EventTableModel::applyOrder);
    connect(&m_sorting, &EventSorting::cancelled, this, [this] {
        m_isKeptSorted = false;
        Q_EMIT sortCancelled();
    });
}

void EventTableModel::reset(std::shared_ptr<connectors::Connector> connector)
{
    beginResetModel();
    forgetOrder();
    m_isScanning = false;
    m_scanTimer.stop();
    m_disposal.take(std::exchange(m_list, EventList(m_list.capacity())));
    m_cache.reset(std::move(connector));
    m_values.clear();
    m_scanned = 0;
    m_search ? m_rows.beginSelection(0) : m_rows.showAll(0);
    if (m_search)
        m_search.emplace(m_list, m_search->text());
    endResetModel();
}

void EventTableModel::append(const EventBatchPtr &batch)
{
    makeRoom(batch->count());
    m_cache.keepRead(m_list.end(), batch);
    m_list.append(*batch, 0, batch->count());
}

void EventTableModel::makeRoom(qint64 count)
{
    const qint64 surplus = m_list.surplusWith(count);
    if (surplus == 0)
        return;
    if (!m_search)
        showRows(m_list.end());
    // Places change under a sorting that is under way, and in another order the oldest are not at the top: they are put back
    // into the order of reading first.
    if (m_order || m_sorting.isRunning())
        sortBy(std::nullopt, Qt::AscendingOrder);
    const int rows = m_rows.countBefore(m_list.first() + surplus);
    if (rows > 0)
        beginRemoveRows({}, 0, rows - 1);
    m_rows.removeFirst(rows);
    m_list.dropOldest(surplus);
    m_scanned = std::max(m_scanned, m_list.first());
    if (rows > 0)
        endRemoveRows();
}

void EventTableModel::announce()
{
    if (m_isScanning || m_scanned >= m_list.end())
        return;
    if (!m_search && m_list.end() - m_scanned <= RowsAtOnce)
        return showRows(m_list.end());
    m_isScanning = true;
    m_scanTimer.start(0);
}

/// Of the events before `end`, while there is no search.
void EventTableModel::showRows(qint64 end)
{
    const qint64 count = end - m_scanned;
    if (count <= 0)
        return;
    beginInsertRows({}, m_rows.count(), m_rows.count() + static_cast<int>(count) - 1);
    if (m_rows.isAll()) {
        m_rows.grow(static_cast<int>(count));
    } else {
        std::vector<quint32> places;
        for (qint64 sequence = m_scanned; sequence < end; ++sequence)
            places.push_back(static_cast<quint32>(sequence - m_rows.first()));
        m_rows.add(places);
    }
    m_scanned = end;
    endInsertRows();
    rowsCame();
}

void EventTableModel::setColumns(std::vector<EventColumn> columns)
{
    beginResetModel();
    m_columns = std::move(columns);
    m_values.clear();
    endResetModel();
}

void EventTableModel::setSearch(const QString &text)
{
    PlainSearch search(m_list, text);
    if (search.isEmpty() && !m_search)
        return;
    beginResetModel();
    forgetOrder();
    m_scanned = m_list.first();
    m_isScanning = false;
    m_scanTimer.stop();
    if (search.isEmpty()) {
        m_search.reset();
        m_rows.showAll(m_list.first());
    } else {
        m_search.emplace(std::move(search));
        m_rows.beginSelection(m_list.first());
    }
    endResetModel();
    announce();
    if (!m_isScanning)
        Q_EMIT searchFinished();
}

void EventTableModel::scanSlice()
{
    if (m_search)
        search();
    else
        showRows(std::min(m_list.end(), m_scanned + RowsAtOnce));
    if (m_scanned < m_list.end())
        return;
    m_scanTimer.stop();
    m_isScanning = false;
    Q_EMIT searchFinished();
}

void EventTableModel::search()
{
    QElapsedTimer clock;
    clock.start();
    std::vector<quint32> found;
    while (m_scanned < m_list.end() && clock.elapsed() < ScanSliceMs) {
        const qint64 end = std::min(m_list.end(), m_scanned + EventsBetweenClocks);
        for (; m_scanned < end; ++m_scanned)
            if (m_search->matches(m_list.entry(m_scanned)))
                found.push_back(static_cast<quint32>(m_scanned - m_rows.first()));
    }
    addRows(found);
}

void EventTableModel::addRows(const std::vector<quint32> &places)
{
    if (places.empty())
        return;
    beginInsertRows({}, m_rows.count(), m_rows.count() + static_cast<int>(places.size()) - 1);
    m_rows.add(places);
    endInsertRows();
    rowsCame();
}

bool EventTableModel::canSortBy(EventColumn::Kind kind)
{
    return EventColumn{kind, {}}.isResident() && kind != EventColumn::Kind::EventId;
}

void EventTableModel::sortBy(std::optional<EventColumn::Kind> kind, Qt::SortOrder order)
{
    if (kind) {
        m_isKeptSorted = true;
        m_sortTimer.stop();
        return m_sorting.start(m_list, m_rows, {*kind, order});
    }
    forgetOrder();
    reorder([this] { m_rows.unsort(m_search.has_value()); });
}

void EventTableModel::forgetOrder()
{
    m_sorting.stop();
    m_sortTimer.stop();
    m_order.reset();
    m_isKeptSorted = false;
}

/// What came stays behind the sorted rows until it is sorted in with the next that comes, so that rows move once a second at most.
void EventTableModel::rowsCame()
{
    if (m_isKeptSorted && m_order && !m_sortTimer.isActive())
        m_sortTimer.start();
}

void EventTableModel::sortAgain()
{
    if (m_order && !m_sorting.isRunning() && m_sortedRows < m_rows.count())
        m_sorting.start(m_list, m_rows, *m_order);
}

void EventTableModel::applyOrder(const EventSorting::Places &places)
{
    // Since the sorting began, rows came at the end and none went: whatever else changes them also stops it.
    m_sortedRows = static_cast<int>(places->size());
    for (int row = m_sortedRows; row < m_rows.count(); ++row)
        places->push_back(m_rows.place(row));
    m_order = m_sorting.order();
    reorder([this, &places] { m_rows.reorder(std::move(*places)); });
    if (m_sortedRows < m_rows.count())
        rowsCame();
}

void EventTableModel::reorder(const std::function<void()> &change)
{
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<qint64> sequences;
    sequences.reserve(static_cast<size_t>(before.size()));
    for (const QModelIndex &index : before)
        sequences.push_back(sequenceOf(index.row()));
    change();
    const std::vector<int> rows = m_rows.isSorted() && before.size() > FewIndexes ? m_rows.rowsByPlace() : std::vector<int>();
    QModelIndexList after;
    after.reserve(before.size());
    for (qsizetype i = 0; i < before.size(); ++i) {
        const qint64 sequence = sequences[static_cast<size_t>(i)];
        const int row = rows.empty() ? m_rows.rowOf(sequence) : rows[static_cast<size_t>(sequence - m_rows.first())];
        after += index(row, before[i].column());
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
    Q_EMIT sorted();
}

qint64 EventTableModel::sequenceOf(int row) const
{
    return row >= 0 && row < m_rows.count() ? m_rows.sequence(row) : -1;
}

int EventTableModel::rowOf(qint64 sequence) const
{
    return m_rows.rowOf(sequence);
}

qint64 EventTableModel::find(const EventAddress &address) const
{
    qint64 found = m_list.findPosition(m_list.first(), address.position);
    while (found >= 0 && m_list.address(found) != address)
        found = m_list.findPosition(found + 1, address.position);
    return found;
}

qint64 EventTableModel::findPosition(std::optional<qint32> partition, qint64 position) const
{
    qint64 found = m_list.findPosition(m_list.first(), position);
    while (found >= 0 && partition && m_list.entry(found).partition != *partition)
        found = m_list.findPosition(found + 1, position);
    return found;
}

int EventTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows.count();
}

int EventTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant EventTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const qint64 sequence = sequenceOf(index.row());
    if (role == SequenceRole)
        return sequence;
    if (role != Qt::DisplayRole && role != StateRole)
        return {};
    CellState state = CellState::Known;
    const QVariant found = value(sequence, m_columns[static_cast<size_t>(index.column())], &state);
    return role == StateRole ? QVariant(static_cast<int>(state)) : found;
}

QVariant EventTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const EventColumn &column = m_columns[static_cast<size_t>(section)];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((column.isNumber() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return m_titleOf ? m_titleOf(column) : column.key();
}

std::optional<QVariant> EventTableModel::wholeValue(qint64 sequence, const EventColumn &column) const
{
    const EventEntry entry = m_list.entry(sequence);
    if (column.isResident() && isKept(entry, column.kind))
        return valueOf(m_list, entry, column);
    const auto cached = m_cache.find(sequence);
    return cached && isKnown(*cached->batch, cached->row, column) ? std::optional(valueOf(*cached->batch, cached->row, column)) : std::nullopt;
}

QVariant EventTableModel::value(qint64 sequence, const EventColumn &column, CellState *state) const
{
    const EventEntry entry = m_list.entry(sequence);
    if (column.isResident() && isKept(entry, column.kind))
        return valueOf(m_list, entry, column);
    const auto columnNumber = static_cast<int>(std::find(m_columns.cbegin(), m_columns.cend(), column) - m_columns.cbegin());
    const std::pair<qint64, int> place(sequence, columnNumber);
    if (const auto known = m_values.constFind(place); known != m_values.cend())
        return *known;
    const qint64 size = entry.size == connectors::Slice::NullLength ? 0 : entry.size;
    if (const auto cached = m_cache.find(sequence)) {
        if (!isKnown(*cached->batch, cached->row, column)) {
            if (m_cache.isPaged(sequence))
                return QStringLiteral("…");
            *state = CellState::Loading;
            m_cache.request(sequence, m_list.address(sequence), size, connectors::PageBytes);
            return {};
        }
        if (m_values.size() > MaximumValues)
            m_values.clear();
        return *m_values.insert(place, cellOf(valueOf(*cached->batch, cached->row, column)));
    }
    *state = m_cache.isGone(sequence) ? CellState::Gone : CellState::Loading;
    if (*state == CellState::Loading)
        m_cache.request(sequence, m_list.address(sequence), size);
    return {};
}

void EventTableModel::showBodies(const QList<qint64> &sequences)
{
    // Where each is would take a look through all rows, and a view paints no more than it shows.
    if (m_rows.isSorted())
        return Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    int first = rowCount();
    int last = -1;
    for (const qint64 sequence : sequences) {
        const int row = rowOf(sequence);
        first = row >= 0 ? std::min(first, row) : first;
        last = std::max(last, row);
    }
    if (last >= 0)
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
}

} // namespace models::event
