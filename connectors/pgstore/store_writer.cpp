// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/store_writer.h"

#include "connectors/json_text.h"
#include "connectors/storable_event.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr qsizetype EventsAtOnce = 500; ///< a statement takes at most 65,535 values
constexpr qint64 BytesAtOnce = 8 * 1024 * 1024;

constexpr const char *InsertColumns = "stream, stream_version, event_id, event_type, aggregate_id, timestamp, version, correlation_id, causation_id,"
                                      " recorded_at, schema_version, payload, metadata";
constexpr int InsertColumnCount = 13;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

/// What PostgreSQL would cut short or refuse without saying of which event.
void requireKept(const NewEvent &event)
{
    requireStorable(event);
    for (const QString &text : {event.eventId, event.eventType, event.aggregateId, event.timestamp, event.correlationId, event.causationId})
        if (text.contains(QChar::Null))
            fail(ErrorCode::InvalidInput, QStringLiteral("%1 has a NUL character in its envelope.").arg(nameOf(event).remove(QChar::Null)),
                 QStringLiteral("An event store on PostgreSQL cannot hold it; leave it out."));
    if (json::check(view(event.payload)) != json::Verdict::Valid || (!event.metadata.isEmpty() && json::check(view(event.metadata)) != json::Verdict::Valid))
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 has a payload or metadata that is not JSON.").arg(nameOf(event)),
             QStringLiteral("Check it at the place where the event is made; an event store holds JSON texts only."));
}

/// What is wrong with an event names the caller's line.
template<typename Step>
auto namingTheLine(const NewEvent &event, Step step)
{
    try {
        return step();
    } catch (ThrownError &failed) {
        const bool isOfTheEvent = failed.error.code == ErrorCode::InvalidInput || failed.error.code == ErrorCode::Conflict;
        if (isOfTheEvent && event.line > 0)
            failed.error.message = QStringLiteral("Line %1: %2").arg(QString::number(event.line), failed.error.message);
        throw;
    }
}

} // namespace

StoreWriter::StoreWriter(StoreConnection &store, SnapshotPolicy policy)
    : m_store(store)
    , m_snapshots(store, policy)
{
}

bool StoreWriter::isAnothersAppend(const postgres::SqlError &failed)
{
    return failed.isOfTheMoment() || (failed.sqlState == "23505" && (failed.constraint == u"events_id" || failed.constraint == u"events_stream"));
}

std::vector<AppendedEvent> StoreWriter::append(const std::vector<NewEvent> &events, std::optional<EpochMs> recordedAt)
{
    m_known.clear();
    m_versions.clear();
    m_placed.clear();
    for (const NewEvent &event : events)
        namingTheLine(event, [&] { requireKept(event); });
    learnKnown(events);
    learnVersions(events);
    std::vector<std::pair<QString, bool>> places; // id, was known
    for (const NewEvent &event : events) {
        bool wasKnown = false;
        const QString id = namingTheLine(event, [&] { return place(event, &wasKnown); });
        places.emplace_back(id, wasKnown);
    }
    insert(recordedAt);
    std::vector<AppendedEvent> appended;
    appended.reserve(events.size());
    for (const auto &[id, wasKnown] : places)
        appended.push_back({m_known.value(id).position, wasKnown});
    return appended;
}

void StoreWriter::learnKnown(const std::vector<NewEvent> &events)
{
    QByteArrayList ids;
    for (const NewEvent &event : events)
        if (!event.eventId.isEmpty())
            ids += event.eventId.toUtf8();
    for (qsizetype begin = 0; begin < ids.size(); begin += EventsAtOnce) {
        const Rows rows = m_store.database.query("SELECT position, event_id, stream, event_type, aggregate_id, timestamp, version, correlation_id, causation_id,"
                                                 " schema_version, payload, metadata FROM events WHERE event_id = ANY ($1::text[])",
                                                 Parameters().addArray(ids.mid(begin, EventsAtOnce)));
        const auto bytes = [&rows](int row, int column) { return QByteArray(rows.text(row, column).data(), static_cast<qsizetype>(rows.text(row, column).size())); };
        for (int row = 0; row < rows.count(); ++row) {
            StoredEvent known;
            known.position = rows.integer(row, 0);
            known.event.eventId = rows.string(row, 1);
            known.event.stream = rows.string(row, 2);
            known.event.eventType = rows.string(row, 3);
            known.event.aggregateId = rows.string(row, 4);
            known.event.timestamp = rows.string(row, 5);
            known.event.version = rows.integer(row, 6);
            known.event.correlationId = rows.string(row, 7);
            known.event.causationId = rows.string(row, 8);
            known.event.schemaVersion = rows.integer(row, 9);
            known.event.payload = bytes(row, 10);
            known.event.metadata = bytes(row, 11);
            m_known.insert(known.event.eventId, known);
        }
    }
}

