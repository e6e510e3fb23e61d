// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/trace_menu.h"

#include "ui/theme/theme.h"
#include "ui/traces/causation_graph_view.h"
#include "ui/traces/trace_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace ui::traces {

using models::trace::KnownAs;
using models::trace::TraceEvent;
using models::trace::TraceRequest;

namespace {

QAction *addCopy(QMenu &menu, const QString &words, const QString &value)
{
    QAction *copy = menu.addAction(theme::icon(QStringLiteral("copy")), words, &menu, [value] { QGuiApplication::clipboard()->setText(value); });
    copy->setEnabled(!value.isEmpty());
    return copy;
}

} // namespace

TraceMenu::TraceMenu(TraceView &view, const QMenu &common, QWidget *window)
    : QObject(window)
    , m_view(view)
    , m_common(common)
    , m_window(window)
{
}

void TraceMenu::popup(QPoint globalPoint)
{
    if (!m_view.scene())
        return;
    auto *menu = new QMenu(m_window);
    menu->setObjectName(QStringLiteral("trace-menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const int event = m_view.currentEvent(); event >= 0)
        addEventActions(*menu, event);
    addNodeActions(*menu);
    if (!menu->isEmpty())
        menu->addSeparator();
    menu->addActions(m_common.actions());
    menu->popup(globalPoint);
}

void TraceMenu::addEventActions(QMenu &menu, int event)
{
    const TraceEvent &each = m_view.scene()->trace().events[static_cast<size_t>(event)];
    QAction *open = menu.addAction(theme::icon(QStringLiteral("event")), tr("Open the event"), this, [this, event] { Q_EMIT eventRequested(event); });
    open->setObjectName(QStringLiteral("open-event"));
    menu.addSeparator();
    addCopy(menu, tr("Copy the event id"), each.eventId)->setObjectName(QStringLiteral("copy-event-id"));
    addCopy(menu, tr("Copy the correlation id"), each.correlationId)->setObjectName(QStringLiteral("copy-correlation-id"));
    addCopy(menu, tr("Copy the causation id"), each.causationId)->setObjectName(QStringLiteral("copy-causation-id"));
    addCopy(menu, tr("Copy the aggregate"), each.aggregateId)->setObjectName(QStringLiteral("copy-aggregate"));
    addCopy(menu, tr("Copy the place"), models::trace::placeText(each.address))->setObjectName(QStringLiteral("copy-place"));
    if (each.aggregateId.isEmpty())
        return;
    menu.addSeparator();
    QAction *search = menu.addAction(theme::icon(QStringLiteral("search")), tr("Search the flows of this aggregate"), this, [this, aggregate = each.aggregateId] {
        TraceRequest request;
        request.text = aggregate;
        request.knownAs = KnownAs::AggregateId;
        Q_EMIT searchRequested(request, false);
    });
    search->setObjectName(QStringLiteral("search-aggregate"));
}

void TraceMenu::addNodeActions(QMenu &menu)
{
    CausationGraphView *graph = m_view.graph();
    const int node = graph->currentNode();
    if (node < 0 || !graph->scene())
        return;
    const auto &view = graph->scene()->view();
    if (view.groupOf(view.itemOf(node)))
        menu.addAction(tr("Expand the group"), this, [graph, node] { Q_EMIT graph->groupToggled(node, true); })->setObjectName(QStringLiteral("expand-group"));
    if (const qint32 group = view.expandedGroupOf(node); group >= 0)
        menu.addAction(tr("Collapse the group"), this, [graph, group] { Q_EMIT graph->groupToggled(group, false); })->setObjectName(QStringLiteral("collapse-group"));
    if (!graph->scene()->graph().isPhantom(node))
        return;
    const QString missing = graph->scene()->graph().idOf(node);
    addCopy(menu, tr("Copy the missing id"), missing)->setObjectName(QStringLiteral("copy-missing-id"));
    QAction *search = menu.addAction(theme::icon(QStringLiteral("search")), tr("Search the missing cause at all times"), this, [this, missing] {
        TraceRequest request;
        request.text = missing;
        request.knownAs = KnownAs::EventId;
        Q_EMIT searchRequested(request, true);
    });
    search->setObjectName(QStringLiteral("search-missing"));
}

} // namespace ui::traces
