// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

namespace models::connection {

/// The URL of a spec, with or without its properties (the environment among them; `via` is none: the same address from another
/// machine is another place). Never holds a secret.
[[nodiscard]] QString connectionUrl(const connectors::ConnectionSpec &spec, bool withProperties = true);

/// Empty for an untagged one and for an assumed one: an assumption is never stored.
[[nodiscard]] QString environmentWord(connectors::Environment environment);

} // namespace models::connection
