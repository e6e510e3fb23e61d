// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/event_table.h"

#include "ui/event/value_text.h"
#include "ui/streams/event_delegate.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>

namespace ui::streams {

using models::event::EventColumn;
using models::event::EventTableModel;
using models::event::RowSpan;
using Kind = EventColumn::Kind;

namespace {

/// In characters, for a column that the user has not sized.
int defaultCharacters(Kind kind)
{
    switch (kind) {
    case Kind::Time: return 15;
    case Kind::Position: return 10;
    case Kind::Partition:
    case Kind::Version:
    case Kind::Size: return 8;
    case Kind::Type: return 22;
    case Kind::Payload: return 60;
    case Kind::Timestamp: return 25;
    default: return 17;
    }
}

} // namespace

EventTable::EventTable(EventTableModel *model, QWidget *parent)
    : QTableView(parent)
    , m_events(model)
{
    setObjectName(QStringLiteral("event-table"));
    setAccessibleName(tr("Events"));
    setItemDelegate(new EventDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 2 * theme::Unit);
    model->setTitles(event::columnTitle);
    // Before the selection hears of it.
    connect(model, &QAbstractItemModel::layoutAboutToBeChanged, this, &EventTable::prepareForOrder);
    setModel(model);
    QHeaderView *header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSectionsClickable(true);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setMinimumSectionSize(40);
    header->setStretchLastSection(true);
    connect(model, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] { m_isAtBottom = verticalScrollBar()->value() >= verticalScrollBar()->maximum(); });
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] {
        placeRowsSoon();
        restoreCurrent();
        if (m_isAtBottom && m_current < 0)
            scrollToBottom();
    });
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_isResetting = true; });
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_isResetting = false;
        placeRowsSoon();
        showOrder();
        applyWidths();
        restoreCurrent();
    });
    connect(model, &QAbstractItemModel::rowsRemoved, this, &EventTable::placeRowsSoon);
    connect(model, &QAbstractItemModel::layoutChanged, this, [this] {
        if (m_isCurrentSeen)
            scrollTo(currentIndex());
    });
    connect(model, &EventTableModel::sorted, this, &EventTable::showOrder);
    connect(model, &EventTableModel::sortCancelled, this, &EventTable::showOrder);
    connect(header, &QHeaderView::sectionClicked, this, &EventTable::headerClicked);
    connect(header, &QHeaderView::sectionMoved, this, &EventTable::columnsArranged);
    connect(header, &QHeaderView::sectionResized, this, [this](int column, int, int size) {
        if (m_isResetting || column >= std::ssize(m_events->columns()) || horizontalHeader()->visualIndex(column) == m_events->columnCount() - 1)
            return;
        m_widths.insert(m_events->columns()[static_cast<size_t>(column)].key(), size);
        Q_EMIT columnsArranged();
    });
    applyWidths();
}

/// The header adds up the heights of all rows at the first question after they changed: more than ten milliseconds for 10,000,000.
/// It is asked once for all that a turn brings, and before the next frame would.
void EventTable::placeRowsSoon()
{
    if (!isVisible() || std::exchange(m_isPlacing, true))
        return;
    const auto place = [this] {
        m_isPlacing = false;
        if (m_events->rowCount() > 0)
            static_cast<void>(verticalHeader()->sectionPosition(m_events->rowCount() - 1));
    };
    QMetaObject::invokeMethod(this, place, Qt::QueuedConnection); // a frame is asked for with less urgency
}

bool EventTable::setCurrentSequence(qint64 sequence)
{
    m_current = sequence;
    restoreCurrent();
    return m_events->rowOf(sequence) >= 0;
}

void EventTable::restoreCurrent()
{
    const int row = m_current < 0 ? -1 : m_events->rowOf(m_current);
    if (row < 0 || row == currentIndex().row())
        return;
    setCurrentIndex(m_events->index(row, 0));
    scrollTo(m_events->index(row, 0), QAbstractItemView::PositionAtCenter);
}

