// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/eventstore/snapshot_keeper.h"
#include "connectors/event_writer.h"
#include "connectors/position.h"

#include <QHash>
#include <QStringList>

#include <optional>
#include <vector>

namespace connectors::eventstore {

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
    explicit StoreWriter(sqlite::Database &database, SnapshotPolicy policy = {});

    /// In order. Idempotent by eventId; Conflict on another expected version and on a known id with anything else in the event.
    /// `now` is the recorded time, unless the store has a later one: recorded times never go back.
    [[nodiscard]] std::vector<AppendedEvent> append(const std::vector<NewEvent> &events, EpochMs now);

    void saveCheckpoint(const QString &consumer, const QString &stream, qint64 position, const QByteArray &metadata, EpochMs now);
    void deleteCheckpoint(const QString &consumer, const QString &stream);
    /// A second death of the same event in the same consumer counts as one more attempt.
    void addDeadLetter(const NewDeadLetter &letter, EpochMs now);
    /// The consumer's member says that it lives; `now` 0: that it leaves.
    void heartbeat(const QString &consumer, const QString &member, const QString &host, EpochMs now);

private:
    AppendedEvent appendOne(const NewEvent &event, EpochMs recordedAt);
    AppendedEvent knownEvent(const NewEvent &event);
    [[nodiscard]] QStringList differencesFromKnown(const NewEvent &event) const;
    std::optional<qint64> insert(const NewEvent &event, qint64 streamVersion, EpochMs recordedAt);
    qint64 versionOf(const QString &stream);

    sqlite::Database &m_database;
    sqlite::Statement m_insert;
    sqlite::Statement m_version;
    sqlite::Statement m_known;
    sqlite::Statement m_lastRecorded;
    sqlite::Statement m_saveCheckpoint;
    sqlite::Statement m_deleteCheckpoint;
    sqlite::Statement m_addDeadLetter;
    sqlite::Statement m_heartbeat;
    SnapshotKeeper m_snapshots;
    QHash<QString, qint64> m_versions; ///< of the streams of the append under way
};

} // namespace connectors::eventstore
