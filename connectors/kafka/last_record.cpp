// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/last_record.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

using RecordQueue = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using RecordMessage = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;
using RecordTopic = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;

constexpr int LastRecordSliceMs = 20;

/// A broker's thread that has found nothing to fetch sleeps for a second, even if there is something meanwhile: a question
/// whose answer nobody awaits has it look again.
void wakeLeader(const Client &client, const PartitionId &id)
{
    int64_t start = 0;
    int64_t end = 0;
    constexpr int NoTimeMs = 1;
    std::ignore = rd_kafka_query_watermark_offsets(client.handle(), id.stream.toUtf8().constData(), id.partition, &start, &end, NoTimeMs);
}

} // namespace

ClientProperties LastRecord::clientProperties()
{
    // One record a partition is wanted, and nothing beyond it.
    return {{"enable.partition.eof", "true"}, {"fetch.wait.max.ms", "10"}, {"queued.min.messages", "1"}, {"fetch.message.max.bytes", "1024"}};
}

std::map<PartitionId, bool> LastRecord::isNoEvent(const Client &client, const ReadCaution &caution, const Ends &ends, std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    const std::lock_guard lock(m_mutex);
    Ends unknown;
    for (const auto &[id, end] : ends) {
        const auto known = m_known.find(id);
        if (end > 0 && unknown.size() < MaxReads && (known == m_known.end() || known->second.end != end))
            unknown.emplace(id, end);
    }
    if (!unknown.empty() && caution.isOn())
        readWithCare(client, caution, unknown, timeout, stop);
    else if (!unknown.empty())
        read(client, unknown, timeout, stop);
    std::map<PartitionId, bool> answers;
    for (const auto &[id, end] : ends) {
        const auto known = m_known.find(id);
        answers[id] = known != m_known.end() && known->second.end == end && known->second.isNoEvent;
    }
    return answers;
}

void LastRecord::readWithCare(const Client &client, const ReadCaution &caution, const Ends &ends, std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    const auto until = std::chrono::steady_clock::now() + timeout;
    const auto turn = caution.takeTurn(timeout, stop);
    for (const auto &[id, end] : ends) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (!turn || stop.stop_requested() || left.count() <= 0)
            return;
        if (caution.met(id.stream, id.partition, end - 1, end))
            continue;
        turn->announce({id.stream, id.partition, end - 1});
        read(client, {{id, end}}, left, stop);
    }
}

void LastRecord::read(const Client &client, const Ends &ends, std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    const RecordQueue queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy);
    std::map<PartitionId, RecordTopic> reading;
    for (const auto &[id, end] : ends) {
        RecordTopic topic(rd_kafka_topic_new(client.handle(), id.stream.toUtf8().constData(), nullptr), rd_kafka_topic_destroy);
        if (topic && rd_kafka_consume_start_queue(topic.get(), id.partition, end - 1, queue.get()) == 0)
            reading.emplace(id, std::move(topic));
    }
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    bool isWoken = false;
    for (size_t left = reading.size(); left > 0 && !stop.stop_requested() && std::chrono::steady_clock::now() < deadline;) {
        const RecordMessage message(rd_kafka_consume_queue(queue.get(), LastRecordSliceMs), rd_kafka_message_destroy);
        if (!message && !isWoken) {
            isWoken = true;
            for (const auto &[id, topic] : reading)
                wakeLeader(client, id);
        }
        if (!message || message->rkt == nullptr)
            continue;
        const PartitionId id{QString::fromUtf8(rd_kafka_topic_name(message->rkt)), message->partition};
        const auto asked = ends.find(id);
        if (asked == ends.end())
            continue;
        const bool isEvent = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        const bool isTold = (isEvent || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) && message->offset >= asked->second - 1;
        const auto known = m_known.find(id);
        if (known != m_known.end() && known->second.end == asked->second)
            continue; // more of the same partition
        if (isTold)
            m_known.insert_or_assign(id, Known{asked->second, !isEvent || message->offset >= asked->second});
        --left;
    }
    for (const auto &[id, topic] : reading)
        rd_kafka_consume_stop(topic.get(), id.partition);
}

} // namespace connectors::kafka
