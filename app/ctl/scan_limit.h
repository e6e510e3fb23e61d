// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/arguments.h"
#include "app/ctl/context.h"

namespace ctl {

/// `--full-speed`: a scan of production is gentle unless the user lifts that.
void declareFullSpeed(Arguments &arguments, bool &isFullSpeed);

/// Bytes a second that a scan of this connection may read, 0 for no limit. Says so on stderr where there is one.
[[nodiscard]] qint64 scanLimit(Output &out, const OpenConnection &connection, bool isFullSpeed);

} // namespace ctl
