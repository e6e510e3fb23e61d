// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/cluster_metadata.h"
#include "connectors/kafka/clients.h"

#include <map>

namespace connectors::kafka {

/// Where in each partition. AtTime is the first event at or after the time.
using LogPoint = std::variant<Earliest, Latest, AtTime>;

/// By partition; null only for a time that no event reaches. What could not be read is an error, never a number.
using PartitionOffsets = std::map<PartitionId, Result<std::optional<qint64>>>;

/// The offsets of many partitions: one request a leader, all in flight at once, so that a broker that is down takes only its
/// own partitions along (a single call would answer −1 for all, without an error). `Latest` is the last stable offset on a
/// ReadCommitted handle, the high watermark on the other. Ends when all have answered, after `timeoutMs`, or with `stop`.
[[nodiscard]] PartitionOffsets readOffsets(const ClientPtr &client, const std::vector<PartitionPlace> &partitions, LogPoint point, int timeoutMs,
                                           const std::stop_token &stop);

} // namespace connectors::kafka
