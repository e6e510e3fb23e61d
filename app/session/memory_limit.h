// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

namespace session {

/// What one worker may take, in bytes; as a person writes it for `--memory-limit`: bytes, or with K, M or G (of 1,024), e.g.
/// 512M; empty: 1 GiB. InvalidInput for what is no amount, or less than 64M, with which nothing can be read.
[[nodiscard]] connectors::Result<qint64> memoryLimitOf(const QString &text);

} // namespace session
