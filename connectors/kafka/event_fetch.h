// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/kafka/reader_clients.h"

namespace connectors::kafka {

enum class FetchedPart {
    Whole,
    Time ///< nothing but place and time is kept
};

/// Reads single events by their places: the places of a partition in rising order, in one go where they are close together,
/// with a jump where they are not; partitions in parallel. Blocks.
[[nodiscard]] Result<EventBatchPtr> fetchEvents(ReaderClients &clients, const std::vector<EventAddress> &addresses, FetchedPart part, const std::stop_token &stop);

} // namespace connectors::kafka
