// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"
#include "connectors/stream_catalog.h"

#include <QHash>

namespace connectors::eventstore {

/// Lists the streams of a store. Without names it lists the categories, which share the events among them without overlap
/// and stay few where single streams are a hundred thousand; with internal ones `$all` and every single stream too.
/// Remembers its counts: events are never removed, so each question only counts what came since. All single streams together
/// are one statement, however many they are.
class CatalogQueries final
{
public:
    explicit CatalogQueries(sqlite::Database &database);
    [[nodiscard]] StreamList listStreams(const StreamListRequest &request);
    [[nodiscard]] std::vector<TimePosition> positionsAt(const QString &stream, EpochMs time);

private:
    struct Count {
        qint64 upTo = 0;
        qint64 events = 0;
    };
    [[nodiscard]] std::vector<QString> categoryNames();
    void countSingleStreams(qint64 end);
    void forgetSingleStreams();
    /// `$all` and every single stream that is not among the categories.
    void addInternal(const StreamListRequest &request, qint64 end, std::vector<StreamInfo> *streams);
    [[nodiscard]] StreamInfo describe(const QString &stream, const StreamListRequest &request, qint64 end);
    [[nodiscard]] PartitionExtent extentOf(const QString &stream, bool withTimes, qint64 end);

    struct Extent {
        qint64 first = 0;
        qint64 last = 0;
        qint64 events = 0;
    };

    sqlite::Database &m_database;
    QHash<QString, Count> m_counts;
    QHash<QString, Extent> m_singleStreams; ///< only as long as they are asked for
    qint64 m_singleStreamsUpTo = 0;
};

} // namespace connectors::eventstore
