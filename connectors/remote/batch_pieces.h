// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <deque>

namespace connectors::remote {

/// Events that are more together do not travel in one message.
inline constexpr qint64 MaxBatchBytes = 32 * 1024 * 1024;
/// A message with them, at most.
inline constexpr qint64 MaxBatchMessageBytes = MaxBatchBytes + 1024 * 1024;

[[nodiscard]] bool fitsMessage(const EventBatch &batch);
/// Batches with the same events in the same order, each as large as a message may be; Refused with the event's place where one
/// alone is larger. A batch that fits is its own only piece.
[[nodiscard]] Result<std::deque<EventBatchPtr>> piecesOf(const EventBatchPtr &batch);
/// Says which event makes the batch too large.
[[nodiscard]] Error tooLarge(const EventBatch &batch);
/// For whatever else is too long; `what` begins the sentence.
[[nodiscard]] Error tooLong(const QString &what, qint64 bytes);

} // namespace connectors::remote
