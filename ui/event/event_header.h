// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"
#include "models/event/event_column.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace ui::event {

/// What stands above the tabs of an EventPanel: type, version and place of the event, the way to its trace, and what can be
/// copied of it.
class EventHeader final : public QWidget
{
    Q_OBJECT

public:
    explicit EventHeader(QWidget *parent = nullptr);

    void setEvent(const QString &connection, const models::event::CachedEvent &event);
    void clear();
    /// Whether the aggregate of the event is offered: not at all without an id, greyed out where there is a reason against it.
    void setAggregate(const QString &aggregateId, const QString &whyNot);

Q_SIGNALS:
    void aggregateClicked();
    void traceClicked();
    void copyClicked(); ///< what the panel shows now

private:
    void buildCopyMenu();

    std::optional<models::event::CachedEvent> m_event;
    QString m_connection;
    QLabel *m_dot;
    QLabel *m_title;
    QLabel *m_place;
    QToolButton *m_aggregate;
    QPushButton *m_trace;
    QToolButton *m_copy;
};

} // namespace ui::event