void StoreWriter::learnVersions(const std::vector<NewEvent> &events)
{
    QByteArrayList streams;
    for (const NewEvent &event : events)
        streams += event.stream.toUtf8();
    std::sort(streams.begin(), streams.end());
    streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
    const Rows rows = m_store.database.query("SELECT name, coalesce((SELECT max(stream_version) FROM events WHERE stream = name), 0) FROM unnest($1::text[]) AS name",
                                             Parameters().addArray(streams));
    for (int row = 0; row < rows.count(); ++row)
        m_versions.insert(rows.string(row, 0), rows.integer(row, 1));
}

QString StoreWriter::place(const NewEvent &event, bool *wasKnown)
{
    if (const auto known = m_known.constFind(event.eventId); !event.eventId.isEmpty() && known != m_known.cend()) {
        const QStringList differing = differences(known->event, event);
        if (!differing.isEmpty())
            fail(ErrorCode::Conflict,
                 QStringLiteral("Event %1 is already stored at position %2 of stream %3, and is not the same: %4.")
                     .arg(event.eventId.left(200), known->position > 0 ? QString::number(known->position) : QStringLiteral("to come"),
                          known->event.stream.left(200), differing.join(QStringLiteral(", "))),
                 QStringLiteral("Give the new event an id of its own."));
        *wasKnown = true;
        return event.eventId;
    }
    qint64 &version = m_versions[event.stream];
    if (event.expectedVersion && *event.expectedVersion != version)
        fail(ErrorCode::Conflict,
             QStringLiteral("Stream %1 is at version %2, but version %3 was expected.").arg(event.stream).arg(version).arg(*event.expectedVersion),
             QStringLiteral("Read the stream again, decide again, and append with the new version."));
    StoredEvent placed;
    placed.event = event;
    placed.streamVersion = ++version;
    placed.event.version = event.version.value_or(version);
    if (event.eventId.isEmpty())
        placed.event.eventId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (event.timestamp.isEmpty())
        placed.event.timestamp = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    const QString id = placed.event.eventId;
    m_placed += id;
    m_known.insert(id, placed);
    return id;
}

/// All that a caller gives. A time and a version that are not given were chosen by the store.
QStringList StoreWriter::differences(const NewEvent &known, const NewEvent &given)
{
    QStringList found;
    const auto compareText = [&found](const QString &name, const QString &is, const QString &wanted) {
        if (is != wanted)
            found += QStringLiteral("its %1 is “%2”, not “%3”").arg(name, is.left(100), wanted.left(100));
    };
    const auto compareNumber = [&found](const QString &name, qint64 is, qint64 wanted) {
        if (is != wanted)
            found += QStringLiteral("its %1 is %2, not %3").arg(name, QString::number(is), QString::number(wanted));
    };
    compareText(QStringLiteral("stream"), known.stream, given.stream);
    compareText(QStringLiteral("eventType"), known.eventType, given.eventType);
    compareText(QStringLiteral("aggregateId"), known.aggregateId, given.aggregateId);
    if (!given.timestamp.isEmpty())
        compareText(QStringLiteral("timestamp"), known.timestamp, given.timestamp);
    if (given.version)
        compareNumber(QStringLiteral("version"), known.version.value_or(0), *given.version);
    compareText(QStringLiteral("correlationId"), known.correlationId, given.correlationId);
    compareText(QStringLiteral("causationId"), known.causationId, given.causationId);
    compareNumber(QStringLiteral("schemaVersion"), known.schemaVersion, given.schemaVersion);
    if (known.payload != given.payload)
        found += QStringLiteral("its body is another");
    if (known.metadata != given.metadata)
        found += QStringLiteral("its metadata is another");
    return found;
}

