// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <QFuture>

#include <stop_token>

namespace connectors {

/// The state of a stream after one of its events.
struct Snapshot {
    QString stream;
    qint64 streamVersion = 0; ///< of that event: it is the so-many-th of the stream, from 1 on
    qint64 position = 0;      ///< of that event
    QString fold;             ///< the rule that made it, see fold::ruleName()
    QByteArray state;         ///< JSON
    EpochMs createdAt = NoNumber;
    bool operator==(const Snapshot &) const = default;
};

/// Whole snapshots that were kept while events were appended. What they say follows from the events, so that nothing is lost with
/// them; asking never makes one.
class SnapshotSource
{
public:
    virtual ~SnapshotSource() = default;
    /// The newest of a stream that the rule has made at or below a version; null where there is none, as of a stream that is not there.
    [[nodiscard]] virtual QFuture<Result<std::optional<Snapshot>>> newestSnapshot(QString stream, QString fold, qint64 atMostVersion, std::stop_token stop) = 0;
    /// All of a stream, whatever rule has made them, without their states; oldest first.
    [[nodiscard]] virtual QFuture<Result<std::vector<Snapshot>>> listSnapshots(QString stream, std::stop_token stop) = 0;
};

} // namespace connectors
