// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/partition_offsets.h"

#include "connectors/kafka/kafka_error.h"

#include <algorithm>
#include <condition_variable>
#include <thread>

namespace connectors::kafka {

namespace {

using ListPtr = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;
using LeaderPartitions = std::vector<PartitionId>;

/// How librdkafka's request by time takes the point: logical offsets are understood in place of a time. Those are below 0,
/// as are times before 1970; no event is that old, so the first one is meant.
qint64 requestedTime(const LogPoint &point)
{
    if (std::holds_alternative<Earliest>(point))
        return RD_KAFKA_OFFSET_BEGINNING;
    if (std::holds_alternative<Latest>(point))
        return RD_KAFKA_OFFSET_END;
    return std::max(std::get<AtTime>(point).time, EpochMs(0));
}

QString nameOf(const PartitionId &id)
{
    return QStringLiteral("The offsets of “%1”, partition %2, could not be read").arg(id.stream).arg(id.partition);
}

Result<std::optional<qint64>> offsetOf(const Client &client, const rd_kafka_topic_partition_t &element, const PartitionId &id, bool isTime)
{
    if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(client.explain(element.err, nameOf(id)));
    if (element.offset >= 0)
        return element.offset;
    if (isTime && element.offset == RD_KAFKA_OFFSET_END)
        return std::nullopt;
    // Nobody answered for it, and the library does not say so.
    return tl::unexpected(client.explain(RD_KAFKA_RESP_ERR__TIMED_OUT, nameOf(id)));
}

/// Blocks for one leader's answer.
PartitionOffsets askLeader(const Client &client, const LeaderPartitions &partitions, const LogPoint &point, int timeoutMs)
{
    const ListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())), rd_kafka_topic_partition_list_destroy);
    for (const PartitionId &id : partitions)
        rd_kafka_topic_partition_list_add(list.get(), id.stream.toUtf8().constData(), id.partition)->offset = requestedTime(point);
    const rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(client.handle(), list.get(), timeoutMs);
    const bool isTime = std::holds_alternative<AtTime>(point);
    PartitionOffsets offsets;
    for (int i = 0; i < list->cnt; ++i) {
        const PartitionId id{QString::fromUtf8(list->elems[i].topic), list->elems[i].partition};
        // After an overall error no element can be trusted, whatever it says.
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            offsets.emplace(id, tl::unexpected(client.explain(code, nameOf(id))));
        else
            offsets.emplace(id, offsetOf(client, list->elems[i], id, isTime));
    }
    return offsets;
}

/// "No event is that late" and "the broker is down" look the same in the library's answer to a time; an answer about the end
/// tells them apart.
void checkMatchless(const Client &client, PartitionOffsets *offsets, int timeoutMs)
{
    LeaderPartitions matchless;
    for (const auto &[id, offset] : *offsets) {
        if (offset && !*offset)
            matchless.push_back(id);
    }
    if (matchless.empty())
        return;
    for (auto &[id, end] : askLeader(client, matchless, Latest{}, timeoutMs)) {
        if (!end)
            offsets->insert_or_assign(id, end);
    }
}

/// Shared with the threads that ask; they may come back after nobody waits any more.
struct Answers {
    std::mutex mutex;
    std::condition_variable_any changed;
    PartitionOffsets offsets;
    int open = 0;
};

} // namespace

PartitionOffsets readOffsets(const ClientPtr &client, const std::vector<PartitionPlace> &partitions, LogPoint point, int timeoutMs, const std::stop_token &stop)
{
    std::map<int, LeaderPartitions> byLeader;
    PartitionOffsets known;
    for (const PartitionPlace &place : partitions) {
        if (place.leader < 0)
            known.emplace(place.id, tl::unexpected(kafkaError(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, nameOf(place.id))));
        else
            byLeader[place.leader].push_back(place.id);
    }
    const auto answers = std::make_shared<Answers>();
    answers->open = static_cast<int>(byLeader.size());
    for (const auto &[leader, ids] : byLeader) {
        std::thread([answers, client, ids = ids, point, timeoutMs] {
            PartitionOffsets offsets = askLeader(*client, ids, point, timeoutMs);
            checkMatchless(*client, &offsets, timeoutMs);
            const std::lock_guard lock(answers->mutex);
            answers->offsets.merge(offsets);
            --answers->open;
            answers->changed.notify_all();
        }).detach();
    }
    std::unique_lock lock(answers->mutex);
    answers->changed.wait(lock, stop, [&answers] { return answers->open == 0; });
    known.merge(answers->offsets);
    for (const PartitionPlace &place : partitions) {
        if (!known.contains(place.id))
            known.emplace(place.id, failure(ErrorCode::Cancelled, nameOf(place.id) + QStringLiteral(": cancelled.")));
    }
    return known;
}

} // namespace connectors::kafka
