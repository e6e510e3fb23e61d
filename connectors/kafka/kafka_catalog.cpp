// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_catalog.h"

#include "connectors/kafka/kafka_error.h"
#include "connectors/kafka/topic_configs.h"

#include <algorithm>
#include <future>
#include <set>

namespace connectors::kafka {

namespace {

constexpr int AnswerTimeoutMs = 10'000;
constexpr int TimesTimeoutMs = 30'000;
/// Of each stream one problem is told in full; an operator does not read a thousand.
constexpr int ProblemsToldOfAStream = 1;

/// Collects what could not be read, one sentence a stream.
class Problems final
{
public:
    void add(const QString &stream, const Error &error)
    {
        if (++m_counts[stream] <= ProblemsToldOfAStream)
            m_problems.push_back(error);
    }
    [[nodiscard]] std::vector<Error> take()
    {
        for (const auto &[stream, count] : m_counts) {
            if (count > ProblemsToldOfAStream && !stream.isEmpty())
                m_problems.push_back({ErrorCode::Incomplete, QStringLiteral("The same holds for %1 more values of “%2”.").arg(count - ProblemsToldOfAStream).arg(stream), {}, true});
        }
        return std::move(m_problems);
    }

private:
    std::map<QString, int> m_counts;
    std::vector<Error> m_problems;
};

bool isWanted(const StreamListRequest &request, const std::set<QString> &asked, const QString &topic)
{
    if (!asked.empty())
        return asked.contains(topic);
    return request.withInternal || !isInternalTopic(topic);
}

/// The wanted topics as streams without extents.
std::vector<StreamInfo> streamsOf(const ClusterMetadata &metadata, const StreamListRequest &request, Problems *problems)
{
    const std::set<QString> asked(request.streams.cbegin(), request.streams.cend());
    std::vector<StreamInfo> streams;
    for (const TopicPlaces &topic : metadata.topics) {
        if (!isWanted(request, asked, topic.topic))
            continue;
        StreamInfo info;
        info.stream = topic.topic;
        info.kind = QStringLiteral("topic");
        info.isInternal = isInternalTopic(topic.topic);
        for (const PartitionPlace &place : topic.partitions)
            info.partitions.push_back({place.id.partition, {}, {}, {}, {}, {}, {}});
        if (topic.error != RD_KAFKA_RESP_ERR_NO_ERROR)
            problems->add(topic.topic, kafkaError(topic.error, QStringLiteral("The partitions of “%1” could not be listed").arg(topic.topic)));
        streams.push_back(std::move(info));
    }
    for (const QString &name : asked) {
        if (!metadata.find(name))
            problems->add(name, {ErrorCode::NotFound, QStringLiteral("There is no topic “%1”.").arg(name), QStringLiteral("Check its name; upper and lower case differ."), false});
    }
    return streams;
}

std::vector<PartitionPlace> placesOf(const ClusterMetadata &metadata, const std::vector<StreamInfo> &streams)
{
    std::vector<PartitionPlace> places;
    for (const StreamInfo &stream : streams) {
        const TopicPlaces *topic = metadata.find(stream.stream);
        places.insert(places.end(), topic->partitions.cbegin(), topic->partitions.cend());
    }
    return places;
}

void forEachPartition(std::vector<StreamInfo> &streams, const std::function<void(const PartitionId &, PartitionExtent &)> &visit)
{
    for (StreamInfo &stream : streams) {
        for (PartitionExtent &extent : stream.partitions)
            visit({stream.stream, extent.partition}, extent);
    }
}

/// A value of one partition, or null and a problem.
std::optional<qint64> take(const PartitionOffsets &offsets, const PartitionId &id, Problems *problems)
{
    const Result<std::optional<qint64>> &offset = offsets.at(id);
    if (offset)
        return *offset;
    problems->add(id.stream, offset.error());
    return std::nullopt;
}

Result<void> addExtents(Clients &clients, const ClusterMetadata &metadata, std::vector<StreamInfo> &streams, const std::stop_token &stop, Problems *problems)
{
    const Result<ClientPtr> uncommitted = clients.shared(Isolation::ReadUncommitted);
    const Result<ClientPtr> committed = clients.shared(Isolation::ReadCommitted);
    if (!uncommitted || !committed)
        return tl::unexpected(uncommitted ? committed.error() : uncommitted.error());
    const std::vector<PartitionPlace> places = placesOf(metadata, streams);
    const auto ask = [&](const ClientPtr &client, LogPoint point) {
        return std::async(std::launch::async, [&places, &stop, client, point] { return readOffsets(client, places, point, AnswerTimeoutMs, stop); });
    };
    auto starts = ask(*uncommitted, Earliest{});
    auto ends = ask(*uncommitted, Latest{});
    auto heads = ask(*committed, Latest{});
    const PartitionOffsets start = starts.get();
    const PartitionOffsets end = ends.get();
    const PartitionOffsets head = heads.get();
    forEachPartition(streams, [&](const PartitionId &id, PartitionExtent &extent) {
        extent.start = take(start, id, problems);
        extent.end = take(end, id, problems);
        extent.safeHead = take(head, id, problems);
    });
    return {};
}

void addTimes(EdgeClient &edges, std::vector<StreamInfo> &streams, const std::stop_token &stop, Problems *problems)
{
    std::vector<EdgeRange> ranges;
    forEachPartition(streams, [&ranges](const PartitionId &id, PartitionExtent &extent) {
        if (extent.start && extent.safeHead && *extent.safeHead > *extent.start)
            ranges.push_back({id, *extent.start, *extent.safeHead});
    });
    if (ranges.empty())
        return;
    const EdgeAnswer answer = edges.read(ranges, Edges::Both, TimesTimeoutMs, stop);
    forEachPartition(streams, [&](const PartitionId &id, PartitionExtent &extent) {
        if (const auto record = answer.first.find(id); record != answer.first.end())
            extent.firstTime = record->second.time;
        if (const auto record = answer.last.find(id); record != answer.last.end())
            extent.lastTime = record->second.time;
    });
    if (answer.problem)
        problems->add({}, *answer.problem);
}

void addConfigs(const Client &client, std::vector<StreamInfo> &streams, const std::stop_token &stop, Problems *problems)
{
    std::vector<QString> names;
    names.reserve(streams.size());
    for (const StreamInfo &stream : streams)
        names.push_back(stream.stream);
    const auto configs = readTopicConfigs(client, names, AnswerTimeoutMs, stop);
    for (StreamInfo &stream : streams) {
        const Result<TopicConfig> &config = configs.at(stream.stream);
        if (!config) {
            problems->add(stream.stream, config.error());
            continue;
        }
        stream.retentionMs = config->retentionMs;
        stream.retentionBytes = config->retentionBytes;
        stream.cleanupPolicy = config->cleanupPolicy;
    }
}

/// The shared handle, once it is known that the cluster answers.
Result<ClientPtr> connectedClient(Clients &clients, const std::stop_token &stop)
{
    const Result<ClientPtr> client = clients.shared(Isolation::ReadUncommitted);
    if (!client)
        return client;
    if (const Result<void> connected = (*client)->requireAnswer(AnswerTimeoutMs, stop); !connected)
        return tl::unexpected(connected.error());
    return client;
}

Result<std::vector<TimePosition>> readPositionsAt(Clients &clients, const QString &stream, EpochMs time, const std::stop_token &stop)
{
    const Result<ClientPtr> client = connectedClient(clients, stop);
    if (!client)
        return tl::unexpected(client.error());
    const Result<ClusterMetadata> metadata = readMetadata(**client, AnswerTimeoutMs);
    if (!metadata)
        return tl::unexpected(metadata.error());
    const TopicPlaces *topic = metadata->find(stream);
    if (!topic)
        return failure(ErrorCode::NotFound, QStringLiteral("There is no topic “%1”.").arg(stream), QStringLiteral("Check its name; upper and lower case differ."));
    const PartitionOffsets offsets = readOffsets(*client, topic->partitions, AtTime{time}, AnswerTimeoutMs, stop);
    std::vector<TimePosition> positions;
    for (const auto &[id, offset] : offsets) {
        if (!offset)
            return tl::unexpected(offset.error());
        positions.push_back({id.partition, *offset});
    }
    return positions;
}

} // namespace

Result<StreamList> readStreams(Clients &clients, EdgeClient &edges, const StreamListRequest &request, const std::stop_token &stop)
{
    const Result<ClientPtr> client = connectedClient(clients, stop);
    if (!client)
        return tl::unexpected(client.error());
    const Result<ClusterMetadata> metadata = readMetadata(**client, AnswerTimeoutMs);
    if (!metadata)
        return tl::unexpected(metadata.error());
    Problems problems;
    StreamList list;
    list.streams = streamsOf(*metadata, request, &problems);
    if (request.withExtents || request.withTimes) {
        if (const Result<void> added = addExtents(clients, *metadata, list.streams, stop, &problems); !added)
            return tl::unexpected(added.error());
    }
    if (request.withTimes)
        addTimes(edges, list.streams, stop, &problems);
    if (request.withConfig && !list.streams.empty())
        addConfigs(**client, list.streams, stop, &problems);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Listing topics was cancelled."));
    list.problems = problems.take();
    return list;
}

KafkaCatalog::KafkaCatalog(std::shared_ptr<Clients> clients, std::shared_ptr<EdgeClient> edges, TaskPool &tasks)
    : m_clients(std::move(clients))
    , m_edges(std::move(edges))
    , m_tasks(tasks)
{
}

QFuture<Result<StreamList>> KafkaCatalog::listStreams(StreamListRequest request, std::stop_token stop)
{
    return m_tasks.run<StreamList>(std::move(stop), [clients = m_clients, edges = m_edges, request = std::move(request)](const std::stop_token &taskStop) {
        return readStreams(*clients, *edges, request, taskStop);
    });
}

QFuture<Result<std::vector<TimePosition>>> KafkaCatalog::positionsAt(QString stream, EpochMs time, std::stop_token stop)
{
    return m_tasks.run<std::vector<TimePosition>>(std::move(stop), [clients = m_clients, stream = std::move(stream), time](const std::stop_token &taskStop) {
        return readPositionsAt(*clients, stream, time, taskStop);
    });
}

} // namespace connectors::kafka
