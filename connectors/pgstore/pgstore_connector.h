// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"

#include <memory>

namespace connectors::pgstore {

/// The event store in a schema of a PostgreSQL database. Looking is read-only and makes nothing; only appending and checkpoint
/// writers write, and only a spec with mayCreate makes a store. Streams are as StreamScope has it: single streams, categories
/// `order-*`, and `$all`; the partition is 0, positions are global and may have gaps.
/// Snapshots are kept as SnapshotPolicy has it, whose property is allowed beside those of postgres::optionsOf().
[[nodiscard]] Result<std::shared_ptr<Connector>> openEventStore(const ConnectionSpec &spec, const Credentials &credentials);

/// Changes all checkpoints of a step in one transaction, so that a step happens as a whole or not at all.
[[nodiscard]] Result<std::unique_ptr<CheckpointWriter>> openEventStoreCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials);

} // namespace connectors::pgstore
