// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/shop_consumer.h"

#include "connectors/eventstore/scope.h"
#include "connectors/eventstore/scope_queries.h"

#include <QCoreApplication>
#include <QSysInfo>

#include <algorithm>

namespace session::demo {

using namespace connectors;
using namespace connectors::eventstore;
using namespace connectors::sqlite;
using connectors::EpochMs;

namespace {

QByteArray readSql(const QString &stream)
{
    const Scope scope(stream);
    return "SELECT position, stream, event_type, event_id, recorded_at " + scope.from() + " AND position >= ?2" + scope.order() + " LIMIT ?3";
}

} // namespace

ShopConsumer::ShopConsumer(ConsumerRole role, quint64 seed, sqlite::Database &database, StoreWriter &writer)
    : m_role(std::move(role))
    , m_seed(seed)
    , m_database(database)
    , m_writer(writer)
    , m_checkpoint(database, "SELECT position FROM checkpoints WHERE consumer = ?1 AND stream = ?2")
    , m_read(database, readSql(m_role.stream))
    , m_known(database, "SELECT 1 FROM events WHERE event_id = ?1")
    , m_version(database, "SELECT stream_version FROM events WHERE stream = ?1 ORDER BY stream_version DESC LIMIT 1")
{
}

qint64 ShopConsumer::step(EpochMs now, EpochMs duration)
{
    const double rate = m_role.eventsPerSecond(now);
    m_allowance = rate > 0 ? std::min(m_allowance + rate * static_cast<double>(duration) / 1000, std::max(rate, 1.0)) : 0;
    const auto limit = static_cast<qint64>(m_allowance);
    if (limit == 0)
        return 0;
    const qint64 checkpoint = storedCheckpoint();
    const qint64 end = storeEnd(m_database);
    const std::vector<SeenEvent> events = readFrom(checkpoint, limit);
    m_allowance -= static_cast<double>(events.size());
    qint64 made = 0;
    for (const SeenEvent &event : events)
        made += handle(event, now);
    // Caught up: the next event that could be its own is at the end of the store, wherever its last one was.
    const qint64 next = std::ssize(events) < limit ? std::max(end, checkpoint) : events.back().position + 1;
    if (next != checkpoint)
        m_writer.saveCheckpoint(m_role.name, m_role.stream, next, {}, now);
    return made;
}

void ShopConsumer::heartbeat(EpochMs now)
{
    if (m_role.eventsPerSecond(now) > 0)
        m_writer.heartbeat(m_role.name, m_role.name + u"-1", QSysInfo::machineHostName(), now);
    else
        leave();
}

void ShopConsumer::leave()
{
    m_writer.heartbeat(m_role.name, m_role.name + u"-1", QSysInfo::machineHostName(), 0);
}

qint64 ShopConsumer::storedCheckpoint()
{
    m_checkpoint.bind(1, m_role.name).bind(2, m_role.stream);
    const qint64 position = m_checkpoint.step() ? m_checkpoint.integer(0) : 0;
    m_checkpoint.reset();
    return position;
}

std::vector<SeenEvent> ShopConsumer::readFrom(qint64 checkpoint, qint64 limit)
{
    m_read.bind(1, Scope(m_role.stream).name()).bind(2, checkpoint).bind(3, limit);
    std::vector<SeenEvent> events;
    while (m_read.step()) {
        SeenEvent event{m_read.integer(0), m_read.string(1), m_read.string(2), m_read.string(3), 0, m_read.integer(4)};
        event.order = orderOf(event.stream);
        events.push_back(std::move(event));
    }
    return events;
}

qint64 ShopConsumer::handle(const SeenEvent &event, EpochMs now)
{
    const ShopRules::Reactions reactions = m_role.handler(event);
    if (!reactions) {
        const HandlerFailure &failure = reactions.error();
        m_writer.addDeadLetter({m_role.name, event.position, failure.message, failure.exceptionClass, failure.stage, failure.stackTrace}, now);
        return 0;
    }
    qint64 made = 0;
    const EpochMs earliest = std::max(now, event.time + 1); // an effect comes after its cause
    for (const Reaction &reaction : *reactions) {
        const QString stream = streamOf(reaction.part, event.order);
        if (isKnown(eventIdOf(m_seed, stream, reaction.type)))
            continue;
        m_version.bind(1, stream);
        const qint64 version = m_version.step() ? m_version.integer(0) : 0;
        m_version.reset();
        std::ignore = m_writer.append({makeEvent(m_seed, event.order, reaction, event.eventId, earliest + made, version + 1)}, earliest + made);
        ++made;
    }
    return made;
}

bool ShopConsumer::isKnown(const QString &eventId)
{
    const bool isKnown = m_known.bind(1, eventId).step();
    m_known.reset();
    return isKnown;
}

} // namespace session::demo
