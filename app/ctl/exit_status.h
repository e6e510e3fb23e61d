// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

namespace ctl {

/// The contract with scripts.
enum class ExitStatus {
    Done = 0,
    NotSo = 1,        ///< the thing asked about is not so, does not exist or was refused
    Usage = 2,
    NoConnection = 3, ///< could not connect or log in
    Incomplete = 4    ///< a part could not be read; a change ended partial, unknown or diverged
};

[[nodiscard]] ExitStatus exitStatusOf(connectors::ErrorCode code);

/// The word of an error's kind in JSON: `notFound`, `cannotConnect` …
[[nodiscard]] QString errorCodeName(connectors::ErrorCode code);

} // namespace ctl
