// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/event_panel.h"

#include "models/aggregate/aggregate_history.h"
#include "ui/event/body_pager.h"
#include "ui/event/compare_view.h"
#include "ui/event/event_header.h"
#include "ui/event/field_table.h"
#include "ui/event/hex_view.h"
#include "ui/event/json_delegate.h"
#include "ui/event/value_menu.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ui::event {

using models::event::CachedEvent;
using models::event::EventColumn;
using models::event::JsonTreeModel;
using Kind = EventColumn::Kind;

namespace {

constexpr int ShownHeaders = 2000;
constexpr int ShownValueLength = 4000;

QLabel *makeNote(const QString &objectName, QWidget *parent)
{
    auto *note = new QLabel(parent);
    note->setObjectName(objectName);
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    note->setContentsMargins(theme::Spacing, theme::Unit, theme::Spacing, theme::Unit);
    return note;
}

QString headerWords(const connectors::Header &header)
{
    return header.isNull ? QStringLiteral("–") : widgets::text::untrusted(QString::fromUtf8(header.value.data(), static_cast<qsizetype>(header.value.size())), ShownValueLength);
}

} // namespace

EventPanel::EventPanel(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
    , m_header(new EventHeader(this))
    , m_tabs(new QTabWidget(this))
    , m_envelope(makeFieldTable(QStringLiteral("event-envelope"), tr("Envelope of the event"), {tr("Field"), tr("Value")}, this))
    , m_headers(makeFieldTable(QStringLiteral("event-headers"), tr("Headers of the event, in their order"), {tr("Name"), tr("Value")}, this))
    , m_tree(new QTreeView(this))
    , m_treeModel(new JsonTreeModel(this))
    , m_body(new QStackedWidget(this))
    , m_asText(new QToolButton(this))
    , m_text(new QPlainTextEdit(this))
    , m_textNote(makeNote(QStringLiteral("event-text-note"), this))
    , m_hex(new HexView(this))
    , m_cutNote(makeNote(QStringLiteral("event-cut-note"), this))
    , m_pager(new BodyPager(this))
    , m_compare(new CompareView(this))
{
    setObjectName(QStringLiteral("event-panel"));
    setAccessibleName(tr("Event"));
    m_stack->addWidget(m_state);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Unit);
    buildTabs();
    layout->addWidget(m_header);
    layout->addWidget(m_cutNote);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_pager);
    m_stack->addWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connect(m_header, &EventHeader::traceClicked, this, [this] { Q_EMIT traceRequested(traceId(), m_event->batch->address(m_event->row)); });
    connect(m_header, &EventHeader::aggregateClicked, this, &EventPanel::requestAggregate);
    connect(m_header, &EventHeader::copyClicked, this, &EventPanel::copyCurrentTab);
    connect(m_pager, &BodyPager::pageReceived, this, &EventPanel::showPage);
    connect(&m_lookup, &models::event::EventLookup::found, this, [this](const CachedEvent &event) {
        const auto address = m_lookupAddress; // goes on being what was asked for
        setEvent(m_connection, event, m_lookupConnector);
        m_lookupAddress = address;
    });
    connect(&m_lookup, &models::event::EventLookup::gone, this, &EventPanel::showGone);
    connect(&m_lookup, &models::event::EventLookup::failed, this, &EventPanel::showError);
    clear();
}

EventPanel::~EventPanel()
{
    m_stop.request_stop();
    m_bodyStop.request_stop();
}

