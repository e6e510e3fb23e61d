// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/client.h"

#include <chrono>

namespace connectors::kafka {

/// What ConsumerSummary::kind says of a group; the list alone cannot tell them apart.
inline constexpr const char16_t *GroupKind = u"group";
inline constexpr const char16_t *NewProtocolGroupKind = u"consumerGroup (new protocol)";

struct GroupList {
    std::vector<ConsumerSummary> groups; ///< sorted by name
    std::vector<Error> problems;         ///< not empty: some brokers did not answer, so groups may be missing
};

/// All consumer groups, with their states where the brokers tell them. The caller has probed: against a closed port librdkafka
/// answers "no error, no groups". Blocks.
[[nodiscard]] Result<GroupList> listGroups(const Client &client, std::chrono::milliseconds timeout, const std::stop_token &stop);

[[nodiscard]] ConsumerActivity activityOf(rd_kafka_consumer_group_state_t state);

} // namespace connectors::kafka
