// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/snapshot_policy.h"
#include "connectors/snapshot_source.h"
#include "connectors/sqlite/database.h"

namespace connectors::eventstore {

/// Keeps the state of a stream as events are appended, by the store's own rule (fold::ruleName() without upcasts). One thread.
class SnapshotKeeper final
{
public:
    /// The store must be of SchemaVersion, and open for writing.
    SnapshotKeeper(sqlite::Database &database, SnapshotPolicy policy);

    /// Inside the transaction that has appended the event, which is the `version`-th of the stream. Folds and stores where it is
    /// the policy's turn and its limits allow; costs nothing else. The events since the snapshot before are read again, so that
    /// each event is read once more in all.
    void appended(const QString &stream, qint64 version, qint64 position, EpochMs now);

private:
    const SnapshotPolicy m_policy;
    const QString m_fold;
    sqlite::Statement m_base;
    sqlite::Statement m_events;
    sqlite::Statement m_insert;
};

/// Null where there is none; in a store of version 1 there never is. See SnapshotSource.
[[nodiscard]] std::optional<Snapshot> newestSnapshot(sqlite::Database &database, const QString &stream, const QString &fold, qint64 atMostVersion);
[[nodiscard]] std::vector<Snapshot> listSnapshots(sqlite::Database &database, const QString &stream);

} // namespace connectors::eventstore
