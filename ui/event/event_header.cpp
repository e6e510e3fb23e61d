// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/event_header.h"

#include "models/aggregate/aggregate_history.h"
#include "ui/event/type_dot.h"
#include "ui/event/value_menu.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace ui::event {

namespace {

/// What the event takes back; not of a body that takes long to look through.
QString compensationWords(const models::event::CachedEvent &event)
{
    constexpr quint32 MostBytes = 256 * 1024;
    const connectors::Slice body = event.batch->record(event.row).payload;
    if (!body.isNull() && body.length > MostBytes)
        return {};
    const auto ids = models::aggregate::compensatedIds(*event.batch, event.row);
    if (ids.empty())
        return {};
    const QString first = widgets::text::untrusted(ids.front(), 60);
    return ids.size() == 1 ? EventHeader::tr(" · takes back event %1").arg(first) : EventHeader::tr(" · takes back event %1 and %2 more").arg(first).arg(ids.size() - 1);
}

} // namespace

EventHeader::EventHeader(QWidget *parent)
    : QWidget(parent)
    , m_dot(new QLabel(this))
    , m_title(new widgets::ElidedLabel(QStringLiteral("event-title"), this))
    , m_place(new widgets::ElidedLabel(QStringLiteral("event-place"), this))
    , m_aggregate(new QToolButton(this))
    , m_trace(new QPushButton(theme::icon(QStringLiteral("traces")), tr("Show trace"), this))
    , m_copy(new QToolButton(this))
{
    for (QLabel *label : {m_title, m_place})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_aggregate->setObjectName(QStringLiteral("event-aggregate"));
    m_aggregate->setIcon(theme::icon(QStringLiteral("aggregates")));
    m_aggregate->setAccessibleName(tr("Open the aggregate"));
    m_aggregate->hide();
    m_trace->setObjectName(QStringLiteral("event-trace"));
    m_trace->setAccessibleName(m_trace->text());
    m_copy->setObjectName(QStringLiteral("event-copy"));
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy what this tab shows"));
    m_copy->setIcon(theme::icon(QStringLiteral("copy")));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setPopupMode(QToolButton::MenuButtonPopup);
    buildCopyMenu();
    auto *names = new QVBoxLayout;
    names->setSpacing(0);
    names->addWidget(m_title);
    names->addWidget(m_place);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::Unit, 0, 0, 0);
    row->addWidget(m_dot);
    row->addLayout(names, 1);
    row->addWidget(m_aggregate);
    row->addWidget(m_trace);
    row->addWidget(m_copy);
    connect(m_aggregate, &QToolButton::clicked, this, &EventHeader::aggregateClicked);
    connect(m_trace, &QPushButton::clicked, this, &EventHeader::traceClicked);
    connect(m_copy, &QToolButton::clicked, this, &EventHeader::copyClicked);
}

/// Filled when it opens: what can be copied depends on the event.
void EventHeader::buildCopyMenu()
{
    auto *menu = new QMenu(m_copy);
    m_copy->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        auto *values = new ValueMenu(menu);
        values->setAttribute(Qt::WA_DeleteOnClose, false);
        if (m_event)
            values->addEvent(m_connection, m_event->batch->address(m_event->row), m_event);
        menu->addActions(values->actions());
    });
}

void EventHeader::setEvent(const QString &connection, const models::event::CachedEvent &event)
{
    m_connection = connection;
    m_event = event;
    const auto &record = event.batch->record(event.row);
    const QString type = models::event::valueOf(*event.batch, event.row, {models::event::EventColumn::Kind::Type, {}}).toString();
    const QString shown = type.isEmpty() ? tr("Event without a type") : widgets::text::untrusted(type);
    m_title->setText(record.version == connectors::NoNumber ? shown : tr("%1  v%2").arg(shown).arg(record.version));
    m_place->setText(addressWords(event.batch->address(event.row)) + compensationWords(event));
    m_dot->setPixmap(typeDot(type).pixmap(QSize(DotSize, DotSize), devicePixelRatioF()));
}

void EventHeader::setAggregate(const QString &aggregateId, const QString &whyNot)
{
    m_aggregate->setVisible(!aggregateId.isEmpty());
    m_aggregate->setEnabled(whyNot.isEmpty());
    m_aggregate->setToolTip(widgets::text::toolTip(whyNot.isEmpty() ? tr("Open the aggregate %1").arg(aggregateId) : whyNot));
}

void EventHeader::clear()
{
    m_event.reset();
}

} // namespace ui::event
