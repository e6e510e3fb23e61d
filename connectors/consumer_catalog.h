// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QByteArray>
#include <QFuture>

#include <stop_token>
#include <tuple>
#include <vector>

namespace connectors {

/// What the system's list says of a consumer.
enum class ConsumerActivity {
    Unknown,
    Empty,       ///< known, nobody reads
    Active,      ///< members read
    Rebalancing, ///< members come and go
    Dead,
    NotTold      ///< this kind of system cannot tell whether anybody reads
};

struct ConsumerSummary {
    QString consumer;
    QString kind; ///< "group", "consumerGroup (new protocol)", "store consumer"
    ConsumerActivity activity = ConsumerActivity::Unknown;
    bool operator==(const ConsumerSummary &) const = default;
};

struct PartitionId {
    QString stream;
    int partition = 0;
    bool operator==(const PartitionId &) const = default;
    bool operator<(const PartitionId &other) const { return std::tie(stream, partition) < std::tie(other.stream, other.partition); }
};

struct ConsumerMember {
    QString member;
    QString clientId;
    QString host;
    std::vector<PartitionId> partitions;
    bool operator==(const ConsumerMember &) const = default;
};

/// One consumer, one partition, all raw: models/lag makes lag and state of it. What could not be read is null and explained.
struct ConsumerPosition {
    QString stream;
    int partition = 0;
    std::optional<qint64> checkpoint; ///< next position to read; null: none stored
    QByteArray metadata;              ///< Kafka: the text committed with it
    bool isMetadataExact = true;      ///< false: the library garbled it; it cannot be put back exactly
    std::optional<EpochMs> checkpointTime; ///< when it was stored, where the system tells
    std::optional<qint64> start;
    std::optional<qint64> safeHead;
    std::optional<qint64> end;
    std::optional<qint64> scopeLag;   ///< counted by the system where positions have gaps in the consumer's scope; else null
    std::optional<Error> problem;     ///< checkpoint or ends could not be read
    bool isTransactional = false;     ///< the partition's last record is known to be a control record
    QString heldBackBy;               ///< who keeps the safe head from the end, in the system's words; empty: nobody, or not told
};

struct ConsumerState {
    ConsumerSummary summary;
    std::vector<ConsumerPosition> positions; ///< sorted by stream, partition
    std::optional<std::vector<ConsumerMember>> members; ///< null: not asked for or not readable, see membersProblem
    QString membersProblem;
    std::optional<Error> problem; ///< nothing or only a part could be read
};

struct ConsumerStateRequest {
    std::vector<QString> consumers; ///< empty: all
    bool withMembers = true;        ///< describe active ones (empty ones are never described)
    bool withSafeHead = false;
    bool withStableCheckpoints = false; ///< Kafka: a checkpoint that an open transaction may still move is a problem, not a number
};

struct ConsumerStates {
    std::vector<ConsumerState> consumers; ///< sorted by name
    std::vector<Error> problems;          ///< not empty: partial
};

class ConsumerCatalog
{
public:
    virtual ~ConsumerCatalog() = default;
    [[nodiscard]] virtual QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token stop) = 0;
    /// An unknown consumer that was asked for by name is NotFound.
    [[nodiscard]] virtual QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) = 0;
};

} // namespace connectors
