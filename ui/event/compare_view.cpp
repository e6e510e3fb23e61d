// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/compare_view.h"

#include "connectors/deliver.h"
#include "ui/event/field_table.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

namespace ui::event {

using models::event::CachedEvent;
using models::event::ComparedField;
using models::event::EventComparison;
using models::event::EventLookup;
using models::event::FieldChange;

namespace {

/// Rows are widgets' items, made on the GUI thread; more of them nobody reads.
constexpr size_t ShownFields = 1000;

enum Column { MarkColumn, FieldColumn, HereColumn, ThereColumn };

QString markWord(FieldChange change)
{
    switch (change) {
    case FieldChange::Same: return {};
    case FieldChange::Changed: return CompareView::tr("changed");
    case FieldChange::OnlyHere: return CompareView::tr("only here");
    case FieldChange::OnlyThere: return CompareView::tr("only there");
    }
    return {};
}

QIcon markIcon(FieldChange change)
{
    switch (change) {
    case FieldChange::Same: return {};
    case FieldChange::Changed: return theme::icon(QStringLiteral("warning"), theme::Role::Warning);
    case FieldChange::OnlyHere: return theme::icon(QStringLiteral("add"), theme::Role::Info);
    case FieldChange::OnlyThere: return theme::icon(QStringLiteral("remove"), theme::Role::Info);
    }
    return {};
}

} // namespace

CompareView::CompareView(QWidget *parent)
    : QWidget(parent)
    , m_with(new QComboBox(this))
    , m_pin(new QToolButton(this))
    , m_onlyDifferent(new QCheckBox(tr("Only differences"), this))
    , m_note(new QLabel(this))
    , m_table(makeFieldTable(QStringLiteral("compare-table"), tr("The event and another one, field by field"),
                             {tr("Difference"), tr("Field"), tr("This event"), tr("The other")}, this))
{
    buildLayout();
    connect(m_with, &QComboBox::activated, this, &CompareView::update);
    connect(m_pin, &QToolButton::clicked, this, &CompareView::pin);
    connect(m_onlyDifferent, &QCheckBox::toggled, this, &CompareView::showRows);
    connect(&m_lookup, &EventLookup::found, this, &CompareView::compareWith);
    connect(&m_lookup, &EventLookup::gone, this,
            [this](const connectors::EventAddress &address) { say(tr("%1 is no longer stored.").arg(addressWords(address))); });
    connect(&m_lookup, &EventLookup::failed, this, [this](const connectors::Error &error) { say(widgets::text::error(error)); });
}

CompareView::~CompareView()
{
    m_stop.request_stop();
}

void CompareView::buildLayout()
{
    m_with->setObjectName(QStringLiteral("compare-with"));
    m_with->setAccessibleName(tr("Compare with"));
    m_with->addItems({tr("The one before of this type"), tr("The one before of this aggregate"), tr("The pinned event")});
    m_with->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_pin->setObjectName(QStringLiteral("compare-pin"));
    m_pin->setText(tr("Pin"));
    m_pin->setAccessibleName(tr("Pin this event"));
    m_pin->setToolTip(tr("Keep this event, to compare the next ones you choose with it."));
    m_onlyDifferent->setObjectName(QStringLiteral("compare-only-different"));
    m_note->setObjectName(QStringLiteral("compare-note"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    m_table->setColumnWidth(MarkColumn, 24 + m_table->fontMetrics().horizontalAdvance(markWord(FieldChange::OnlyThere)) + 3 * theme::Unit);
    m_table->setColumnWidth(FieldColumn, 88);
    m_table->horizontalHeader()->setStretchLastSection(false);
    for (const int column : {HereColumn, ThereColumn}) // both are to be seen at once
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(theme::Unit, theme::Unit, theme::Unit, 0);
    bar->setSpacing(theme::Spacing);
    bar->addWidget(m_with, 1);
    bar->addWidget(m_pin);
    auto *second = new QHBoxLayout;
    second->setContentsMargins(theme::Unit, 0, theme::Unit, 0);
    second->addWidget(m_note, 1);
    second->addWidget(m_onlyDifferent);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::Unit);
    column->addLayout(bar);
    column->addLayout(second);
    column->addWidget(m_table, 1);
}

void CompareView::setFindPrevious(FindPrevious find)
{
    m_find = std::move(find);
}

void CompareView::setEvent(const CachedEvent &event, std::shared_ptr<connectors::Connector> connector)
{
    m_event = event;
    m_connector = std::move(connector);
    m_isStale = true;
    if (isVisible())
        update();
}

void CompareView::clear()
{
    m_event.reset();
    m_connector.reset();
    m_lookup.cancel();
    m_stop.request_stop();
    ++m_generation;
    m_comparison = {};
    m_words.clear();
    showRows();
}

void CompareView::showEvent(QShowEvent *event)
{
    if (m_isStale)
        update();
    QWidget::showEvent(event);
}

CompareWith CompareView::chosen() const
{
    return static_cast<CompareWith>(m_with->currentIndex());
}

void CompareView::pin()
{
    if (!m_event)
        return;
    connectors::EventBatchBuilder builder; // a copy: its batch may hold a thousand others
    builder.addFrom(*m_event->batch, m_event->row);
    m_pinned = CachedEvent{builder.take(), 0};
    m_with->setCurrentIndex(static_cast<int>(CompareWith::Pinned));
    update();
}

void CompareView::update()
{
    m_isStale = false;
    m_lookup.cancel();
    m_comparison = {};
    if (!m_event)
        return say({});
    if (chosen() == CompareWith::Pinned)
        return m_pinned ? compareWith(*m_pinned) : say(tr("No event is pinned yet: choose one and press “Pin”."));
    if (!m_find || !m_connector)
        return say(tr("The events before this one are not known here: pin one, then choose another."));
    const auto previous = m_find(*m_event, chosen());
    if (!previous)
        return say(chosen() == CompareWith::PreviousOfType ? tr("No earlier event of this type is among those that were read.")
                                                           : tr("No earlier event of this aggregate is among those that were read."));
    say(tr("Reading %1").arg(addressWords(*previous)));
    m_lookup.look(m_connector, *previous);
}

void CompareView::compareWith(const CachedEvent &other)
{
    if (!m_event)
        return;
    m_stop.request_stop();
    m_stop = {};
    m_otherPlace = addressWords(other.batch->address(other.row));
    const quint64 generation = ++m_generation;
    const auto made = QtConcurrent::run([event = *m_event, other, stop = m_stop.get_token()] { return models::event::compareEvents(event, other, stop); });
    connectors::deliver(made, this, [this, generation](const EventComparison &comparison) {
        if (generation == m_generation)
            receive(comparison);
    });
}

void CompareView::receive(const EventComparison &comparison)
{
    m_comparison = comparison;
    const int differences = static_cast<int>(comparison.differences());
    QString words = differences == 0 ? tr("No difference from %1.").arg(m_otherPlace)
                  : differences == 1 ? tr("One difference from %1.").arg(m_otherPlace)
                                     : tr("%Ln differences from %1.", nullptr, differences).arg(m_otherPlace);
    if (comparison.isCut)
        words += u' ' + tr("Only the first %1 values of each body are compared.").arg(widgets::text::exact(static_cast<qint64>(EventComparison::MaximumValues)));
    if (comparison.areBodiesCut)
        words += u' ' + tr("A body is too large to be here as a whole: sizes and beginnings are compared.");
    if (comparison.areHeadersCut)
        words += u' ' + tr("Only the first %1 headers of each are compared.").arg(widgets::text::exact(static_cast<qint64>(EventComparison::MaximumHeaders)));
    m_words = words;
    showRows();
}

void CompareView::showRows()
{
    m_table->setRowCount(0);
    std::vector<const ComparedField *> shown;
    for (const ComparedField &field : m_comparison.fields)
        if (!m_onlyDifferent->isChecked() || field.change != FieldChange::Same)
            shown.push_back(&field);
    QString words = m_words;
    if (shown.size() > ShownFields) {
        words += u' '
            + tr("The first %1 of %2 fields are shown; “Copy” takes them all.").arg(widgets::text::exact(static_cast<qint64>(ShownFields)), widgets::text::exact(std::ssize(shown)));
        shown.resize(ShownFields);
    }
    m_note->setText(words);
    m_table->setRowCount(static_cast<int>(shown.size()));
    int row = 0;
    for (const ComparedField *field : shown) {
        const bool isSame = field->change == FieldChange::Same;
        auto *mark = makeFieldItem(markWord(field->change), {});
        mark->setIcon(markIcon(field->change));
        m_table->setItem(row, MarkColumn, mark);
        m_table->setItem(row, FieldColumn, makeFieldItem(columnTitle(field->column), field->column.filterName(), true));
        m_table->setItem(row, HereColumn, makeFieldItem(valueWords(field->column, field->here, false), exactWords(field->column, field->here), isSame));
        m_table->setItem(row++, ThereColumn, makeFieldItem(valueWords(field->column, field->there, false), exactWords(field->column, field->there), isSame));
    }
}

void CompareView::say(const QString &words)
{
    ++m_generation; // a comparison under way is for another event
    m_comparison = {};
    m_words = words;
    showRows();
}

QString CompareView::text() const
{
    QString lines = m_note->text() + u'\n';
    for (const ComparedField &field : m_comparison.fields)
        lines += markWord(field.change) + u'\t' + columnTitle(field.column) + u'\t' + valueWords(field.column, field.here, false) + u'\t'
            + valueWords(field.column, field.there, false) + u'\n';
    return lines;
}

} // namespace ui::event
