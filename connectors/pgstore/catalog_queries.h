// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgstore/safe_head.h"
#include "connectors/stream_catalog.h"
#include "connectors/stream_scope.h"

#include <QHash>

namespace connectors::pgstore {

/// Lists the streams of a store. Without names it lists the categories, which share the events among them without overlap and stay
/// few where single streams are a hundred thousand; with internal ones `$all` and every single stream too. Remembers its counts
/// up to the safe head, below which nothing changes: each question only counts what came since. One statement for each kind of
/// stream, however many they are.
class CatalogQueries final
{
public:
    explicit CatalogQueries(StoreConnection &store);
    [[nodiscard]] StreamList listStreams(const StreamListRequest &request);
    [[nodiscard]] std::vector<TimePosition> positionsAt(const QString &stream, EpochMs time);

private:
    struct Count {
        qint64 upTo = 0;
        qint64 events = 0;
    };
    struct Extent {
        qint64 first = 0;
        qint64 last = 0;
        qint64 events = 0;
        std::optional<EpochMs> firstTime;
        std::optional<EpochMs> lastTime;
    };
    using Extents = QHash<QString, Extent>; ///< by the stream's name as it is listed; no entry: it has no event

    [[nodiscard]] std::vector<QString> categoryNames();
    /// Of the scopes of one kind among the names.
    void addExtents(StreamScope::Kind kind, const std::vector<QString> &names, const StoreHead &head, Extents *extents);
    /// Of every single stream.
    [[nodiscard]] Extents singleStreams(const StoreHead &head);
    void addSingleStreams(qint64 from, qint64 to, Extents *extents);
    void addTimes(Extents *extents);
    [[nodiscard]] static StreamInfo info(const QString &stream, const StreamListRequest &request, const StoreHead &head, const Extents &extents);

    StoreConnection &m_store;
    QHash<QString, Count> m_counts;
    Extents m_singleStreams; ///< only as long as they are asked for
    qint64 m_singleStreamsUpTo = 0;
};

} // namespace connectors::pgstore
