// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/record.h"
#include "models/replay/plan.h"

namespace models::replay {

/// A plan that puts back what a recorded change moved: the saved values exactly, with their metadata, out of today's range
/// or not; checkpoints that did not exist before are deleted. Rows that the change never reached are not touched,
/// unless it was carried out late: they are where it was to put them now. A
/// consumer that has moved on since is refused row by row unless that is accepted. Blocks.
/// Errors: Refused (never applied, still open, another system), and whatever reading gave.
[[nodiscard]] connectors::Result<Plan> planUndo(connectors::Connector &connector, const connectors::ConnectionSpec &spec,
                                                const journal::Record &record, bool isMovedOnAccepted, std::stop_token stop);

/// It was sent, nobody heard the answer, and it was not carried out when that was read: it may have been since.
[[nodiscard]] bool mayComeLate(const journal::Record &record);
/// Whether there is something to put back, without asking the system; the reason otherwise.
[[nodiscard]] connectors::Result<void> checkUndoable(const journal::Record &record);

} // namespace models::replay
