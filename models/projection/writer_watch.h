// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <chrono>

namespace models::projection {

/// What was seen of the consumer that is to write a projection's tables after a swap.
enum class WriterSeen {
    Moving, ///< its checkpoint has moved, or it has read everything
    Still,  ///< events wait, and it has not moved: swapping back is the way out
    Unknown ///< no consumer is called so there, or it cannot be read
};

/// Within this time a projector that goes on has moved its checkpoint.
inline constexpr std::chrono::seconds WriterPatience{60};

/// Looks at the consumer's checkpoints once a second, until they move or for so long. Blocks.
[[nodiscard]] WriterSeen watchWriter(connectors::Connector &source, const QString &consumer, std::chrono::milliseconds longest, const std::stop_token &stop);

} // namespace models::projection
