// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/clients.h"

#include <map>
#include <set>
#include <span>

namespace connectors::kafka {

/// librdkafka's simple consumer over one queue: partitions are started and stopped by hand, no group is involved. One at a
/// time on a handle, because a handle has each partition once. Not thread-safe.
class TopicConsumer final
{
public:
    explicit TopicConsumer(ClientPtr client);
    ~TopicConsumer();
    TopicConsumer(const TopicConsumer &) = delete;
    TopicConsumer &operator=(const TopicConsumer &) = delete;

    /// From `offset`; a started partition goes on from there instead, and nothing older of it comes any more.
    [[nodiscard]] Result<void> start(const PartitionId &id, qint64 offset);
    void stop(const PartitionId &id);

    using Messages = std::span<rd_kafka_message_t *const>;
    /// Records and the library's reports (end of a partition, errors), in the order of each partition. Valid until the next
    /// take or wait.
    [[nodiscard]] Messages takeAvailable();
    /// The first that comes within the time, if any.
    [[nodiscard]] Messages waitForOne(int timeoutMs);

    /// Records that have been fetched and not yet taken.
    [[nodiscard]] qint64 waiting() const { return static_cast<qint64>(rd_kafka_queue_length(m_queue.get())); }
    /// Has the thread of the partition's broker look what there is to do, by a question whose answer nobody awaits.
    void wakeLeader(const PartitionId &id) const;

    [[nodiscard]] const ClientPtr &client() const { return m_client; }

private:
    using TopicPtr = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
    [[nodiscard]] rd_kafka_topic_t *topic(const QString &name);
    void release();

    ClientPtr m_client;
    std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> m_queue;
    std::map<QString, TopicPtr> m_topics;
    std::set<PartitionId> m_started;
    std::vector<rd_kafka_message_t *> m_messages;
    size_t m_count = 0; ///< of m_messages, not yet given back
};

} // namespace connectors::kafka
