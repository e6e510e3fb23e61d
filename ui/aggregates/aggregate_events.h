// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/aggregates/aggregate_event_model.h"

#include <QWidget>

namespace ui::widgets {
class PlainTable;
}

namespace ui::aggregates {

/// The table of an aggregate's events, one of which is the version that is looked at, and what can be done with each.
class AggregateEvents final : public QWidget
{
    Q_OBJECT

public:
    explicit AggregateEvents(QWidget *parent = nullptr);

    void setHistory(const std::shared_ptr<const models::aggregate::AggregateHistory> &history);
    /// Moves the selection, without versionChosen().
    void setVersion(qint64 version);

Q_SIGNALS:
    void versionChosen(qint64 version);
    void eventRequested(qint64 version); ///< to be read as an event
    void traceRequested(qint64 version);

private:
    void openMenu(const QPoint &position);

    AggregateEventModel m_model;
    widgets::PlainTable *m_table;
    bool m_isFollowing = false; ///< the selection is moved from outside
};

} // namespace ui::aggregates
