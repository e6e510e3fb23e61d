// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"
#include "connectors/consumer_catalog.h"
#include "connectors/dead_letter_source.h"

namespace connectors::eventstore {

/// A member that has not said for so long that it lives counts as gone.
inline constexpr qint64 HeartbeatTimeoutMs = 10'000;

/// A consumer that never sent a heartbeat is NotTold: nobody can say whether somebody reads.
[[nodiscard]] ConsumerActivity activityOf(sqlite::Database &database, const QString &consumer, EpochMs now);
/// Everybody who has a checkpoint or a member, sorted by name.
[[nodiscard]] std::vector<ConsumerSummary> listConsumers(sqlite::Database &database, EpochMs now);
[[nodiscard]] ConsumerStates consumerStates(sqlite::Database &database, const ConsumerStateRequest &request, EpochMs now);

/// One queue for every consumer that has letters.
[[nodiscard]] std::vector<DeadLetterQueue> deadLetterQueues(sqlite::Database &database);
[[nodiscard]] std::vector<DeadLetter> deadLetters(sqlite::Database &database, const QString &consumer, qint64 limit);

} // namespace connectors::eventstore
