// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"

namespace ui::widgets {
class StateView;
struct NamedError;
}

namespace ui::consumers {

/// The connections whose consumers are not known, or not known any more, each with its error.
[[nodiscard]] std::vector<widgets::NamedError> unreadConnections(const models::connection::Workspace &workspace);

/// Why no consumer is shown: each connection that cannot be read, else that they are being read, else that there are none.
void showNoConsumers(widgets::StateView &view, const models::connection::Workspace &workspace);

} // namespace ui::consumers
