// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

namespace models::connection {

/// True where both lead to the same hosts or file, from the same machine, as the same user, secured in the same way and with a token from the
/// same place: what is known of one, its secrets too, holds for the other. Names, tags and other properties may differ.
[[nodiscard]] bool isSamePlace(const connectors::ConnectionSpec &a, const connectors::ConnectionSpec &b);

} // namespace models::connection
