// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/client.h"

namespace connectors::kafka {

struct PartitionPlace {
    PartitionId id;
    int leader = -1; ///< -1: none now
};

struct TopicPlaces {
    QString topic;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::vector<PartitionPlace> partitions; ///< sorted by number
};

struct ClusterMetadata {
    std::vector<TopicPlaces> topics; ///< all, sorted by name
    std::vector<BrokerAddress> brokers;

    /// Null where there is no such topic.
    [[nodiscard]] const TopicPlaces *find(const QString &topic) const;
};

/// All topics of the cluster: one request, which never creates a topic. Blocks at most `timeoutMs`.
[[nodiscard]] Result<ClusterMetadata> readMetadata(const Client &client, int timeoutMs);

/// One topic; its `error` says so where it does not exist. Blocks at most `timeoutMs`.
[[nodiscard]] Result<TopicPlaces> readTopic(const Client &client, const QString &topic, int timeoutMs);

/// Kafka's own topics: names that start with two underscores (offsets, transactions, Connect's and Confluent's helpers).
[[nodiscard]] bool isInternalTopic(const QString &topic);

} // namespace connectors::kafka
