// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/snapshot.h"

#include "connectors/answer_of.h"
#include "models/connection/environment.h"

#include <QDateTime>

#include <algorithm>

namespace models::replay {

using namespace connectors;

namespace {

Result<ConsumerState> readConsumer(Connector &connector, const QString &consumer, std::stop_token stop)
{
    ConsumerCatalog *catalog = connector.consumerCatalog();
    if (!catalog)
        return failure(ErrorCode::Unsupported, connector.whyNot(Ability::ConsumerCatalog));
    ConsumerStateRequest request;
    request.consumers = {consumer};
    request.withSafeHead = true;
    request.withStableCheckpoints = true;
    auto states = answerOf(catalog->consumerStates(request, stop));
    if (!states)
        return tl::unexpected(states.error());
    const auto found = std::find_if(states->consumers.begin(), states->consumers.end(),
                                    [&](const ConsumerState &state) { return state.summary.consumer == consumer; });
    if (found == states->consumers.end()) {
        if (!states->problems.empty())
            return tl::unexpected(states->problems.front());
        return failure(ErrorCode::NotFound, QStringLiteral("There is no consumer “%1”.").arg(consumer),
                       QStringLiteral("Look at the names with: streamgaugectl lag"));
    }
    if (found->problem)
        return tl::unexpected(*found->problem);
    for (const ConsumerPosition &position : found->positions) {
        if (position.problem && !position.checkpoint) {
            return failure(ErrorCode::Incomplete, QStringLiteral("The checkpoint of “%1” in %2 partition %3 could not be read: %4")
                               .arg(consumer, position.stream, QString::number(position.partition), position.problem->message),
                           QStringLiteral("Nothing is planned on half a picture. Try again when the system answers."), true);
        }
    }
    return std::move(*found);
}

Result<std::map<QString, StreamInfo>> readStreams(Connector &connector, std::vector<QString> streams, std::stop_token stop)
{
    std::map<QString, StreamInfo> known;
    StreamCatalog *catalog = connector.streamCatalog();
    if (!catalog || streams.empty())
        return known;
    StreamListRequest request;
    request.streams = std::move(streams);
    request.withInternal = true;
    request.withConfig = true;
    auto list = answerOf(catalog->listStreams(request, stop));
    if (!list) {
        if (list.error().code == ErrorCode::NotFound)
            return known; // its rows are refused one by one
        return tl::unexpected(list.error());
    }
    for (StreamInfo &stream : list->streams)
        known.emplace(stream.stream, std::move(stream));
    for (const Error &problem : list->problems) {
        if (problem.code != ErrorCode::NotFound)
            return tl::unexpected(problem);
    }
    return known;
}

} // namespace

std::optional<PartitionExtent> Snapshot::extent(const PartitionId &id) const
{
    std::optional<PartitionExtent> found;
    if (const auto stream = streams.find(id.stream); stream != streams.end()) {
        for (const PartitionExtent &partition : stream->second.partitions) {
            if (partition.partition == id.partition)
                found = partition;
        }
    }
    const auto position = positions.find(id);
    if (position == positions.end())
        return found;
    if (!found) {
        if (!position->second.start && !position->second.end)
            return std::nullopt; // a checkpoint of a stream that is gone
        found.emplace();
        found->partition = id.partition;
    }
    if (position->second.start)
        found->start = position->second.start;
    if (position->second.end)
        found->end = position->second.end;
    if (position->second.safeHead)
        found->safeHead = position->second.safeHead;
    return found;
}

std::optional<qint64> Snapshot::checkpoint(const PartitionId &id) const
{
    const auto position = positions.find(id);
    return position == positions.end() ? std::nullopt : position->second.checkpoint;
}

bool Snapshot::isActive() const
{
    const auto activity = consumer.summary.activity;
    return activity == ConsumerActivity::Active || activity == ConsumerActivity::Rebalancing || (consumer.members && !consumer.members->empty());
}

Result<Snapshot> takeSnapshot(Connector &connector, const ConnectionSpec &spec, const QString &consumer, std::vector<QString> streams,
                              std::stop_token stop)
{
    Snapshot snapshot;
    const auto identity = answerOf(connector.identify(stop));
    if (!identity)
        return tl::unexpected(identity.error());
    snapshot.identity = *identity;
    snapshot.environment = connection::effectiveEnvironment(spec, *identity);
    auto state = readConsumer(connector, consumer, stop);
    if (!state)
        return tl::unexpected(state.error());
    snapshot.consumer = std::move(*state);
    for (const ConsumerPosition &position : snapshot.consumer.positions) {
        snapshot.positions.emplace(PartitionId{position.stream, position.partition}, position);
        if (std::find(streams.begin(), streams.end(), position.stream) == streams.end())
            streams.push_back(position.stream);
    }
    auto known = readStreams(connector, std::move(streams), stop);
    if (!known)
        return tl::unexpected(known.error());
    snapshot.streams = std::move(*known);
    snapshot.takenAt = QDateTime::currentMSecsSinceEpoch();
    return snapshot;
}

} // namespace models::replay
