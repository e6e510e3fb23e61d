// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/dead_letter_source.h"
#include "connectors/pgstore/safe_head.h"

namespace connectors::pgstore {

/// A member that has not said for so long that it lives counts as gone. By the server's clock.
inline constexpr qint64 HeartbeatTimeoutMs = 10'000;

/// A consumer that never sent a heartbeat is NotTold: nobody can say whether somebody reads.
[[nodiscard]] ConsumerActivity activityOf(StoreConnection &store, const QString &consumer);
/// Everybody who has a checkpoint or a member, sorted by name.
[[nodiscard]] std::vector<ConsumerSummary> listConsumers(StoreConnection &store);
[[nodiscard]] ConsumerStates consumerStates(StoreConnection &store, const ConsumerStateRequest &request);

/// One queue for every consumer that has letters.
[[nodiscard]] std::vector<DeadLetterQueue> deadLetterQueues(StoreConnection &store);
[[nodiscard]] std::vector<DeadLetter> deadLetters(StoreConnection &store, const QString &consumer, qint64 limit);

} // namespace connectors::pgstore
