// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"
#include "models/event/event_column.h"

#include <QMenu>

namespace ui::event {

/// What can be done with one value of one event: filter by it, show it as a column, copy it or the event. Parts that are
/// not given are left out. Deletes itself when it closes.
class ValueMenu final : public QMenu
{
    Q_OBJECT

public:
    explicit ValueMenu(QWidget *parent);

    /// Filtering and columns are offered where the page has them.
    void addValue(const models::event::EventColumn &column, const QVariant &value, bool isFilterOffered = true);
    /// The event that the value belongs to. Its body may not be there (yet); one that is cut is not copied.
    void addEvent(const QString &connection, const connectors::EventAddress &address, const std::optional<models::event::CachedEvent> &event);
    /// What a trace would be searched by; offered when there is any.
    void addTrace(const QString &correlationOrEventId);
    /// The aggregate that the event belongs to; offered when it has one, greyed out where there is a reason against it.
    void addAggregate(const QString &aggregateId, const QString &whyNot);

Q_SIGNALS:
    void aggregateRequested(const QString &aggregateId);
    void filterRequested(const models::event::EventColumn &column, const QVariant &value, bool isEqual);
    void columnRequested(const models::event::EventColumn &column);
    void traceRequested(const QString &correlationOrEventId);

private:
    void addCopy(const QString &name, const QString &words, const QString &copied);
};

} // namespace ui::event
