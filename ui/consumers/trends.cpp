// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/trends.h"

#include "connectors/deliver.h"

#include <QDateTime>
#include <QPointer>

#include <cmath>

namespace ui::consumers {

using models::connection::Connection;

namespace {

constexpr connectors::EpochMs AskInterval = 2'000;

/// One value a slice, so that the lines of all consumers share their axis of time; what was not watched is a gap.
QVariantList sliced(const std::vector<models::history::SeriesPoint> &points, connectors::EpochMs from, connectors::EpochMs to)
{
    QVariantList values(Trends::Points);
    qsizetype last = -1;
    for (const auto &point : points) {
        const auto slice = std::clamp<qsizetype>(static_cast<qsizetype>((point.time - from) * Trends::Points / std::max<qint64>(1, to - from)), 0,
                                                 Trends::Points - 1);
        // Between two points the line goes on with the last value, unless a gap was said.
        if (last >= 0 && values[last].isValid())
            for (qsizetype between = last + 1; between < slice; ++between)
                values[between] = values[last];
        values[slice] = std::isnan(point.value) ? QVariant() : QVariant(point.value);
        last = slice;
    }
    return values;
}

} // namespace

Trends::Trends(models::connection::Workspace &workspace, models::history::History &history, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_history(history)
{
    connect(&workspace, &models::connection::Workspace::connectionClosed, this, [this](Connection *connection) { m_entries.remove(connection); });
}

void Trends::setTimeRange(const frame::TimeRange &range)
{
    m_range = range;
    for (Entry &entry : m_entries)
        entry.askedAt = 0;
}

void Trends::update()
{
    for (Connection *connection : m_workspace.connections())
        ask(connection);
}

void Trends::ask(Connection *connection)
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    Entry &entry = m_entries[connection];
    if (!connection->identity() || entry.isOutstanding || now - entry.askedAt < AskInterval)
        return;
    entry.askedAt = now;
    entry.isOutstanding = true;
    models::history::SeriesQuery query;
    query.isByName = true;
    query.from = m_range.begin(now);
    query.to = m_range.end(now);
    query.pixels = Points;
    connectors::deliver(m_history.query(connection->identity()->systemId, query), this,
                        [this, guard = QPointer<Connection>(connection), query](const connectors::Result<models::history::SeriesByName> &result) {
                            if (!guard || !m_entries.contains(guard))
                                return;
                            Entry &answered = m_entries[guard];
                            answered.isOutstanding = false;
                            if (!result)
                                return; // the history itself has told why
                            answered.byConsumer.clear();
                            for (const auto &[name, points] : *result)
                                answered.byConsumer.insert(name, sliced(points, query.from, query.to));
                            Q_EMIT changed();
                        });
}

QVariantList Trends::trend(const Connection *connection, const QString &consumer) const
{
    const auto entry = m_entries.constFind(connection);
    return entry == m_entries.constEnd() ? QVariantList() : entry->byConsumer.value(consumer);
}

} // namespace ui::consumers