/// The selection follows its events one by one, except where all are selected, in one piece: more than are worth that are let go, but the current one.
void EventTable::prepareForOrder()
{
    constexpr qint64 FollowedRows = 10'000;
    m_isCurrentSeen = currentIndex().isValid() && viewport()->rect().intersects(visualRect(currentIndex()));
    qint64 count = 0;
    const std::vector<RowSpan> spans = selectedRows();
    for (const RowSpan &span : spans)
        count += span.count();
    if (count <= FollowedRows)
        return;
    if (count == m_events->rowCount())
        selectAll();
    else
        selectionModel()->select(currentIndex(), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

/// The head of the table says what is, also where it said what was asked for.
void EventTable::showOrder()
{
    m_wantedOrder = m_events->order();
    showIndicator();
}

/// Set anew after every click, since the header turns its indicator by itself, also for a column that cannot be sorted by.
void EventTable::showIndicator()
{
    QHeaderView *header = horizontalHeader();
    const auto &columns = m_events->columns();
    const auto found = std::find_if(columns.cbegin(), columns.cend(), [this](const EventColumn &column) { return m_wantedOrder && column.kind == m_wantedOrder->kind; });
    header->setSortIndicatorShown(found != columns.cend());
    if (found != columns.cend())
        header->setSortIndicator(static_cast<int>(found - columns.cbegin()), m_wantedOrder->direction);
}

std::vector<RowSpan> EventTable::selectedRows() const
{
    std::vector<RowSpan> spans;
    const QItemSelection selection = selectionModel()->selection();
    for (const QItemSelectionRange &range : selection)
        spans.push_back({range.top(), range.bottom()});
    std::sort(spans.begin(), spans.end(), [](const RowSpan &a, const RowSpan &b) { return a.first < b.first; });
    std::vector<RowSpan> joined;
    for (const RowSpan &span : spans) {
        if (joined.empty() || span.first > joined.back().last + 1)
            joined.push_back(span);
        else
            joined.back().last = std::max(joined.back().last, span.last);
    }
    return joined;
}

void EventTable::setColumns(const std::vector<EventColumn> &columns)
{
    m_isResetting = true;
    m_events->setColumns(columns);
    for (int column = 0; column < horizontalHeader()->count(); ++column) // the given order is the one to be seen
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), column);
    m_isResetting = false;
    applyWidths();
}

std::vector<EventColumn> EventTable::columnsInOrder() const
{
    std::vector<EventColumn> columns;
    columns.reserve(static_cast<size_t>(horizontalHeader()->count()));
    for (int place = 0; place < horizontalHeader()->count(); ++place)
        columns.push_back(m_events->columns()[static_cast<size_t>(horizontalHeader()->logicalIndex(place))]);
    return columns;
}

void EventTable::setWidths(const QHash<QString, int> &widths)
{
    m_widths = widths;
    applyWidths();
}

void EventTable::applyWidths()
{
    const bool wasResetting = std::exchange(m_isResetting, true);
    const int digit = fontMetrics().horizontalAdvance(u'0');
    int column = 0;
    for (const EventColumn &each : m_events->columns()) {
        setColumnWidth(column, m_widths.value(each.key(), defaultCharacters(each.kind) * digit + theme::Spacing));
        ++column;
    }
    m_isResetting = wasResetting;
}

void EventTable::setSortingOffered(bool isOffered)
{
    m_isSortingOffered = isOffered;
}

/// Up, down, as read.
void EventTable::headerClicked(int column)
{
    const Kind kind = m_events->columns()[static_cast<size_t>(column)].kind;
    if (!m_isSortingOffered || !EventTableModel::canSortBy(kind))
        return showIndicator();
    const bool isSame = m_wantedOrder && m_wantedOrder->kind == kind;
    if (isSame && m_wantedOrder->direction == Qt::DescendingOrder)
        m_wantedOrder.reset();
    else
        m_wantedOrder = models::event::EventOrder{kind, isSame ? Qt::DescendingOrder : Qt::AscendingOrder};
    showIndicator();
    Q_EMIT sortRequested(m_wantedOrder ? std::optional(kind) : std::nullopt, m_wantedOrder ? m_wantedOrder->direction : Qt::AscendingOrder);
}

void EventTable::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index = event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (index.isValid())
        Q_EMIT menuRequested(index, event->reason() == QContextMenuEvent::Keyboard ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

void EventTable::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        Q_EMIT pauseToggled();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    QTableView::keyPressEvent(event);
}

void EventTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (m_isResetting || !current.isValid())
        return;
    const qint64 sequence = m_events->sequenceOf(current.row());
    const bool isNew = sequence != m_current || current.row() != previous.row();
    m_current = sequence;
    if (isNew)
        Q_EMIT currentSequenceChanged(sequence);
}

} // namespace ui::streams
