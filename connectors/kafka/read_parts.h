// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_plan.h"
#include "connectors/kafka/topic_consumer.h"

#include <chrono>
#include <deque>

namespace connectors::kafka {

/// One range of a read and how far it is.
struct ReadPart {
    using Clock = std::chrono::steady_clock;

    PartitionRead read;
    qint64 stop = 0; ///< what is read ends here, at most at `read.to`
    int leader = -1; ///< when the read began
    bool isDone = false;
    qint64 startedIn = -1; ///< the take of records, see beginTake()
    // what the watch over standstills remembers
    qint64 standsAt = -1; ///< the position at which it was last seen behind the end; -1: it was not
    Clock::time_point standsSince;
    int restarts = 0;  ///< since it last moved
    qint64 reached = -1; ///< the read had come so far at `reachedAt`; -1: not remembered yet
    Clock::time_point reachedAt;
    int shorter = 0;   ///< views in a row in which the log ended before what is wanted, or was reached before they were asked

    [[nodiscard]] PartitionId id() const { return {read.stream, read.partition}; }
};

/// The ranges of one read: starts them, finds the one of a record, ends each where it is wanted to end. Ranges are read in
/// parallel, but not without bound: every partition in flight costs memory here and work at the broker. Not thread-safe.
class ReadParts final
{
public:
    ReadParts(TopicConsumer &consumer, bool isFollowing);

    /// Starts with the next startWaiting().
    void add(const PartitionRead &read, int leader = -1, std::optional<qint64> stop = {});
    [[nodiscard]] Result<void> startWaiting();
    /// To be called before records are taken from the consumer. What was taken before a part was started is not its own: it
    /// would look like a jump.
    void beginTake();
    /// Null for what is read no more.
    [[nodiscard]] ReadPart *find(const rd_kafka_message_t &message);
    [[nodiscard]] ReadPart *find(const PartitionId &id);
    void finish(ReadPart &part);
    /// Goes on at `part.read.next`.
    [[nodiscard]] Result<void> restart(ReadPart &part);

    /// What is at `position` and after it was read, but not handed over.
    void goBack(const PartitionId &id, qint64 position);

    [[nodiscard]] bool areAllDone() const { return m_reading.empty() && m_waiting.empty(); }
    [[nodiscard]] const std::map<PartitionId, ReadPart *> &reading() const { return m_reading; }
    [[nodiscard]] std::vector<PartitionRead> report() const;

private:
    TopicConsumer &m_consumer;
    const bool m_isFollowing;
    std::deque<ReadPart> m_parts; ///< addresses stay
    std::deque<ReadPart *> m_waiting;
    std::map<PartitionId, ReadPart *> m_reading;
    qint64 m_take = 0;
    // the place of the last record: the next is mostly of the same
    const rd_kafka_topic_t *m_lastTopic = nullptr;
    qint32 m_lastPartition = -1;
    ReadPart *m_lastPart = nullptr;
};

} // namespace connectors::kafka
