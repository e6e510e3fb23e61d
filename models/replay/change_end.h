// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/machine.h"

namespace models::replay {

/// How a list of jobs tells the end of a change: only what was written and read back has succeeded.
struct ChangeEnd {
    connectors::Result<void> result; ///< a failure's message begins with the title of the change
    QString words;                   ///< of a failure, for the list
};
[[nodiscard]] ChangeEnd endOf(const connectors::Result<RunOutcome> &result, const QString &title);

} // namespace models::replay
