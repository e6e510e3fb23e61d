// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

#include <QList>

namespace ui::frame {

/// The word for an environment: "PRODUCTION", "NOT TAGGED, counts as production", "development (assumed)".
[[nodiscard]] QString environmentWord(connectors::Environment environment);
/// The one that the stricter rules follow. Empty lists have none.
[[nodiscard]] std::optional<connectors::Environment> strictest(const QList<connectors::Environment> &environments);

} // namespace ui::frame
