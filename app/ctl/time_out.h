// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <chrono>

namespace ctl {

/// How long to wait at most: a duration (`30s`, `5m`), or a bare number of seconds, as other programs take it. InvalidInput
/// quotes the text.
[[nodiscard]] connectors::Result<std::chrono::milliseconds> parseTimeout(const QString &text);

} // namespace ctl
