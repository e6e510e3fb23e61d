// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/line_log.h"
#include "connectors/remote/worker_link.h"

namespace connectors::remote {

/// A connection in a process of its own, which appends events only where the spec may create a store. Blocks until that process
/// has opened it, at most ten seconds.
[[nodiscard]] Result<std::shared_ptr<Connector>> openThroughWorker(WorkerOpening opening);

/// The separate process that may write, for one approved plan. A process that dies under a change, or is ended because it
/// does not respond, leaves OutcomeUnknown.
[[nodiscard]] Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriterThroughWorker(WorkerOpening opening);

/// One that keeps lines.
[[nodiscard]] Result<std::unique_ptr<LineLog>> openLineLogThroughWorker(WorkerOpening opening);

} // namespace connectors::remote
