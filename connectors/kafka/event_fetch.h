// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/kafka/reader_clients.h"

namespace connectors::kafka {

/// Reads single events by their places: the places of a partition in rising order, in one go where they are close together,
/// with a jump where they are not; partitions in parallel. Only the previews are kept, so that memory does not grow with the
/// bodies (0: whole). Blocks.
[[nodiscard]] Result<EventBatchPtr> fetchEvents(ReaderClients &clients, const std::vector<EventAddress> &addresses, qint64 previewBytes,
                                                const std::stop_token &stop);
/// The same with place and time alone.
[[nodiscard]] Result<EventBatchPtr> fetchTimesOf(ReaderClients &clients, const std::vector<EventAddress> &addresses, const std::stop_token &stop);

} // namespace connectors::kafka
