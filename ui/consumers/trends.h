// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "ui/frame/time_range.h"

#include <QHash>
#include <QVariantList>

namespace ui::consumers {

/// The small lines beside consumers: lag over the window's time range, from the history, asked for at most every two
/// seconds a connection and only while somebody looks.
class Trends final : public QObject
{
    Q_OBJECT

public:
    static constexpr int Points = 40;

    Trends(models::connection::Workspace &workspace, models::history::History &history, QObject *parent = nullptr);
    void setTimeRange(const frame::TimeRange &range);
    /// Asks again for what has changed.
    void update();
    /// As the sparkline delegate takes it.
    [[nodiscard]] QVariantList trend(const models::connection::Connection *connection, const QString &consumer) const;

Q_SIGNALS:
    void changed();

private:
    void ask(models::connection::Connection *connection);

    struct Entry {
        QHash<QString, QVariantList> byConsumer;
        connectors::EpochMs askedAt = 0;
        bool isOutstanding = false;
        quint64 generation = 0;
    };
    models::connection::Workspace &m_workspace;
    models::history::History &m_history;
    frame::TimeRange m_range;
    QHash<const models::connection::Connection *, Entry> m_entries;
};

} // namespace ui::consumers
