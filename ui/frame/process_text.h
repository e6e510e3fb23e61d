// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/process_health.h"

#include <QString>

namespace ui::frame {

/// That the process of a connection has ended, how, and that it was started again; escaped. Empty where it never did.
[[nodiscard]] QString deathText(const connectors::ProcessReport &report);

} // namespace ui::frame