void EventPanel::buildTabs()
{
    m_tabs->setObjectName(QStringLiteral("event-tabs"));
    m_tabs->setAccessibleName(tr("Parts of the event"));
    m_tabs->setDocumentMode(true);
    m_tree->setObjectName(QStringLiteral("event-tree"));
    m_tree->setAccessibleName(tr("Body as a tree"));
    m_tree->setModel(m_treeModel);
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegate(new JsonDelegate(m_tree));
    m_tree->header()->setStretchLastSection(true);
    m_tree->setColumnWidth(0, 180);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_text->setObjectName(QStringLiteral("event-text"));
    m_text->setAccessibleName(tr("Body as text"));
    m_text->setReadOnly(true);
    m_text->setUndoRedoEnabled(false);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(theme::monospaceFont());
    m_tabs->addTab(m_envelope, tr("Envelope"));
    m_tabs->addTab(m_headers, tr("Headers"));
    m_tabs->addTab(buildBody(), tr("JSON"));
    m_tabs->addTab(m_hex, tr("Raw"));
    m_tabs->addTab(m_compare, tr("Compare"));
    connect(m_envelope, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        const int row = m_envelope->rowAt(position.y());
        if (row < 0 || !m_event)
            return;
        const EventColumn &column = m_envelopeColumns[static_cast<size_t>(row)];
        openMenu(column, models::event::valueOf(*m_event->batch, m_event->row, column), m_envelope->viewport()->mapToGlobal(position));
    });
    connect(m_headers, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        const int row = m_headers->rowAt(position.y());
        if (row < 0 || !m_event)
            return;
        const connectors::Header header = m_event->batch->headers(m_event->row)[static_cast<size_t>(row)];
        const auto text = [](std::string_view bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); };
        openMenu({Kind::Header, text(header.name)}, header.isNull ? QVariant() : QVariant(text(header.value)), m_headers->viewport()->mapToGlobal(position));
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        const QModelIndex index = m_tree->indexAt(position);
        if (!index.isValid() || !m_event)
            return;
        const EventColumn column{Kind::Field, index.data(JsonTreeModel::PointerRole).toString()};
        openMenu(column, models::event::valueOf(*m_event->batch, m_event->row, column), m_tree->viewport()->mapToGlobal(position));
    });
}

QWidget *EventPanel::buildBody()
{
    m_asText->setObjectName(QStringLiteral("event-as-text"));
    m_asText->setText(tr("As text"));
    m_asText->setAccessibleName(tr("Show the body as text instead of a tree"));
    m_asText->setCheckable(true);
    connect(m_asText, &QToolButton::toggled, this, &EventPanel::showTreeOrText);
    m_body->addWidget(m_tree);
    m_body->addWidget(m_text);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(0, theme::Unit, theme::Unit, theme::Unit);
    bar->addWidget(m_textNote, 1);
    bar->addWidget(m_asText, 0, Qt::AlignTop | Qt::AlignRight);
    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_body, 1);
    return page;
}

void EventPanel::showState()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_generation;
    std::ignore = beginBody();
    m_event.reset();
    m_given.reset();
    m_header->clear();
    m_lookup.cancel();
    m_lookupAddress.reset();
    m_compare->clear();
    m_treeModel->clear();
    m_hex->setBytes({});
    m_pager->close();
    m_stack->setCurrentIndex(0);
}

void EventPanel::clear(const QString &explanation)
{
    showState();
    m_state->showEmpty(tr("No event is chosen"), explanation.isEmpty() ? tr("Choose an event in the table to read it here.") : explanation, {}, QStringLiteral("event"));
}

void EventPanel::showLoading(const connectors::EventAddress &address)
{
    showState();
    m_state->showLoading(tr("Reading %1").arg(addressWords(address)));
}

void EventPanel::showGone(const connectors::EventAddress &address)
{
    showState();
    m_state->showEmpty(tr("%1 is no longer stored").arg(addressWords(address)),
                       tr("The system was asked for it and does not have it: retention, compaction or a purge took it, or there never was an event at this position."), {},
                       QStringLiteral("warning"));
}

void EventPanel::showError(const connectors::Error &error)
{
    showState();
    m_state->showError(tr("The event could not be read"), error);
}

void EventPanel::showAt(const QString &connection, const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address)
{
    if (m_lookupAddress == address && m_connection == connection)
        return;
    showLoading(address);
    m_connection = connection;
    m_lookupConnector = connector;
    m_lookupAddress = address;
    m_lookup.look(connector, address);
}

void EventPanel::setEvent(const QString &connection, const CachedEvent &event, std::shared_ptr<connectors::Connector> connector)
{
    if (m_given && m_given->batch == event.batch && m_given->row == event.row)
        return;
    showState(); // the hex view looks into the old batch until here
    m_connection = connection;
    m_event = event;
    m_given = event;
    m_header->setEvent(connection, event);
    m_whyNoAggregate = connector ? std::optional(models::aggregate::whyNoAggregates(*connector)) : std::nullopt;
    m_header->setAggregate(aggregateId(), m_whyNoAggregate.value_or(QString()));
    m_stack->setCurrentIndex(1);
    showEnvelope();
    showHeaders();
    showCuts();
    showBody();
    if (event.batch->record(event.row).isCut())
        readRest(connector);
    m_compare->setEvent(event, std::move(connector));
}

void EventPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_event)
        return;
    m_header->setEvent(m_connection, *m_event); // its items hold the colours that they were made with
    showEnvelope();
    showHeaders();
}

void EventPanel::showEnvelope()
{
    static const std::vector<EventColumn> columns{{Kind::Type, {}},      {Kind::EventId, {}},   {Kind::Aggregate, {}}, {Kind::Version, {}}, {Kind::Timestamp, {}},
                                                  {Kind::Correlation, {}}, {Kind::Causation, {}}, {Kind::Time, {}},      {Kind::Stream, {}},  {Kind::Partition, {}},
                                                  {Kind::Position, {}},  {Kind::Key, {}},       {Kind::Size, {}}};
    m_envelopeColumns = columns;
    m_envelope->setRowCount(static_cast<int>(columns.size()));
    int row = 0;
    for (const EventColumn &column : columns) {
        const QVariant value = models::event::valueOf(*m_event->batch, m_event->row, column);
        m_envelope->setItem(row, 0, makeFieldItem(columnTitle(column), column.filterName(), true));
        m_envelope->setItem(row++, 1, makeFieldItem(valueWords(column, value, false), exactWords(column, value), !value.isValid()));
    }
}

void EventPanel::showHeaders()
{
    const std::vector<connectors::Header> headers = m_event->batch->headers(m_event->row);
    const int shown = static_cast<int>(std::min<qsizetype>(std::ssize(headers), ShownHeaders));
    m_headers->setRowCount(shown);
    for (int row = 0; row < shown; ++row) {
        const connectors::Header &header = headers[static_cast<size_t>(row)];
        const QString name = QString::fromUtf8(header.name.data(), static_cast<qsizetype>(header.name.size()));
        m_headers->setItem(row, 0, makeFieldItem(widgets::text::untrusted(name), name));
        m_headers->setItem(row, 1, makeFieldItem(headerWords(header), headerWords(header), header.isNull));
    }
    m_tabs->setTabText(1, headers.empty() ? tr("Headers") : tr("Headers %1").arg(widgets::text::exact(std::ssize(headers))));
}

QString EventPanel::traceId() const
{
    for (const Kind kind : {Kind::Correlation, Kind::EventId}) {
        const QVariant id = models::event::valueOf(*m_event->batch, m_event->row, EventColumn{kind, {}});
        if (!id.toString().isEmpty())
            return id.toString();
    }
    return {};
}

QString EventPanel::aggregateId() const
{
    return m_whyNoAggregate ? models::event::valueOf(*m_event->batch, m_event->row, EventColumn{Kind::Aggregate, {}}).toString() : QString();
}

void EventPanel::requestAggregate()
{
    if (m_event && !aggregateId().isEmpty())
        Q_EMIT aggregateRequested(aggregateId(), m_event->batch->address(m_event->row));
}

void EventPanel::copyCurrentTab()
{
    if (!m_event)
        return;
    const auto ofTable = [](const QTableWidget *table) {
        QString text;
        for (int row = 0; row < table->rowCount(); ++row)
            text += table->item(row, 0)->text() + u'\t' + table->item(row, 1)->text() + u'\n';
        return text;
    };
    switch (m_tabs->currentIndex()) {
    case 0: return QGuiApplication::clipboard()->setText(ofTable(m_envelope));
    case 1: return QGuiApplication::clipboard()->setText(ofTable(m_headers));
    case 3: return QGuiApplication::clipboard()->setText(m_hex->selectedText());
    case 4: return QGuiApplication::clipboard()->setText(m_compare->text());
    default: return QGuiApplication::clipboard()->setText(m_text->toPlainText());
    }
}

void EventPanel::openMenu(const EventColumn &column, const QVariant &value, const QPoint &globalPosition)
{
    auto *menu = new ValueMenu(this);
    menu->addValue(column, value, m_isFilterOffered);
    menu->addEvent(m_connection, m_event->batch->address(m_event->row), m_event);
    menu->addSeparator();
    menu->addAggregate(aggregateId(), m_whyNoAggregate.value_or(QString()));
    connect(menu, &ValueMenu::aggregateRequested, this, &EventPanel::requestAggregate);
    connect(menu, &ValueMenu::filterRequested, this, &EventPanel::filterRequested);
    connect(menu, &ValueMenu::columnRequested, this, &EventPanel::columnRequested);
    menu->popup(globalPosition);
}

} // namespace ui::event
