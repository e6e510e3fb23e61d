// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_writer.h"

namespace connectors {

/// Refuses what no event store keeps: no stream or type, a reserved name, a body that is not UTF-8 or of more than 512 levels.
/// Whether it is JSON at all is for the store to say. Throws ThrownError with InvalidInput.
void requireStorable(const NewEvent &event);

/// "Event e-1", for messages.
[[nodiscard]] QString nameOf(const NewEvent &event);

} // namespace connectors
