// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/partition_offsets.h"

#include <mutex>

namespace connectors::kafka {

struct EdgeHeader {
    QByteArray name;
    std::optional<QByteArray> value;
};

/// The first or the last record that is still stored in a partition, without its body.
struct EdgeRecord {
    qint64 offset = 0;
    std::optional<EpochMs> time;
    std::vector<EdgeHeader> headers;
};

enum class Edges { Last, Both };

/// Where to look: [start, end) with end > start.
struct EdgeRange {
    PartitionId id;
    qint64 start = 0;
    qint64 end = 0;
};

/// By partition; a partition without a visible record in reach is absent: all is compacted away, or the last 4,096 offsets hold
/// none (control records of transactions, aborted events).
using EdgeRecords = std::map<PartitionId, EdgeRecord>;

struct EdgeAnswer {
    EdgeRecords first; ///< empty where only the last were wanted
    EdgeRecords last;
    std::optional<Error> problem; ///< how many partitions did not answer, or why
};

using TopicPtr = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
/// By name. Kept between reads, because librdkafka takes a second to find the leader of a topic that is new to it.
using EdgeTopics = std::map<QString, TopicPtr>;

/// The handle for these reads, kept connected between them and used by one at a time.
class EdgeClient final
{
public:
    explicit EdgeClient(std::shared_ptr<Clients> clients);
    /// One small read a partition, many at once. Blocks at most `timeoutMs`, and while another uses the handle.
    [[nodiscard]] EdgeAnswer read(const std::vector<EdgeRange> &ranges, Edges wanted, int timeoutMs, const std::stop_token &stop);

private:
    [[nodiscard]] EdgeAnswer readWithCare(const std::vector<EdgeRange> &ranges, Edges wanted, int timeoutMs, const std::stop_token &stop);

    const std::shared_ptr<Clients> m_clients;
    std::mutex m_mutex;
    ClientPtr m_client; ///< made by the first read
    bool m_isCareful = false; ///< the handle
    EdgeTopics m_topics;
};

} // namespace connectors::kafka
