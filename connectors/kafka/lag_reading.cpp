// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/lag_reading.h"

#include "connectors/kafka/group_list.h"
#include "connectors/kafka/group_members.h"
#include "connectors/kafka/partition_offsets.h"

#include <algorithm>
#include <future>
#include <numeric>
#include <set>
#include <tuple>

namespace connectors::kafka {

namespace {

constexpr std::chrono::milliseconds QuestionTimeout{10'000}; ///< of one question; a step asks all of its questions at once
constexpr int QuestionTimeoutMs = static_cast<int>(QuestionTimeout.count());
constexpr std::chrono::seconds LastRecordTimeout{5};
/// The second time with a handle that has not heard of the old coordinator.
constexpr int CoordinatorAttempts = 2;

bool isPossiblyRead(const ConsumerSummary &summary)
{
    return summary.activity != ConsumerActivity::Empty && summary.activity != ConsumerActivity::Dead;
}

std::set<QString> streamsOf(const ConsumerState &state, const GroupOffsets &offsets)
{
    std::set<QString> streams;
    if (offsets) {
        for (const CommittedOffset &committed : *offsets) {
            if (committed.offset || committed.problem)
                streams.insert(committed.at.stream);
        }
    }
    if (state.members) {
        for (const ConsumerMember &member : *state.members) {
            for (const PartitionId &partition : member.partitions)
                streams.insert(partition.stream);
        }
    }
    return streams;
}

struct LagEdges {
    PartitionOffsets starts;
    PartitionOffsets safeHeads;
    PartitionOffsets ends;
};

/// Takes the offset where there is one, else remembers why there is none.
void takeEdge(const PartitionOffsets &offsets, const PartitionId &id, std::optional<qint64> &target, std::optional<Error> &problem)
{
    const auto found = offsets.find(id);
    if (found == offsets.end())
        return;
    if (found->second)
        target = **found->second;
    else if (!problem)
        problem = found->second.error();
}

} // namespace

LagReading::LagReading(GroupClients &clients, LastRecord &lastRecord, ConsumerStateRequest request, std::stop_token stop)
    : m_clients(clients)
    , m_lastRecord(lastRecord)
    , m_request(std::move(request))
    , m_stop(std::move(stop))
    , m_metadata(ClusterMetadata{})
{
}

Result<ConsumerStates> LagReading::read()
{
    const auto client = m_clients.shared(Isolation::ReadUncommitted);
    if (!client)
        return tl::unexpected(client.error());
    m_client = *client;
    for (const auto step : {&LagReading::listGroups, &LagReading::readGroups}) {
        if (auto done = (this->*step)(); !done)
            return tl::unexpected(done.error());
    }
    addPositions();
    readEnds();
    markControlRecords();
    if (m_stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled."));
    sumUpProblems();
    return std::move(m_states);
}

Result<void> LagReading::listGroups()
{
    // First whether anybody is there: the questions below would each wait for their whole time.
    if (const auto answer = m_client->probe(QuestionTimeoutMs, m_stop); !answer)
        return tl::unexpected(answer.error());
    auto metadata = std::async(std::launch::async, [client = m_client] { return readMetadata(*client, QuestionTimeoutMs); });
    // Connected before it is asked: each change of a connection makes librdkafka repeat what waits for a coordinator.
    auto connecting = std::async(std::launch::async, [this] {
        const auto client = m_clients.forCoordinators();
        return client && (*client)->probe(QuestionTimeoutMs, m_stop).has_value();
    });
    auto list = kafka::listGroups(*m_client, QuestionTimeout, m_stop);
    m_metadata = metadata.get();
    std::ignore = connecting.get();
    if (!list)
        return tl::unexpected(list.error());
    m_states.problems = std::move(list->problems);
    return choose(std::move(list->groups));
}

Result<void> LagReading::choose(std::vector<ConsumerSummary> listed)
{
    std::vector<QString> wanted = m_request.consumers;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty()) {
        for (ConsumerSummary &summary : listed)
            m_states.consumers.emplace_back().summary = std::move(summary);
        return {};
    }
    for (const QString &name : wanted) {
        const auto found = std::lower_bound(listed.begin(), listed.end(), name, [](const ConsumerSummary &summary, const QString &text) { return summary.consumer < text; });
        if (found != listed.end() && found->consumer == name) {
            m_states.consumers.emplace_back().summary = *found;
        } else if (m_states.problems.empty()) {
            return failure(ErrorCode::NotFound, QStringLiteral("There is no consumer group “%1”.").arg(name.left(250)),
                           QStringLiteral("List the groups; Kafka forgets one that is empty and has no offsets left."));
        } else {
            m_states.problems.push_back({ErrorCode::Incomplete, QStringLiteral("It is not known whether there is a consumer group “%1”.").arg(name.left(250)),
                                         QStringLiteral("Try again when all brokers answer."), true});
        }
    }
    return {};
}

Result<void> LagReading::readGroups()
{
    if (m_states.consumers.empty())
        return {};
    // Both ask the coordinators, and neither needs the other's answer.
    std::future<void> members;
    if (m_request.withMembers)
        members = std::async(std::launch::async, [this] { readMembers(); });
    auto read = readOffsets();
    if (members.valid())
        members.get();
    for (size_t i = 0; i < m_offsets.size(); ++i) {
        if (!m_offsets[i])
            m_states.consumers[i].problem = m_offsets[i].error();
    }
    return read;
}

Result<void> LagReading::readOffsets()
{
    std::vector<size_t> open(m_states.consumers.size());
    std::iota(open.begin(), open.end(), size_t{0});
    m_offsets.resize(open.size());
    for (int attempt = 0; attempt < CoordinatorAttempts && !open.empty(); ++attempt) {
        if (attempt > 0)
            m_clients.forgetCoordinators();
        const auto client = m_clients.forCoordinators();
        if (!client)
            return tl::unexpected(client.error());
        std::vector<QString> groups;
        groups.reserve(open.size());
        for (const size_t i : open)
            groups.push_back(m_states.consumers[i].summary.consumer);
        auto answers = committedOffsets(**client, groups, m_request.withStableCheckpoints, QuestionTimeout, m_stop);
        std::vector<size_t> moved;
        for (size_t i = 0; i < open.size(); ++i) {
            if (!answers[i] && answers[i].error().code == ErrorCode::Incomplete)
                moved.push_back(open[i]);
            m_offsets[open[i]] = std::move(answers[i]);
        }
        open = std::move(moved);
    }
    return {};
}

void LagReading::readMembers()
{
    std::vector<QString> read;
    for (const ConsumerState &state : m_states.consumers) {
        if (isPossiblyRead(state.summary))
            read.push_back(state.summary.consumer);
    }
    std::map<QString, Result<GroupDescription>> descriptions;
    if (const auto client = m_clients.forCoordinators(); client)
        descriptions = describeGroups(**client, read, QuestionTimeout, m_stop);
    for (ConsumerState &state : m_states.consumers) {
        if (const auto description = descriptions.find(state.summary.consumer); description != descriptions.end())
            addDescription(state, description->second);
        else if (!isPossiblyRead(state.summary))
            state.members.emplace();
    }
}

void LagReading::addPositions()
{
    for (size_t i = 0; i < m_offsets.size(); ++i) {
        ConsumerState &state = m_states.consumers[i];
        std::map<PartitionId, ConsumerPosition> positions;
        const auto at = [&](const PartitionId &id) -> ConsumerPosition & {
            ConsumerPosition &position = positions[id];
            position.stream = id.stream;
            position.partition = id.partition;
            return position;
        };
        for (const QString &stream : streamsOf(state, m_offsets[i])) {
            if (const TopicPlaces *topic = m_metadata ? m_metadata->find(stream) : nullptr) {
                for (const PartitionPlace &place : topic->partitions)
                    at(place.id);
            }
        }
        if (m_offsets[i]) {
            for (CommittedOffset &committed : *m_offsets[i]) {
                if (!committed.offset && !committed.problem)
                    continue;
                ConsumerPosition &position = at(committed.at);
                position.checkpoint = committed.offset;
                position.metadata = std::move(committed.metadata);
                position.isMetadataExact = committed.isMetadataExact;
                position.problem = std::move(committed.problem);
            }
        }
        for (auto &[id, position] : positions)
            state.positions.push_back(std::move(position));
    }
}

void LagReading::readEnds()
{
    std::set<QString> streams;
    for (const ConsumerState &state : m_states.consumers) {
        for (const ConsumerPosition &position : state.positions)
            streams.insert(position.stream);
    }
    std::vector<PartitionPlace> places;
    for (const QString &stream : streams) {
        if (const TopicPlaces *topic = m_metadata ? m_metadata->find(stream) : nullptr)
            places.insert(places.end(), topic->partitions.begin(), topic->partitions.end());
    }
    const auto ask = [&](const ClientPtr &client, LogPoint point) {
        return std::async(std::launch::async, [this, client, point, &places] { return kafka::readOffsets(client, places, point, QuestionTimeoutMs, m_stop); });
    };
    auto ends = ask(m_client, Latest{});
    auto starts = ask(m_client, Earliest{});
    std::future<PartitionOffsets> safeHeads;
    if (m_request.withSafeHead) {
        if (const auto committed = m_clients.shared(Isolation::ReadCommitted))
            safeHeads = ask(*committed, Latest{});
    }
    const LagEdges edges{starts.get(), safeHeads.valid() ? safeHeads.get() : PartitionOffsets(), ends.get()};
    for (ConsumerState &state : m_states.consumers) {
        for (ConsumerPosition &position : state.positions) {
            const PartitionId id{position.stream, position.partition};
            takeEdge(edges.ends, id, position.end, position.problem);
            takeEdge(edges.starts, id, position.start, position.problem);
            takeEdge(edges.safeHeads, id, position.safeHead, position.problem);
            if (!position.problem && !edges.ends.contains(id))
                position.problem = missingPartition(id);
        }
    }
}

Error LagReading::missingPartition(const PartitionId &id) const
{
    if (!m_metadata)
        return m_metadata.error();
    if (const TopicPlaces *topic = m_metadata->find(id.stream); topic && topic->error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return m_client->explain(topic->error, QStringLiteral("The partitions of %1 could not be read").arg(id.stream.left(250)));
    return {ErrorCode::Incomplete, QStringLiteral("%1 has no partition %2, or this connection may not see it.").arg(id.stream.left(250)).arg(id.partition),
            QStringLiteral("The topic may have been deleted; else ask for the ACL Describe on it."), false};
}

void LagReading::markControlRecords()
{
    LastRecord::Ends ends;
    const auto isOneShort = [](const ConsumerPosition &position) { return position.checkpoint && position.end && *position.end - *position.checkpoint == 1; };
    for (const ConsumerState &state : m_states.consumers) {
        for (const ConsumerPosition &position : state.positions) {
            if (isOneShort(position))
                ends[{position.stream, position.partition}] = *position.end;
        }
    }
    if (ends.empty() || m_stop.stop_requested())
        return;
    const auto client = m_clients.forLastRecords();
    if (!client)
        return;
    const auto isNoEvent = m_lastRecord.isNoEvent(**client, m_clients.caution(), ends, LastRecordTimeout, m_stop);
    for (ConsumerState &state : m_states.consumers) {
        for (ConsumerPosition &position : state.positions) {
            if (isOneShort(position))
                position.isTransactional = isNoEvent.at({position.stream, position.partition});
        }
    }
}

void LagReading::sumUpProblems()
{
    std::map<PartitionId, const Error *> unread;
    for (const ConsumerState &state : m_states.consumers) {
        for (const ConsumerPosition &position : state.positions) {
            if (position.problem)
                unread.emplace(PartitionId{position.stream, position.partition}, &*position.problem);
        }
    }
    if (unread.empty())
        return;
    Error problem = *unread.begin()->second;
    if (unread.size() > 1)
        problem.message = QStringLiteral("%1 partitions could not be read. The first: %2").arg(unread.size()).arg(problem.message);
    problem.code = ErrorCode::Incomplete;
    m_states.problems.push_back(std::move(problem));
}

} // namespace connectors::kafka
