// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/value_menu.h"

#include "models/event/event_json.h"
#include "ui/event/event_text.h"
#include "ui/event/value_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>

namespace ui::event {

using models::event::CachedEvent;
using models::event::EventColumn;

namespace {

constexpr qint64 CopiedBodyBytes = 8 * 1024 * 1024; ///< more is for an export: a copy is made on the GUI thread

/// In a menu "&" underlines what follows.
QString menuText(const QString &untrusted, int length)
{
    return widgets::text::untrusted(untrusted, length).replace(u'&', QStringLiteral("&&"));
}

} // namespace

ValueMenu::ValueMenu(QWidget *parent)
    : QMenu(parent)
{
    setObjectName(QStringLiteral("value-menu"));
    setAttribute(Qt::WA_DeleteOnClose);
}

void ValueMenu::addValue(const EventColumn &column, const QVariant &value, bool isFilterOffered)
{
    const QString title = columnTitle(column).replace(u'&', QStringLiteral("&&"));
    const QString shown = value.isValid() ? menuText(valueWords(column, value, true), 40) : tr("nothing");
    for (const bool isEqual : isFilterOffered ? std::vector<bool>{true, false} : std::vector<bool>{}) {
        QAction *filter = addAction(theme::icon(QStringLiteral("filter")), isEqual ? tr("Filter: %1 = %2").arg(title, shown) : tr("Filter: %1 ≠ %2").arg(title, shown));
        filter->setObjectName(isEqual ? QStringLiteral("filter-equal") : QStringLiteral("filter-unequal"));
        connect(filter, &QAction::triggered, this, [this, column, value, isEqual] { Q_EMIT filterRequested(column, value, isEqual); });
    }
    if (isFilterOffered) {
        QAction *show = addAction(tr("Show %1 as a column").arg(title));
        show->setObjectName(QStringLiteral("show-column"));
        connect(show, &QAction::triggered, this, [this, column] { Q_EMIT columnRequested(column); });
        addSeparator();
    }
    if (value.isValid())
        addCopy(QStringLiteral("copy-value"), tr("Copy %1").arg(shown), column.kind == EventColumn::Kind::Time ? exactWords(column, value) : value.toString());
}

void ValueMenu::addEvent(const QString &connection, const connectors::EventAddress &address, const std::optional<CachedEvent> &event)
{
    addCopy(QStringLiteral("copy-link"), tr("Copy a link to the event"), linkTo(connection, address));
    addCopy(QStringLiteral("copy-command"), tr("Copy as command"), commandFor(connection, address));
    if (!event || event->batch->record(event->row).isCut() || event->batch->record(event->row).size > CopiedBodyBytes)
        return;
    QAction *json = addAction(theme::icon(QStringLiteral("copy")), tr("Copy the event as JSON"));
    json->setObjectName(QStringLiteral("copy-json"));
    connect(json, &QAction::triggered, this, [event = *event, connection] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(models::event::eventJson(*event.batch, event.row, connection)));
    });
    QAction *asMarkdown = addAction(theme::icon(QStringLiteral("copy")), tr("Copy the event as Markdown"));
    asMarkdown->setObjectName(QStringLiteral("copy-markdown"));
    connect(asMarkdown, &QAction::triggered, this, [event = *event] { QGuiApplication::clipboard()->setText(markdown(event)); });
}

void ValueMenu::addTrace(const QString &correlationOrEventId)
{
    if (correlationOrEventId.isEmpty())
        return;
    addSeparator();
    QAction *trace = addAction(theme::icon(QStringLiteral("traces")), tr("Show the trace of the event"));
    trace->setObjectName(QStringLiteral("show-trace"));
    connect(trace, &QAction::triggered, this, [this, correlationOrEventId] { Q_EMIT traceRequested(correlationOrEventId); });
}

void ValueMenu::addAggregate(const QString &aggregateId, const QString &whyNot)
{
    if (aggregateId.isEmpty())
        return;
    setToolTipsVisible(true);
    QAction *open = addAction(theme::icon(QStringLiteral("aggregates")), tr("Open the aggregate"));
    open->setObjectName(QStringLiteral("open-aggregate"));
    open->setEnabled(whyNot.isEmpty());
    open->setToolTip(widgets::text::toolTip(whyNot.isEmpty() ? aggregateId : whyNot));
    connect(open, &QAction::triggered, this, [this, aggregateId] { Q_EMIT aggregateRequested(aggregateId); });
}

void ValueMenu::addCopy(const QString &name, const QString &words, const QString &copied)
{
    QAction *copy = addAction(theme::icon(QStringLiteral("copy")), words);
    copy->setObjectName(name);
    connect(copy, &QAction::triggered, this, [copied] { QGuiApplication::clipboard()->setText(copied); });
}

} // namespace ui::event
