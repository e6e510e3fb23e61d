// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_writer.h"
#include "connectors/pgstore/snapshot_keeper.h"
#include "connectors/pgstore/store_connection.h"
#include "connectors/position.h"

#include <QHash>

#include <optional>
#include <vector>

namespace connectors::pgstore {

/// A letter that a consumer of the store gives up on.
struct NewDeadLetter {
    QString consumer;
    qint64 position = 0;
    QString reason;
    QString exceptionClass;
    QString stage;
    QString stackTrace;
};

/// Every statement that changes a store. Call inside a Transaction of Kind::Write; throws ThrownError, after which the
/// transaction must be rolled back. One thread.
class StoreWriter final
{
public:
    /// Snapshots are kept as events are appended.
    explicit StoreWriter(StoreConnection &store, SnapshotPolicy policy = {});

    /// In order. Idempotent by eventId; Conflict on another expected version and on a known id with anything else in the event.
    /// `recordedAt` null: the server's clock. An SqlError for which isAnothersAppend() holds means that somebody appended to the
    /// same stream, or the same event, at the same time: roll back and do it all again.
    [[nodiscard]] std::vector<AppendedEvent> append(const std::vector<NewEvent> &events, std::optional<EpochMs> recordedAt = {});
    [[nodiscard]] static bool isAnothersAppend(const postgres::SqlError &failed);

    void saveCheckpoint(const QString &consumer, const QString &stream, qint64 position, const QByteArray &metadata, EpochMs now);
    void deleteCheckpoint(const QString &consumer, const QString &stream);
    /// A second death of the same event in the same consumer counts as one more attempt.
    void addDeadLetter(const NewDeadLetter &letter, EpochMs now);
    /// The consumer's member says that it lives; `now` 0: that it leaves. False where it has come back with a higher epoch since.
    bool heartbeat(const QString &consumer, const QString &member, const QString &host, EpochMs now, qint64 epoch = 0);

private:
    /// As it is stored, or will be.
    struct StoredEvent {
        NewEvent event; ///< with its id, time and version
        qint64 streamVersion = 0;
        qint64 position = 0;
    };
    void learnKnown(const std::vector<NewEvent> &events);
    void learnVersions(const std::vector<NewEvent> &events);
    [[nodiscard]] static QStringList differences(const NewEvent &known, const NewEvent &given);
    /// The id under which the event is, or will be, stored.
    QString place(const NewEvent &event, bool *wasKnown);
    void insert(std::optional<EpochMs> recordedAt);
    qsizetype insertGroup(qsizetype first, std::optional<EpochMs> recordedAt);

    StoreConnection &m_store;
    SnapshotKeeper m_snapshots;
    // of the append under way
    QHash<QString, StoredEvent> m_known; ///< by id: stored before, or placed already
    QHash<QString, qint64> m_versions;   ///< of the streams
    QStringList m_placed;                ///< ids to insert, in order
};

} // namespace connectors::pgstore
