// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/client.h"

#include <chrono>

namespace connectors::kafka {

struct CommittedOffset {
    PartitionId at;
    std::optional<qint64> offset; ///< null: none is stored, or it could not be read (then there is a problem)
    QByteArray metadata;
    bool isMetadataExact = true;
    std::optional<Error> problem;
};

/// All committed offsets of one group, or why they are not known.
using GroupOffsets = Result<std::vector<CommittedOffset>>;

/// One ListConsumerGroupOffsets a group, up to 512 in flight; answers are in the order of the groups. Blocks.
/// `client` must be one of GroupClients::forCoordinators(), which says why. With `isStableOnly` an offset that an open transaction may still move is a problem.
[[nodiscard]] std::vector<GroupOffsets> committedOffsets(const Client &client, const std::vector<QString> &groups, bool isStableOnly,
                                                         std::chrono::milliseconds timeout, const std::stop_token &stop);

} // namespace connectors::kafka
