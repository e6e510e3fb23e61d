// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/consumer_queries.h"

#include "connectors/eventstore/scope_queries.h"

#include <algorithm>

namespace connectors::eventstore {

namespace {

ConsumerSummary summaryOf(sqlite::Database &database, const QString &consumer, EpochMs now)
{
    return {consumer, QStringLiteral("store consumer"), activityOf(database, consumer, now)};
}

std::vector<QString> consumerNames(sqlite::Database &database)
{
    sqlite::Statement statement(database, "SELECT consumer FROM checkpoints UNION SELECT consumer FROM members ORDER BY 1");
    std::vector<QString> names;
    while (statement.step())
        names.push_back(statement.string(0));
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<ConsumerMember> membersOf(sqlite::Database &database, const QString &consumer, const std::vector<ConsumerPosition> &positions, EpochMs now)
{
    sqlite::Statement statement(database, "SELECT member, client_id, host FROM members WHERE consumer = ?1 AND heartbeat_at > ?2 ORDER BY member");
    statement.bind(1, consumer).bind(2, now - HeartbeatTimeoutMs);
    std::vector<ConsumerMember> members;
    while (statement.step()) {
        ConsumerMember member{statement.string(0), statement.string(1), statement.string(2), {}};
        if (member.clientId.isEmpty())
            member.clientId = member.member;
        // Whoever lives reads all of the consumer's streams: they have one partition each.
        for (const ConsumerPosition &position : positions)
            member.partitions.push_back({position.stream, 0});
        members.push_back(std::move(member));
    }
    return members;
}

/// Start and end are the store's: a checkpoint in a scope may stand before its first event and after its last.
std::vector<ConsumerPosition> positionsOf(sqlite::Database &database, const QString &consumer, qint64 start, qint64 end)
{
    sqlite::Statement statement(database, "SELECT stream, position, metadata, updated_at FROM checkpoints WHERE consumer = ?1 ORDER BY stream");
    statement.bind(1, consumer);
    std::vector<ConsumerPosition> positions;
    while (statement.step()) {
        ConsumerPosition position;
        position.stream = statement.string(0);
        position.checkpoint = statement.integer(1);
        const std::string_view metadata = statement.text(2);
        position.metadata = QByteArray(metadata.data(), static_cast<qsizetype>(metadata.size()));
        position.checkpointTime = statement.integer(3);
        // Nothing is ever removed, so a checkpoint below the first position (0, say) has lost nothing.
        position.start = std::min(start, *position.checkpoint);
        position.safeHead = end;
        position.end = end;
        if (*position.checkpoint <= end)
            position.scopeLag = countEvents(database, Scope(position.stream), *position.checkpoint, end);
        positions.push_back(std::move(position));
    }
    std::sort(positions.begin(), positions.end(), [](const ConsumerPosition &a, const ConsumerPosition &b) { return a.stream < b.stream; });
    return positions;
}

} // namespace

ConsumerActivity activityOf(sqlite::Database &database, const QString &consumer, EpochMs now)
{
    sqlite::Statement statement(database, "SELECT max(heartbeat_at) FROM members WHERE consumer = ?1");
    statement.bind(1, consumer);
    if (!statement.step() || statement.isNull(0))
        return ConsumerActivity::NotTold;
    return statement.integer(0) > now - HeartbeatTimeoutMs ? ConsumerActivity::Active : ConsumerActivity::Empty;
}

std::vector<ConsumerSummary> listConsumers(sqlite::Database &database, EpochMs now)
{
    sqlite::Transaction snapshot(database, sqlite::Transaction::Kind::Read);
    std::vector<ConsumerSummary> consumers;
    for (const QString &name : consumerNames(database))
        consumers.push_back(summaryOf(database, name, now));
    return consumers;
}

ConsumerStates consumerStates(sqlite::Database &database, const ConsumerStateRequest &request, EpochMs now)
{
    sqlite::Transaction snapshot(database, sqlite::Transaction::Kind::Read);
    const std::vector<QString> known = consumerNames(database);
    std::vector<QString> wanted = request.consumers.empty() ? known : request.consumers;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    const qint64 start = storeStart(database);
    const qint64 end = storeEnd(database);
    ConsumerStates states;
    for (const QString &consumer : wanted) {
        if (!std::binary_search(known.cbegin(), known.cend(), consumer))
            fail(ErrorCode::NotFound, QStringLiteral("There is no consumer %1 in %2.").arg(consumer.left(200), database.path()),
                 QStringLiteral("List the consumers; one appears when it stores its first checkpoint."));
        ConsumerState state;
        state.summary = summaryOf(database, consumer, now);
        state.positions = positionsOf(database, consumer, start, end);
        if (request.withMembers && state.summary.activity == ConsumerActivity::NotTold)
            state.membersProblem = QStringLiteral("This consumer sends no heartbeats, so nobody can say whether it runs.");
        else if (request.withMembers)
            state.members = membersOf(database, consumer, state.positions, now);
        states.consumers.push_back(std::move(state));
    }
    return states;
}

std::vector<DeadLetterQueue> deadLetterQueues(sqlite::Database &database)
{
    sqlite::Statement statement(database, "SELECT consumer, count(*), min(died_at), max(died_at) FROM dead_letters GROUP BY consumer ORDER BY consumer");
    std::vector<DeadLetterQueue> queues;
    while (statement.step()) {
        DeadLetterQueue queue;
        queue.stream = statement.string(0);
        queue.consumer = queue.stream;
        queue.evidence = DeadLetterEvidence::StoreTable;
        queue.depth = statement.integer(1);
        queue.oldest = statement.integer(2);
        queue.newest = statement.integer(3);
        queues.push_back(std::move(queue));
    }
    return queues;
}

std::vector<DeadLetter> deadLetters(sqlite::Database &database, const QString &consumer, qint64 limit)
{
    sqlite::Statement statement(database, "SELECT l.position, l.died_at, e.stream, l.reason, l.exception_class, l.stage, l.stack_trace, l.attempts,"
                                  " e.event_type, e.event_id, coalesce(e.correlation_id, ''), coalesce(e.aggregate_id, ''), length(CAST(e.payload AS BLOB))"
                                  " FROM dead_letters l LEFT JOIN events e ON e.position = l.position WHERE l.consumer = ?1"
                                  " ORDER BY l.died_at DESC, l.id DESC LIMIT ?2");
    statement.bind(1, consumer).bind(2, limit);
    std::vector<DeadLetter> letters;
    while (statement.step()) {
        DeadLetter letter;
        const QString stream = statement.string(2);
        // Named as streams are listed: by the category, or each of a hundred thousand streams would have a cause of its own.
        letter.originalStream = stream.contains(u'-') ? categoryStream(categoryOf(stream)) : stream;
        letter.original = EventAddress{stream, 0, statement.integer(0)};
        letter.address = *letter.original; // the table refers to the event; there is no second copy
        letter.diedAt = statement.integer(1);
        letter.headerFamily = QStringLiteral("Streamgauge store");
        letter.consumer = consumer;
        letter.reason = statement.string(3);
        letter.exceptionClass = statement.string(4);
        letter.stage = statement.string(5);
        letter.stackTrace = statement.string(6);
        letter.attempts = statement.integer(7);
        letter.eventType = statement.string(8);
        letter.eventId = statement.string(9);
        letter.correlationId = statement.string(10);
        letter.key = statement.string(11);
        letter.size = statement.integer(12);
        letters.push_back(std::move(letter));
    }
    cutTexts(letters);
    return letters;
}

} // namespace connectors::eventstore
