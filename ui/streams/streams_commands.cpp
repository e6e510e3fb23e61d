// SPDX-License-Identifier: GPL-3.0-or-later
// What a user can do on the Streams page with events and columns.
#include "ui/streams/streams_page.h"

#include "connectors/deliver.h"
#include "models/aggregate/aggregate_history.h"
#include "ui/event/event_panel.h"
#include "ui/event/value_menu.h"
#include "ui/event/value_text.h"
#include "ui/streams/event_table.h"
#include "ui/streams/filter_bar.h"
#include "ui/streams/range_bar.h"
#include "ui/streams/row_copy.h"
#include "ui/streams/stream_list.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace ui::streams {

using models::event::EventColumn;
using models::event::EventTableModel;
namespace text = ui::widgets::text;

QAction *StreamsPage::addCommand(const QString &name, const QString &words, const QString &icon, const QKeySequence &shortcut)
{
    auto *action = new QAction(theme::icon(icon), words, this);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_commands += action;
    return action;
}

void StreamsPage::buildCommands()
{
    const auto add = [this](const char *name, const QString &words, const char *icon, const QKeySequence &shortcut, auto slot) {
        connect(addCommand(QLatin1String(name), words, QLatin1String(icon), shortcut), &QAction::triggered, this, slot);
    };
    add("streams-filter", tr("Filter the events"), "filter", QKeySequence::Find, [this] { m_filter->focusCondition(); });
    add("streams-find", tr("Find a text in the events shown"), "search", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F), [this] { m_filter->focusSearch(); });
    add("streams-jump", tr("Go to a position or a time"), "forward", QKeySequence(Qt::CTRL | Qt::Key_G), [this] { m_range->focusJump(); });
    add("streams-tail", tr("Show new events of the stream as they come"), "clock", QKeySequence(Qt::CTRL | Qt::Key_T), [this] { tail(!m_feed.isFollowing()); });
    add("streams-whole", tr("Search the whole stream"), "play", QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { readWholeStream(); });
    add("streams-cancel", tr("Cancel reading events"), "close", {}, [this] { m_feed.cancel(); });
    add("streams-behind", tr("Read on behind a batch that cannot be read"), "play", {}, [this] { m_feed.goOnBehind(); });
    add("streams-export", tr("Export the events shown…"), "export", QKeySequence(Qt::CTRL | Qt::Key_E), [this] { chooseExportFile(false); });
    add("streams-export-selected", tr("Export the selected events…"), "export", {}, [this] { chooseExportFile(true); });
    add("streams-panel", tr("Show the event beside or below the table"), "down", {}, [this] { setPanelBelow(m_inner->orientation() == Qt::Horizontal); });
    add("streams-limit", tr("Read production without the limit"), "warning", {}, [this] {
        m_isLimitLifted = !m_isLimitLifted;
        updatePlan();
    });
    m_commands.back()->setCheckable(true);
    addActions(m_commands);
    auto *menu = new QMenu(m_range->menuButton());
    menu->setObjectName(QStringLiteral("streams-menu"));
    m_range->menuButton()->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &StreamsPage::fillMenu);
}

void StreamsPage::fillMenu()
{
    QMenu *menu = m_range->menuButton()->menu();
    menu->clear();
    QMenu *columns = menu->addMenu(tr("Columns"));
    std::vector<EventColumn> offered = models::event::standardColumns();
    for (const EventColumn &shown : m_model.columns())
        if (std::find(offered.cbegin(), offered.cend(), shown) == offered.cend())
            offered.push_back(shown);
    for (const EventColumn &column : offered) {
        QAction *action = columns->addAction(event::columnTitle(column).replace(u'&', QStringLiteral("&&")));
        action->setObjectName(QStringLiteral("column-") + column.key());
        action->setCheckable(true);
        action->setChecked(std::find(m_model.columns().cbegin(), m_model.columns().cend(), column) != m_model.columns().cend());
        connect(action, &QAction::toggled, this, [this, column](bool isShown) { setColumnShown(column, isShown); });
    }
    menu->addSeparator();
    for (QAction *action : std::as_const(m_commands))
        menu->addAction(action);
}