void StoreWriter::insert(std::optional<EpochMs> recordedAt)
{
    for (qsizetype first = 0; first < m_placed.size();)
        first += insertGroup(first, recordedAt);
    for (const QString &id : std::as_const(m_placed)) {
        const StoredEvent &stored = *m_known.constFind(id);
        m_snapshots.appended(stored.event.stream, stored.streamVersion, stored.position, recordedAt);
    }
}

/// So many events from `first` on as one statement may well hold; how many that were.
qsizetype StoreWriter::insertGroup(qsizetype first, std::optional<EpochMs> recordedAt)
{
    QByteArray sql = QByteArray("INSERT INTO events (") + InsertColumns + ") VALUES ";
    Parameters values;
    qsizetype count = 0;
    while (first + count < m_placed.size() && count < EventsAtOnce && values.bytes() < BytesAtOnce) {
        const StoredEvent &placed = *m_known.constFind(m_placed[first + count]);
        const NewEvent &event = placed.event;
        values.add(event.stream).add(placed.streamVersion).add(event.eventId).add(event.eventType).addOptional(event.aggregateId).add(event.timestamp);
        values.add(event.version.value_or(placed.streamVersion)).addOptional(event.correlationId).addOptional(event.causationId);
        recordedAt ? values.add(*recordedAt) : values.addNull();
        values.add(event.schemaVersion).add(event.payload);
        event.metadata.isEmpty() ? values.addNull() : values.add(event.metadata);
        sql += count == 0 ? "(" : ", (";
        for (int column = 0; column < InsertColumnCount; ++column)
            sql += (column == 0 ? "$" : ", $") + QByteArray::number(count * InsertColumnCount + column + 1);
        sql += ')';
        ++count;
    }
    const Rows rows = m_store.database.query(sql + " RETURNING event_id, position", values);
    for (int row = 0; row < rows.count(); ++row)
        m_known[rows.string(row, 0)].position = rows.integer(row, 1);
    return count;
}

void StoreWriter::saveCheckpoint(const QString &consumer, const QString &stream, qint64 position, const QByteArray &metadata, EpochMs now)
{
    m_store.database.query("INSERT INTO checkpoints (consumer, stream, position, metadata, updated_at) VALUES ($1, $2, $3, $4, $5)"
                           " ON CONFLICT (consumer, stream) DO UPDATE SET position = excluded.position, metadata = excluded.metadata,"
                           " updated_at = excluded.updated_at",
                           Parameters().add(consumer).add(stream).add(position).add(metadata.isNull() ? QByteArray("") : metadata).add(now));
}

void StoreWriter::deleteCheckpoint(const QString &consumer, const QString &stream)
{
    m_store.database.query("DELETE FROM checkpoints WHERE consumer = $1 AND stream = $2", Parameters().add(consumer).add(stream));
}

void StoreWriter::addDeadLetter(const NewDeadLetter &letter, EpochMs now)
{
    m_store.database.query("INSERT INTO dead_letters AS letter (consumer, position, reason, exception_class, stage, stack_trace, died_at)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (consumer, position) DO UPDATE SET reason = excluded.reason,"
                           " exception_class = excluded.exception_class, stage = excluded.stage, stack_trace = excluded.stack_trace,"
                           " died_at = excluded.died_at, attempts = letter.attempts + 1",
                           Parameters().add(letter.consumer).add(letter.position).add(letter.reason).add(letter.exceptionClass).add(letter.stage)
                               .add(letter.stackTrace).add(now));
}

bool StoreWriter::heartbeat(const QString &consumer, const QString &member, const QString &host, EpochMs now, qint64 epoch)
{
    const Rows changed = m_store.database.query("INSERT INTO members AS known (consumer, member, host, epoch, heartbeat_at) VALUES ($1, $2, $3, $4, $5)"
                                                " ON CONFLICT (consumer, member) DO UPDATE SET host = excluded.host, epoch = excluded.epoch,"
                                                " heartbeat_at = excluded.heartbeat_at WHERE known.epoch <= excluded.epoch",
                                                Parameters().add(consumer).add(member).add(host).add(epoch).add(now));
    return changed.affected() > 0;
}

} // namespace connectors::pgstore
