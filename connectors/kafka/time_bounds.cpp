// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/time_bounds.h"

#include "connectors/kafka/topic_configs.h"
#include "connectors/kafka/topic_consumer.h"

#include <QDateTime>
#include <QDeadlineTimer>

#include <algorithm>
#include <set>

namespace connectors::kafka {

namespace {

constexpr int BoundTimeoutMs = 5000;
constexpr int BoundSliceMs = 100;
/// Each has more than its first record fetched before it is stopped.
constexpr size_t PartitionsAtOnce = 64;
constexpr EpochMs LeadersApart = 60'000;

using Positions = std::map<PartitionId, qint64>;

PartitionId idOf(const PlannedPart &part)
{
    return {part.read.stream, part.read.partition};
}

/// Of one partition there may be several ranges.
std::vector<PartitionPlace> placesOfPlan(const ReadPlan &plan)
{
    std::map<PartitionId, int> leaders;
    for (const PlannedPart &part : plan.parts)
        leaders[idOf(part)] = part.leader;
    std::vector<PartitionPlace> places;
    places.reserve(leaders.size());
    for (const auto &[id, leader] : leaders)
        places.push_back({id, leader});
    return places;
}

void leaveOutEarlier(const ClientPtr &client, EpochMs earliest, bool isFollowing, ReadPlan *plan, const std::stop_token &stop)
{
    const PartitionOffsets offsets = readOffsets(client, placesOfPlan(*plan), AtTime{earliest}, BoundTimeoutMs, stop);
    for (PlannedPart &part : plan->parts) {
        const Result<std::optional<qint64>> &offset = offsets.at(idOf(part));
        if (!offset) // then all of it is read
            continue;
        // A tail has no end; there, what comes between the two answers is after the planned one.
        part.read.next = std::clamp(offset->value_or(part.end), part.read.next, std::max(part.read.next, isFollowing ? part.end : part.read.to));
    }
}

/// The places in topics whose times the brokers give.
std::vector<PartitionPlace> placesInOrderOfTime(const ClientPtr &client, const ReadPlan &plan, const std::stop_token &stop)
{
    std::vector<PartitionPlace> places = placesOfPlan(plan);
    std::set<QString> topics;
    for (const PartitionPlace &place : places)
        topics.insert(place.id.stream);
    const auto configs = readTopicConfigs(*client, {topics.cbegin(), topics.cend()}, BoundTimeoutMs, stop);
    std::erase_if(places, [&configs](const PartitionPlace &place) {
        const Result<TopicConfig> &config = configs.at(place.id.stream);
        return !config || config->timestampType != u"LogAppendTime";
    });
    return places;
}

/// Of the positions, those at which the first event has a broker's time, or after which there is none.
Positions withBrokersTime(ReaderClients &clients, const Positions &positions, const std::stop_token &stop)
{
    const ReaderProfile profile = ReaderProfile::fetch();
    const Result<ClientPtr> client = clients.take(profile);
    if (!client)
        return {};
    Positions confirmed;
    {
        TopicConsumer consumer(*client);
        std::set<PartitionId> asked;
        auto next = positions.cbegin();
        const QDeadlineTimer deadline(BoundTimeoutMs);
        while ((!asked.empty() || next != positions.cend()) && !stop.stop_requested() && !deadline.hasExpired()) {
            for (; next != positions.cend() && asked.size() < PartitionsAtOnce; ++next) {
                if (consumer.start(next->first, next->second))
                    asked.insert(next->first);
            }
            for (const rd_kafka_message_t *message : consumer.waitForOne(BoundSliceMs)) {
                const PartitionId id = message->rkt ? PartitionId{QString::fromUtf8(rd_kafka_topic_name(message->rkt)), message->partition} : PartitionId();
                if (asked.erase(id) == 0)
                    continue;
                rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
                if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                    rd_kafka_message_timestamp(message, &type);
                if (type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
                    confirmed.emplace(id, positions.at(id));
                consumer.stop(id);
            }
        }
    }
    clients.giveBack(profile, *client);
    return confirmed;
}

void leaveOutLater(ReaderClients &clients, const ClientPtr &client, EpochMs before, ReadPlan *plan, const std::stop_token &stop)
{
    const EpochMs bound = before + LeadersApart;
    if (bound >= QDateTime::currentMSecsSinceEpoch()) // nothing is as late
        return;
    const std::vector<PartitionPlace> places = placesInOrderOfTime(client, *plan, stop);
    if (places.empty())
        return;
    const PartitionOffsets offsets = readOffsets(client, places, AtTime{bound}, BoundTimeoutMs, stop);
    Positions positions;
    for (const PlannedPart &part : plan->parts) {
        const auto offset = offsets.find(idOf(part));
        if (offset != offsets.end() && offset->second && *offset->second && **offset->second < part.read.to)
            positions.emplace(idOf(part), **offset->second);
    }
    const Positions stops = positions.empty() ? Positions() : withBrokersTime(clients, positions, stop);
    for (PlannedPart &part : plan->parts) {
        if (const auto found = stops.find(idOf(part)); found != stops.end())
            part.stop = std::max(found->second, part.read.next);
    }
}

} // namespace

void leaveOutByTime(ReaderClients &clients, const ClientPtr &client, const TimeBounds &bounds, bool isFollowing, ReadPlan *plan, const std::stop_token &stop)
{
    if (bounds.earliest)
        leaveOutEarlier(client, *bounds.earliest, isFollowing, plan, stop);
    if (bounds.before && !isFollowing)
        leaveOutLater(clients, client, *bounds.before, plan, stop);
}

} // namespace connectors::kafka
