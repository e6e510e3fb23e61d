// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection_probe.h"

namespace ui::frame {

/// What a step of testing a connection found, or why it could not be done.
[[nodiscard]] QString probeText(const models::connection::ProbeOutcome &outcome);

} // namespace ui::frame
