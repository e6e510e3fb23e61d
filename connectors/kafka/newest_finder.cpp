// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/newest_finder.h"

#include "connectors/kafka/read_parts.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

bool isDamage(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__BAD_MSG || error == RD_KAFKA_RESP_ERR__BAD_COMPRESSION || error == RD_KAFKA_RESP_ERR__UNDERFLOW
        || error == RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED || error == RD_KAFKA_RESP_ERR_INVALID_MSG;
}

constexpr qint64 MostCounted = 20'000;
constexpr qint64 LeastWindow = 16;
/// Where nothing comes for so long the plan stays as it is; the read itself tells what is wrong.
constexpr std::chrono::seconds LongestWait(5);

/// One partition, read backwards in windows.
struct Search {
    PlannedPart *part = nullptr;
    qint64 begin = 0;  ///< everything from here to the end has been counted
    qint64 window = 0; ///< positions in the next window
    std::vector<qint64> found; ///< positions of events, newest first, at most as many as are wanted
};

/// Reads [from, to) of each part and gives the positions of its events; null when stopped or nothing comes.
std::optional<std::map<PartitionId, std::vector<qint64>>> positionsIn(const ClientPtr &client, const std::vector<PartitionRead> &ranges, const std::stop_token &stop)
{
    TopicConsumer consumer(client);
    ReadParts parts(consumer, false);
    for (const PartitionRead &range : ranges)
        parts.add(range);
    std::map<PartitionId, std::vector<qint64>> positions;
    auto lastRecord = std::chrono::steady_clock::now();
    while (!parts.areAllDone()) {
        if (stop.stop_requested() || std::chrono::steady_clock::now() - lastRecord > LongestWait || !parts.startWaiting())
            return std::nullopt;
        parts.beginTake();
        TopicConsumer::Messages messages = consumer.takeAvailable();
        if (messages.empty())
            messages = consumer.waitForOne(100);
        for (const rd_kafka_message_t *message : messages) {
            ReadPart *part = parts.find(*message);
            const bool isEnd = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
            if (part && isDamage(message->err)) // told again and again; the read itself names the place
                return std::nullopt;
            if (!part || (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !isEnd))
                continue;
            lastRecord = std::chrono::steady_clock::now();
            if (!isEnd && message->offset < part->read.to)
                positions[part->id()].push_back(message->offset);
            if (message->offset + (isEnd ? 0 : 1) >= part->read.to)
                parts.finish(*part);
        }
    }
    return positions;
}

} // namespace

Result<void> findNewest(const ClientPtr &client, qint64 count, ReadPlan *plan, const std::stop_token &stop)
{
    if (count <= 0 || count > MostCounted)
        return {};
    std::vector<Search> open;
    for (PlannedPart &part : plan->parts) {
        if (part.start < part.end)
            open.push_back({&part, part.end, std::max(count, LeastWindow), {}});
    }
    while (!open.empty()) {
        std::vector<PartitionRead> ranges;
        for (const Search &search : open) {
            const PartitionRead &read = search.part->read;
            const qint64 from = std::max(search.part->start, search.begin - search.window);
            ranges.push_back({read.stream, read.partition, from, search.begin, from, 0});
        }
        auto positions = positionsIn(client, ranges, stop);
        if (!positions)
            return {};
        for (size_t i = 0; i < open.size(); ++i) {
            Search &search = open[i];
            const std::vector<qint64> &found = (*positions)[{ranges[i].stream, ranges[i].partition}];
            search.found.insert(search.found.end(), found.rbegin(), found.rend());
            search.begin = ranges[i].from;
            search.window *= 2;
            const bool isEnough = std::ssize(search.found) >= count;
            search.part->read.from = isEnough ? search.found[static_cast<size_t>(count - 1)] : search.part->start;
            search.part->read.next = search.part->read.from;
        }
        std::erase_if(open, [count](const Search &search) { return std::ssize(search.found) >= count || search.begin <= search.part->start; });
    }
    return {};
}

} // namespace connectors::kafka
