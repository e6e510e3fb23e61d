// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/store_writer.h"

#include "connectors/storable_event.h"
#include "connectors/stream_scope.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>
#include <tuple>

namespace connectors::eventstore {

StoreWriter::StoreWriter(sqlite::Database &database, SnapshotPolicy policy)
    : m_database(database)
    , m_insert(database, "INSERT INTO events (stream, category, stream_version, event_id, event_type, aggregate_id, timestamp, version,"
                         " correlation_id, causation_id, recorded_at, schema_version, payload, metadata)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (event_id) DO NOTHING")
    , m_version(database, "SELECT stream_version FROM events WHERE stream = ?1 ORDER BY stream_version DESC LIMIT 1")
    , m_known(database, "SELECT position, stream, event_type, aggregate_id, timestamp, version, correlation_id, causation_id,"
                        " schema_version, payload, metadata FROM events WHERE event_id = ?1")
    , m_lastRecorded(database, "SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1")
    , m_saveCheckpoint(database, "INSERT INTO checkpoints (consumer, stream, position, metadata, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)"
                                 " ON CONFLICT DO UPDATE SET position = ?3, metadata = ?4, updated_at = ?5")
    , m_deleteCheckpoint(database, "DELETE FROM checkpoints WHERE consumer = ?1 AND stream = ?2")
    , m_addDeadLetter(database, "INSERT INTO dead_letters (consumer, position, reason, exception_class, stage, stack_trace, died_at)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                                " ON CONFLICT (consumer, position) DO UPDATE SET reason = ?3, exception_class = ?4, stage = ?5,"
                                " stack_trace = ?6, died_at = ?7, attempts = attempts + 1")
    , m_heartbeat(database, "INSERT INTO members (consumer, member, host, heartbeat_at) VALUES (?1, ?2, ?3, ?4)"
                            " ON CONFLICT DO UPDATE SET host = ?3, heartbeat_at = ?4")
    , m_snapshots(database, policy)
{
}

std::vector<AppendedEvent> StoreWriter::append(const std::vector<NewEvent> &events, EpochMs now)
{
    m_versions.clear();
    const EpochMs last = m_lastRecorded.step() ? m_lastRecorded.integer(0) : now;
    m_lastRecorded.reset();
    std::vector<AppendedEvent> appended;
    appended.reserve(events.size());
    for (const NewEvent &event : events) {
        try {
            appended.push_back(appendOne(event, std::max(now, last)));
        } catch (ThrownError &failed) {
            const bool isOfTheEvent = failed.error.code == ErrorCode::InvalidInput || failed.error.code == ErrorCode::Conflict;
            if (isOfTheEvent && event.line > 0)
                failed.error.message = QStringLiteral("Line %1: %2").arg(QString::number(event.line), failed.error.message);
            throw;
        }
    }
    return appended;
}

AppendedEvent StoreWriter::appendOne(const NewEvent &event, EpochMs recordedAt)
{
    requireStorable(event);
    const qint64 version = versionOf(event.stream);
    std::optional<qint64> position;
    try {
        position = insert(event, version + 1, recordedAt);
    } catch (const ThrownError &failed) {
        if (failed.error.code == ErrorCode::Refused && failed.error.message.contains(u"json_valid"))
            fail(ErrorCode::InvalidInput, QStringLiteral("%1 has a payload or metadata that is not JSON.").arg(nameOf(event)),
                 QStringLiteral("Check it at the place where the event is made; an event store holds JSON texts only."));
        throw;
    }
    if (!position)
        return knownEvent(event);
    if (event.expectedVersion && *event.expectedVersion != version)
        fail(ErrorCode::Conflict,
             QStringLiteral("Stream %1 is at version %2, but version %3 was expected.").arg(event.stream).arg(version).arg(*event.expectedVersion),
             QStringLiteral("Read the stream again, decide again, and append with the new version."));
    m_versions[event.stream] = version + 1;
    m_snapshots.appended(event.stream, version + 1, *position, recordedAt);
    return {*position, false};
}

AppendedEvent StoreWriter::knownEvent(const NewEvent &event)
{
    m_known.bind(1, event.eventId);
    if (!m_known.step())
        fail(ErrorCode::Internal, QStringLiteral("%1 was refused, but is not stored.").arg(nameOf(event)));
    const qint64 position = m_known.integer(0);
    const QString stream = m_known.string(1);
    const QStringList differences = differencesFromKnown(event);
    m_known.reset();
    if (!differences.isEmpty())
        fail(ErrorCode::Conflict,
             QStringLiteral("Event %1 is already stored at position %2 of stream %3, and is not the same: %4.")
                 .arg(event.eventId.left(200), QString::number(position), stream.left(200), differences.join(QStringLiteral(", "))),
             QStringLiteral("Give the new event an id of its own."));
    return {position, true};
}

/// Of the row that m_known stands at: all that a caller gives. A time and a version that are not given were chosen here.
QStringList StoreWriter::differencesFromKnown(const NewEvent &event) const
{
    QStringList differences;
    const auto compareText = [&](const QString &name, int column, const QString &given) {
        if (const QString known = m_known.string(column); known != given)
            differences += QStringLiteral("its %1 is “%2”, not “%3”").arg(name, known.left(100), given.left(100));
    };
    const auto compareNumber = [&](const QString &name, int column, qint64 given) {
        if (const qint64 known = m_known.integer(column); known != given)
            differences += QStringLiteral("its %1 is %2, not %3").arg(name, QString::number(known), QString::number(given));
    };
    const auto compareJson = [&](const QString &name, int column, const QByteArray &given) {
        if (m_known.text(column) != std::string_view(given.constData(), static_cast<size_t>(given.size())))
            differences += QStringLiteral("its %1 is another").arg(name);
    };
    compareText(QStringLiteral("stream"), 1, event.stream);
    compareText(QStringLiteral("eventType"), 2, event.eventType);
    compareText(QStringLiteral("aggregateId"), 3, event.aggregateId);
    if (!event.timestamp.isEmpty())
        compareText(QStringLiteral("timestamp"), 4, event.timestamp);
    if (event.version)
        compareNumber(QStringLiteral("version"), 5, *event.version);
    compareText(QStringLiteral("correlationId"), 6, event.correlationId);
    compareText(QStringLiteral("causationId"), 7, event.causationId);
    compareNumber(QStringLiteral("schemaVersion"), 8, event.schemaVersion);
    compareJson(QStringLiteral("body"), 9, event.payload);
    compareJson(QStringLiteral("metadata"), 10, event.metadata);
    return differences;
}

std::optional<qint64> StoreWriter::insert(const NewEvent &event, qint64 streamVersion, EpochMs recordedAt)
{
    const auto view = [](const QByteArray &bytes) { return std::string_view(bytes.constData(), static_cast<size_t>(bytes.size())); };
    m_insert.bind(1, event.stream).bind(2, categoryOf(event.stream)).bind(3, streamVersion);
    m_insert.bind(4, event.eventId.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces) : event.eventId);
    m_insert.bind(5, event.eventType).bindOptional(6, event.aggregateId);
    m_insert.bind(7, event.timestamp.isEmpty() ? QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) : event.timestamp);
    m_insert.bind(8, event.version.value_or(streamVersion));
    m_insert.bindOptional(9, event.correlationId).bindOptional(10, event.causationId);
    m_insert.bind(11, recordedAt).bind(12, event.schemaVersion).bind(13, view(event.payload));
    if (event.metadata.isEmpty())
        m_insert.bindNull(14);
    else
        m_insert.bind(14, view(event.metadata));
    // Not RETURNING: with it SQLite keeps a journal of each statement, which costs half the speed.
    m_insert.run();
    return m_database.changes() > 0 ? std::optional(m_database.lastInsertedRow()) : std::nullopt;
}

