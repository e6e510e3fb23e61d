// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/position.h"

#include <variant>

namespace models::replay {

/// Every checkpoint moves by so many positions, back where negative.
struct ShiftBy { qint64 by = 0; bool operator==(const ShiftBy &) const = default; };

/// One line of Kafka's own `topic,partition,offset`.
struct CheckpointLine {
    connectors::PartitionId at;
    qint64 position = 0;
    bool operator==(const CheckpointLine &) const = default;
};

using ResetTarget = std::variant<connectors::PositionSpec, ShiftBy, std::vector<CheckpointLine>>;

/// What a user asks for. A duration back is a time by now (resolved when it was parsed).
struct ResetRequest {
    QString consumer;
    std::vector<QString> streams;  ///< which; with isAllStreams: every one in which the consumer has a checkpoint or a member
    bool isAllStreams = false;
    std::vector<int> partitions;   ///< empty: all
    ResetTarget target = connectors::PositionSpec(connectors::Earliest{});
    QString text;                  ///< the target as the user wrote it, for the record
};

} // namespace models::replay
