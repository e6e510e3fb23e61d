// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/consumer_queries.h"

#include "connectors/postgres/transaction.h"
#include "connectors/stream_scope.h"

#include <algorithm>
#include <map>

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr const char *Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

ConsumerActivity activityOf(const Rows &rows, int row, int column)
{
    if (rows.isNull(row, column))
        return ConsumerActivity::NotTold;
    return rows.boolean(row, column) ? ConsumerActivity::Active : ConsumerActivity::Empty;
}

/// The checkpoints of one kind of stream with the events that were read or came since they were last asked about.
QByteArray checkpointsOf(const QByteArray &isOfTheKind, const QByteArray &isInTheStream)
{
    const auto count = [&](const QByteArray &from, const QByteArray &to) -> QByteArray {
        return ", (SELECT count(*) FROM events e WHERE " + isInTheStream + " AND e.position >= " + from + " AND e.position < " + to + ')';
    };
    const QByteArray now = "least(c.position, $6)"; // beyond the safe head counts do not last
    const QByteArray before = "coalesce(k.checkpoint, " + now + ')';
    const QByteArray upTo = "coalesce(k.up_to, " + now + ')';
    return "SELECT c.consumer, c.stream, c.position, c.metadata, c.updated_at, k.up_to"
        + count("least(" + before + ", " + now + ')', "greatest(" + before + ", " + now + ')') + count("least(" + upTo + ", $6)", "greatest(" + upTo + ", $6)")
        + count("greatest(c.position, $6)", "$7")
        + " FROM checkpoints c LEFT JOIN unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS k (consumer, stream, checkpoint, up_to)"
          " ON k.consumer = c.consumer AND k.stream = c.stream WHERE c.consumer = ANY ($1::text[]) AND " + isOfTheKind;
}

std::map<QString, std::vector<ConsumerMember>> membersByConsumer(StoreConnection &store, const QByteArrayList &consumers)
{
    const Rows rows = store.database.query(QByteArray("SELECT consumer, member, client_id, host FROM members WHERE consumer = ANY ($1::text[]) AND heartbeat_at > ") + Now
                                               + " - $2::bigint ORDER BY consumer, member",
                                           Parameters().addArray(consumers).add(HeartbeatTimeoutMs));
    std::map<QString, std::vector<ConsumerMember>> all;
    for (int row = 0; row < rows.count(); ++row) {
        ConsumerMember member{rows.string(row, 1), rows.string(row, 2), rows.string(row, 3), {}};
        if (member.clientId.isEmpty())
            member.clientId = member.member;
        all[rows.string(row, 0)].push_back(std::move(member));
    }
    return all;
}

std::vector<ConsumerSummary> summaries(StoreConnection &store)
{
    const Rows rows = store.database.query(QByteArray("SELECT consumer, max(heartbeat_at) > ") + Now
                                               + " - $1::bigint FROM (SELECT consumer, NULL::bigint AS heartbeat_at FROM checkpoints"
                                                 " UNION ALL SELECT consumer, heartbeat_at FROM members) AS known GROUP BY consumer",
                                           Parameters().add(HeartbeatTimeoutMs));
    std::vector<ConsumerSummary> consumers;
    consumers.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        consumers.push_back({rows.string(row, 0), QStringLiteral("store consumer"), activityOf(rows, row, 1)});
    std::sort(consumers.begin(), consumers.end(), [](const ConsumerSummary &a, const ConsumerSummary &b) { return a.consumer < b.consumer; });
    return consumers;
}

} // namespace

ConsumerActivity activityOf(StoreConnection &store, const QString &consumer)
{
    const Rows rows = store.database.query(QByteArray("SELECT max(heartbeat_at) > ") + Now + " - $2::bigint FROM members WHERE consumer = $1",
                                           Parameters().add(consumer).add(HeartbeatTimeoutMs));
    return activityOf(rows, 0, 0);
}

