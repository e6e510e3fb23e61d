// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_source.h"

namespace connectors::kafka {

/// Recognises the header family of a dead letter and fills what its headers tell: family, original place, consumer, reason,
/// exception class, stage, stack trace, attempts. Of a header that is there several times the newest counts, which is the
/// first or the last one by the family's own rule. False, and nothing is filled, where no family is recognised.
///
/// Sources: Kafka Connect's DeadLetterQueueReporter, KIP-1034 (Streams), KIP-1191 (share groups), spring-kafka's
/// DeadLetterRecordManager and RetryTopicHeaders (numbers are big-endian integers), Spring Cloud Stream's binder, SmallRye's
/// KafkaDeadLetterQueue (its own headers come before those of an earlier death).
bool readDeadLetterHeaders(const std::vector<Header> &headers, DeadLetter *letter);

/// A decimal number as text, or a big-endian integer of 1, 2, 4 or 8 bytes. Null for anything else.
[[nodiscard]] std::optional<qint64> headerNumber(std::string_view value);

/// What people call a topic for dead letters: orders.dlq, orders-DLT, dead-letter-topic-orders, error.orders.group …
/// Topics for another try (orders-retry-0) are none.
[[nodiscard]] bool isDeadLetterName(const QString &topic);

} // namespace connectors::kafka
