// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <map>

namespace models::replay {

/// Everything that was read of one consumer and its streams at one moment.
struct Snapshot {
    connectors::SystemIdentity identity;
    connectors::Environment environment = connectors::Environment::Untagged; ///< as tagged, or assumed
    connectors::ConsumerState consumer;
    std::map<connectors::PartitionId, connectors::ConsumerPosition> positions; ///< those with a checkpoint or a member
    std::map<QString, connectors::StreamInfo> streams;                         ///< those that exist
    connectors::EpochMs takenAt = 0;

    /// Start and end, from the consumer's own position or the stream's; a partition that does not exist gives null.
    [[nodiscard]] std::optional<connectors::PartitionExtent> extent(const connectors::PartitionId &id) const;
    [[nodiscard]] std::optional<qint64> checkpoint(const connectors::PartitionId &id) const;
    [[nodiscard]] bool isActive() const;
};

/// Identifies the system, then reads the consumer (which must be in the list) and `streams` beside those it has
/// checkpoints in. A part that could not be read is an error, never a smaller snapshot. Blocks.
[[nodiscard]] connectors::Result<Snapshot> takeSnapshot(connectors::Connector &connector, const connectors::ConnectionSpec &spec,
                                                        const QString &consumer, std::vector<QString> streams, std::stop_token stop);

} // namespace models::replay
