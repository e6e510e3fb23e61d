// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <memory>

namespace connectors::remote {

/// The same system behind both ends of the messages, in one process: whatever is asked of it and whatever it answers has
/// been bytes. What cannot be written down fails here first, long before there is another process.
[[nodiscard]] std::shared_ptr<Connector> throughLoopback(std::shared_ptr<Connector> connector);

} // namespace connectors::remote
