// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgstore/store_connection.h"
#include "connectors/snapshot_policy.h"
#include "connectors/snapshot_source.h"

namespace connectors::pgstore {

/// Keeps the state of a stream as events are appended, by the store's own rule (fold::ruleName() without upcasts). One thread.
class SnapshotKeeper final
{
public:
    SnapshotKeeper(StoreConnection &store, SnapshotPolicy policy);

    /// Inside the transaction that has appended the event, which is the `version`-th of the stream. Folds and stores where it is
    /// the policy's turn and its limits allow; costs nothing else. The events since the snapshot before are read again, so that
    /// each event is read once more in all. `now` null: by the server's clock.
    void appended(const QString &stream, qint64 version, qint64 position, std::optional<EpochMs> now);

private:
    StoreConnection &m_store;
    const SnapshotPolicy m_policy;
    const QString m_fold;
};

/// See SnapshotSource.
[[nodiscard]] std::optional<Snapshot> newestSnapshot(StoreConnection &store, const QString &stream, const QString &fold, qint64 atMostVersion);
[[nodiscard]] std::vector<Snapshot> listSnapshots(StoreConnection &store, const QString &stream);

} // namespace connectors::pgstore