void StreamsPage::setColumnShown(const EventColumn &column, bool isShown)
{
    std::vector<EventColumn> columns = m_table->columnsInOrder();
    const auto found = std::find(columns.cbegin(), columns.cend(), column);
    if ((found != columns.cend()) == isShown || (!isShown && columns.size() == 1))
        return;
    if (isShown)
        columns.push_back(column);
    else
        columns.erase(found);
    m_table->setColumns(columns);
}

/// Where events of several streams are in one table, each says at once which it is of.
void StreamsPage::arrangeColumns()
{
    const bool isAll = m_stream.isEmpty() && !m_connection.isEmpty();
    if (!isAll && !m_columnsBefore.empty()) {
        m_table->setColumns(columnsOfOne());
        m_columnsBefore.clear();
    }
    if (!isAll || !m_columnsBefore.empty())
        return;
    const EventColumn stream{EventColumn::Kind::Stream, {}};
    std::vector<EventColumn> columns = m_table->columnsInOrder();
    const auto found = std::find(columns.cbegin(), columns.cend(), stream);
    if (found != columns.cend() && found - columns.cbegin() < 2)
        return;
    m_columnsBefore = columns;
    if (found != columns.cend())
        columns.erase(found);
    columns.insert(columns.cbegin() + 1, stream);
    m_columnsOfAll = columns;
    m_table->setColumns(columns);
}

std::vector<EventColumn> StreamsPage::columnsOfOne() const
{
    std::vector<EventColumn> columns = m_table->columnsInOrder();
    return !m_columnsBefore.empty() && columns == m_columnsOfAll ? m_columnsBefore : columns;
}

void StreamsPage::showColumn(const EventColumn &column)
{
    setColumnShown(column, true);
}

void StreamsPage::filterBy(const EventColumn &column, const QVariant &value, bool isEqual)
{
    m_filter->addCondition(models::event::conditionFor(column, value, isEqual));
}

void StreamsPage::showTrace(const QString &id, const connectors::EventAddress &address)
{
    const frame::Place place{QStringLiteral("traces"), m_connection, id, address};
    Q_EMIT placeRequested(place);
}

void StreamsPage::showAggregate(const QString &id, const connectors::EventAddress &address)
{
    const frame::Place place{QStringLiteral("aggregates"), m_connection, id, address};
    Q_EMIT placeRequested(place);
}

/// Among the events that were read before the current one, in the order of reading.
std::optional<connectors::EventAddress> StreamsPage::findPrevious(const models::event::CachedEvent &shown, event::CompareWith with) const
{
    const models::event::EventList &list = m_model.list();
    const bool isByType = with == event::CompareWith::PreviousOfType;
    const connectors::EventRecord &record = shown.batch->record(shown.row);
    const std::string_view wanted = shown.batch->text(isByType ? record.eventType : record.aggregateId);
    if (wanted.empty())
        return std::nullopt;
    const quint32 number = (isByType ? list.types() : list.aggregates()).find(wanted);
    if (number == models::event::InternTable::None)
        return std::nullopt;
    using TextColumn = models::event::EventList::TextColumn;
    const qint64 found = list.findBefore(m_table->currentSequence(), isByType ? TextColumn::Type : TextColumn::Aggregate, number);
    return found < 0 ? std::nullopt : std::optional(list.address(found));
}

/// A cell may be cut, and what is to be compared with or copied is the whole: it is read first, as far as a page goes.
void StreamsPage::openMenu(const QModelIndex &index, const QPoint &globalPosition)
{
    const qint64 sequence = m_model.sequenceOf(index.row());
    const EventColumn column = m_model.columns()[static_cast<size_t>(index.column())];
    m_wantedMenu.reset();
    const auto cached = m_model.cache().find(sequence);
    const bool isMoreToBeHad = cached && cached->batch->record(cached->row).isCut() && !m_model.cache().isPaged(sequence);
    if ((!isMoreToBeHad && m_model.wholeValue(sequence, column)) || m_model.cache().isPaged(sequence) || m_model.cache().isGone(sequence))
        return openMenuOf(sequence, column, globalPosition);
    m_wantedMenu = WantedMenu{sequence, column, globalPosition};
    m_model.cache().request(sequence, m_model.list().address(sequence), m_model.list().entry(sequence).size, connectors::PageBytes);
}