ConsumerQueries::ConsumerQueries(StoreConnection &store)
    : m_store(store)
{
}

std::vector<ConsumerSummary> ConsumerQueries::listConsumers()
{
    return summaries(m_store);
}

Parameters ConsumerQueries::known(const QByteArrayList &consumers, const StoreHead &head) const
{
    QByteArrayList names;
    QByteArrayList streams;
    QByteArrayList checkpoints;
    QByteArrayList upTo;
    for (const auto &[key, waiting] : m_waiting) {
        names += key.first.toUtf8();
        streams += key.second.toUtf8();
        checkpoints += QByteArray::number(waiting.checkpoint);
        upTo += QByteArray::number(waiting.upTo);
    }
    return Parameters().addArray(consumers).addArray(names).addArray(streams).addArray(checkpoints).addArray(upTo).add(head.safeHead).add(head.end);
}

ConsumerQueries::Positions ConsumerQueries::positionsByConsumer(const StoreHead &head, const QByteArrayList &consumers)
{
    const QString holder = head.safeHead < head.end ? holderOf(m_store) : QString();
    // What a stream's name stands for: see StreamScope.
    const Rows rows = m_store.database.query(checkpointsOf("c.stream = '$all'", "true") + " UNION ALL "
                                                 + checkpointsOf("right(c.stream, 2) = '-*'", "e.category = left(c.stream, -2)") + " UNION ALL "
                                                 + checkpointsOf("c.stream <> '$all' AND right(c.stream, 2) <> '-*'", "e.stream = c.stream"),
                                             known(consumers, head));
    Positions all;
    for (int row = 0; row < rows.count(); ++row) {
        ConsumerPosition position;
        position.stream = rows.string(row, 1);
        position.checkpoint = rows.integer(row, 2);
        position.metadata = rows.string(row, 3).toUtf8();
        position.checkpointTime = rows.integer(row, 4);
        // Nothing is ever removed, so a checkpoint below the first position (0, say) has lost nothing.
        position.start = std::min(head.start, *position.checkpoint);
        position.safeHead = head.safeHead;
        position.end = head.end;
        position.heldBackBy = holder;
        Waiting &waiting = m_waiting[{rows.string(row, 0), position.stream}];
        const qint64 checkpoint = std::min(*position.checkpoint, head.safeHead);
        if (rows.isNull(row, 5))
            waiting = {checkpoint, checkpoint, 0};
        const qint64 moved = rows.integer(row, 6);
        const qint64 come = rows.integer(row, 7);
        waiting.events += (checkpoint > waiting.checkpoint ? -moved : moved) + (head.safeHead > waiting.upTo ? come : -come);
        waiting.checkpoint = checkpoint;
        waiting.upTo = head.safeHead;
        if (*position.checkpoint <= head.end)
            position.scopeLag = waiting.events + rows.integer(row, 8);
        all[rows.string(row, 0)].push_back(std::move(position));
    }
    for (auto &[consumer, positions] : all)
        std::sort(positions.begin(), positions.end(), [](const ConsumerPosition &a, const ConsumerPosition &b) { return a.stream < b.stream; });
    return all;
}

