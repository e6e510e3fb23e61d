// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"

#include <memory>

namespace connectors::eventstore {

/// The embedded event store in one SQLite file. Looking opens it read-only; only appending and checkpoint writers open it
/// for writing, and only a spec with mayCreate makes a file. Streams are as Scope has it: single streams, categories
/// `order-*`, and `$all`; the partition is 0, positions are global. The spec may have SnapshotPolicy's property, and no other.
[[nodiscard]] Result<std::shared_ptr<Connector>> openEventStore(const ConnectionSpec &spec);

/// Changes all checkpoints of a step in one transaction, so that a step happens as a whole or not at all.
[[nodiscard]] Result<std::unique_ptr<CheckpointWriter>> openEventStoreCheckpointWriter(const ConnectionSpec &spec);

} // namespace connectors::eventstore