void StreamsPage::openMenuOf(qint64 sequence, const EventColumn &column, const QPoint &globalPosition)
{
    if (sequence < m_model.list().first() || sequence >= m_model.list().end())
        return; // it went meanwhile
    const models::event::EventEntry entry = m_model.list().entry(sequence);
    auto *menu = new event::ValueMenu(this);
    if (const auto value = m_model.wholeValue(sequence, column))
        menu->addValue(column, *value);
    menu->addEvent(m_connection, m_model.list().address(sequence), m_model.cache().find(sequence));
    const QString correlation = m_model.list().correlation(entry);
    menu->addTrace(correlation.isEmpty() ? m_model.list().eventId(entry) : correlation);
    if (const models::connection::Connection *open = connection())
        menu->addAggregate(m_model.list().aggregate(entry), models::aggregate::whyNoAggregates(*open->connector()));
    connect(menu, &event::ValueMenu::filterRequested, this, &StreamsPage::filterBy);
    connect(menu, &event::ValueMenu::columnRequested, this, &StreamsPage::showColumn);
    connect(menu, &event::ValueMenu::traceRequested, this, [this, address = m_model.list().address(sequence)](const QString &id) { showTrace(id, address); });
    connect(menu, &event::ValueMenu::aggregateRequested, this, [this, address = m_model.list().address(sequence)](const QString &id) { showAggregate(id, address); });
    menu->popup(globalPosition);
}

void StreamsPage::copySelected()
{
    constexpr qint64 MostRows = 20'000; ///< it is made on the GUI thread; an export takes any number
    const std::vector<models::event::RowSpan> spans = m_table->selectedRows();
    qint64 selected = 0;
    for (const models::event::RowSpan &span : spans)
        selected += span.count();
    if (selected == 0)
        return;
    const CopiedRows copied = copyRows(m_model, spans, m_table->columnsInOrder(), MostRows);
    QGuiApplication::clipboard()->setText(copied.text);
    QString words = copied.rows < selected ? tr("The first %1 of %2 rows were copied.").arg(text::exact(copied.rows), text::exact(selected))
        : selected == 1                    ? tr("The row was copied.")
                                           : tr("%1 rows were copied.").arg(text::exact(selected));
    if (copied.unread > 0)
        words += u' ' + tr("%1 cells are empty, as their events were not read again yet.").arg(text::exact(copied.unread));
    if (copied.rows < selected || copied.unread > 0)
        words += u' ' + tr("An export has everything.");
    Q_EMIT messageRaised(words);
}

QStringList StreamsPage::seenValues(const QString &filterName) const
{
    constexpr quint32 MaximumValues = 5000;
    const models::event::EventList &list = m_model.list();
    const models::event::InternTable *table = filterName.compare(u"eventType", Qt::CaseInsensitive) == 0 ? &list.types()
        : filterName.compare(u"aggregateId", Qt::CaseInsensitive) == 0                                   ? &list.aggregates()
        : filterName.compare(u"correlationId", Qt::CaseInsensitive) == 0                                 ? &list.correlations()
                                                                                                         : nullptr;
    QStringList values;
    for (quint32 number = 1; table && number <= std::min(table->count(), MaximumValues); ++number)
        values += QString::fromStdString(table->text(number));
    if (filterName.compare(u"stream", Qt::CaseInsensitive) == 0)
        for (const QString &stream : list.streams())
            values += stream;
    values.sort();
    return values;
}

void StreamsPage::chooseExportFile(bool isSelectionOnly)
{
    auto *dialog = new QFileDialog(this, isSelectionOnly ? tr("Export the selected events") : tr("Export the events shown"));
    dialog->setObjectName(QStringLiteral("export-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("One JSON object a line (*.ndjson)"), tr("The columns shown and where each event is, for a spreadsheet (*.csv)")});
    dialog->setDefaultSuffix(QStringLiteral("ndjson"));
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString &filter) { dialog->setDefaultSuffix(filter.contains(u"*.csv") ? QStringLiteral("csv") : QStringLiteral("ndjson")); });
    connect(dialog, &QFileDialog::fileSelected, this, [this, isSelectionOnly](const QString &path) { exportTo(path, isSelectionOnly); });
    dialog->open();
}