qint64 StoreWriter::versionOf(const QString &stream)
{
    const auto found = m_versions.constFind(stream);
    if (found != m_versions.cend())
        return *found;
    m_version.bind(1, stream);
    const qint64 version = m_version.step() ? m_version.integer(0) : 0;
    m_version.reset();
    m_versions.insert(stream, version);
    return version;
}

void StoreWriter::saveCheckpoint(const QString &consumer, const QString &stream, qint64 position, const QByteArray &metadata, EpochMs now)
{
    m_saveCheckpoint.bind(1, consumer).bind(2, stream).bind(3, position);
    m_saveCheckpoint.bind(4, std::string_view(metadata.constData(), static_cast<size_t>(metadata.size()))).bind(5, now).run();
}

void StoreWriter::deleteCheckpoint(const QString &consumer, const QString &stream)
{
    m_deleteCheckpoint.bind(1, consumer).bind(2, stream).run();
}

void StoreWriter::addDeadLetter(const NewDeadLetter &letter, EpochMs now)
{
    m_addDeadLetter.bind(1, letter.consumer).bind(2, letter.position).bind(3, letter.reason).bind(4, letter.exceptionClass);
    m_addDeadLetter.bind(5, letter.stage).bind(6, letter.stackTrace).bind(7, now).run();
}

void StoreWriter::heartbeat(const QString &consumer, const QString &member, const QString &host, EpochMs now)
{
    m_heartbeat.bind(1, consumer).bind(2, member).bind(3, host).bind(4, now).run();
}

} // namespace connectors::eventstore
