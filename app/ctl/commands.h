// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

namespace ctl {

// Each is defined in the file of its command.
[[nodiscard]] std::unique_ptr<Command> makeStreamsCommand();

} // namespace ctl