ConsumerStates ConsumerQueries::consumerStates(const ConsumerStateRequest &request)
{
    const StoreHead head = readHead(m_store);
    const postgres::Transaction snapshot(m_store.database, postgres::Transaction::Kind::Read);
    std::vector<ConsumerSummary> wanted = summaries(m_store);
    for (const QString &consumer : request.consumers) {
        if (std::none_of(wanted.cbegin(), wanted.cend(), [&](const ConsumerSummary &known) { return known.consumer == consumer; }))
            fail(ErrorCode::NotFound, QStringLiteral("There is no consumer %1 in %2.").arg(consumer.left(200), m_store.place()),
                 QStringLiteral("List the consumers; one appears when it stores its first checkpoint."));
    }
    if (!request.consumers.empty())
        std::erase_if(wanted, [&](const ConsumerSummary &known) {
            return std::find(request.consumers.cbegin(), request.consumers.cend(), known.consumer) == request.consumers.cend();
        });
    QByteArrayList names;
    for (const ConsumerSummary &summary : wanted)
        names += summary.consumer.toUtf8();
    auto positions = positionsByConsumer(head, names);
    auto members = request.withMembers ? membersByConsumer(m_store, names) : std::map<QString, std::vector<ConsumerMember>>();
    ConsumerStates states;
    for (ConsumerSummary &summary : wanted) {
        ConsumerState state;
        state.summary = std::move(summary);
        state.positions = std::move(positions[state.summary.consumer]);
        if (request.withMembers && state.summary.activity == ConsumerActivity::NotTold) {
            state.membersProblem = QStringLiteral("This consumer sends no heartbeats, so nobody can say whether it runs.");
        } else if (request.withMembers) {
            state.members = std::move(members[state.summary.consumer]);
            // Whoever lives reads all of the consumer's streams: they have one partition each.
            for (ConsumerMember &member : *state.members)
                for (const ConsumerPosition &position : state.positions)
                    member.partitions.push_back({position.stream, 0});
        }
        states.consumers.push_back(std::move(state));
    }
    return states;
}

std::vector<DeadLetterQueue> deadLetterQueues(StoreConnection &store)
{
    const Rows rows = store.database.query("SELECT consumer, count(*), min(died_at), max(died_at) FROM dead_letters GROUP BY consumer ORDER BY consumer");
    std::vector<DeadLetterQueue> queues;
    for (int row = 0; row < rows.count(); ++row) {
        DeadLetterQueue queue;
        queue.stream = rows.string(row, 0);
        queue.consumer = queue.stream;
        queue.evidence = DeadLetterEvidence::StoreTable;
        queue.depth = rows.integer(row, 1);
        queue.oldest = rows.integer(row, 2);
        queue.newest = rows.integer(row, 3);
        queues.push_back(std::move(queue));
    }
    return queues;
}

std::vector<DeadLetter> deadLetters(StoreConnection &store, const QString &consumer, qint64 limit)
{
    const Rows rows = store.database.query("SELECT l.position, l.died_at, e.stream, l.reason, l.exception_class, l.stage, l.stack_trace, l.attempts,"
                                           " e.event_type, e.event_id, e.correlation_id, e.aggregate_id, octet_length(e.payload)"
                                           " FROM dead_letters l JOIN events e ON e.position = l.position WHERE l.consumer = $1"
                                           " ORDER BY l.died_at DESC, l.id DESC LIMIT $2",
                                           Parameters().add(consumer).add(limit));
    std::vector<DeadLetter> letters;
    for (int row = 0; row < rows.count(); ++row) {
        DeadLetter letter;
        const QString stream = rows.string(row, 2);
        // Named as streams are listed: by the category, or each of a hundred thousand streams would have a cause of its own.
        letter.originalStream = stream.contains(u'-') ? categoryStream(categoryOf(stream)) : stream;
        letter.original = EventAddress{stream, 0, rows.integer(row, 0)};
        letter.address = *letter.original; // the table refers to the event; there is no second copy
        letter.diedAt = rows.integer(row, 1);
        letter.headerFamily = QStringLiteral("Streamgauge store");
        letter.consumer = consumer;
        letter.reason = rows.string(row, 3);
        letter.exceptionClass = rows.string(row, 4);
        letter.stage = rows.string(row, 5);
        letter.stackTrace = rows.string(row, 6);
        letter.attempts = rows.integer(row, 7);
        letter.eventType = rows.string(row, 8);
        letter.eventId = rows.string(row, 9);
        letter.correlationId = rows.string(row, 10);
        letter.key = rows.string(row, 11);
        letter.size = rows.integer(row, 12);
        letters.push_back(std::move(letter));
    }
    cutTexts(letters);
    return letters;
}

} // namespace connectors::pgstore