void StreamsPage::exportTo(const QString &path, bool isSelectionOnly)
{
    const models::connection::Connection *open = connection();
    if (!open)
        return;
    models::event::ExportRequest request;
    request.streams = m_model.list().streams();
    request.path = path;
    request.format = path.endsWith(u".csv", Qt::CaseInsensitive) ? models::event::ExportFormat::Csv : models::event::ExportFormat::Ndjson;
    request.columns = m_table->columnsInOrder();
    request.events = m_model.list().events();
    request.rows = m_model.rows();
    if (isSelectionOnly)
        request.spans = m_table->selectedRows();
    else if (m_model.rowCount() > 0)
        request.spans = {{0, m_model.rowCount() - 1}};
    models::job::Job *job = m_jobs.start(tr("Export %1 events").arg(text::exact(request.count())), models::job::JobUnit::Events);
    job->progress()->total = request.count();
    const auto tell = [this, path, job = QPointer(job)](const connectors::Result<models::event::ExportOutcome> &result) {
        if (job)
            job->finish(result ? connectors::Result<void>() : connectors::Result<void>(tl::unexpected(result.error())));
        if (!result)
            Q_EMIT messageRaised(connectors::describe(result.error()));
        else if (result->gone > 0)
            Q_EMIT messageRaised(tr("%1 events were written to %2; %3 are no longer stored.").arg(text::exact(result->written), path, text::exact(result->gone)));
        else
            Q_EMIT messageRaised(tr("%1 events were written to %2.").arg(text::exact(result->written), path));
    };
    connectors::deliver(exportEvents(open->connector(), std::move(request), job->progress()), this, tell);
}

void StreamsPage::setPanelBelow(bool isBelow)
{
    m_inner->setOrientation(isBelow ? Qt::Vertical : Qt::Horizontal);
}

void StreamsPage::saveTo(QSettings &settings) const
{
    QStringList columns;
    for (const EventColumn &column : columnsOfOne())
        columns += column.key();
    settings.setValue(QStringLiteral("streams/columns"), columns);
    QVariantMap widths;
    for (auto width = m_table->widths().cbegin(); width != m_table->widths().cend(); ++width)
        widths.insert(width.key(), width.value());
    settings.setValue(QStringLiteral("streams/widths"), widths);
    settings.setValue(QStringLiteral("streams/internal"), m_streams->isWithInternal());
    settings.setValue(QStringLiteral("streams/panelBelow"), m_inner->orientation() == Qt::Vertical);
    settings.setValue(QStringLiteral("streams/outer"), m_outer->saveState());
}

void StreamsPage::restoreFrom(const QSettings &settings)
{
    std::vector<EventColumn> columns;
    for (const QString &key : settings.value(QStringLiteral("streams/columns")).toStringList())
        if (const auto column = EventColumn::fromKey(key); column && std::find(columns.cbegin(), columns.cend(), *column) == columns.cend())
            columns.push_back(*column);
    m_columnsBefore.clear();
    if (!columns.empty())
        m_table->setColumns(columns);
    arrangeColumns();
    QHash<QString, int> widths;
    const QVariantMap saved = settings.value(QStringLiteral("streams/widths")).toMap();
    for (auto width = saved.cbegin(); width != saved.cend(); ++width)
        widths.insert(width.key(), std::clamp(width.value().toInt(), 40, 2000));
    m_table->setWidths(widths);
    m_streams->setWithInternal(settings.value(QStringLiteral("streams/internal"), false).toBool());
    setPanelBelow(settings.value(QStringLiteral("streams/panelBelow"), false).toBool());
    m_outer->restoreState(settings.value(QStringLiteral("streams/outer")).toByteArray());
}

} // namespace ui::streams
