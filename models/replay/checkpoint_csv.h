// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"
#include "models/replay/reset_request.h"

namespace models::replay {

/// Kafka's own form, `topic,partition,offset`, one a line, with double quotes where a name holds a comma; blank lines are
/// passed over. InvalidInput names the line.
[[nodiscard]] connectors::Result<std::vector<CheckpointLine>> parseCheckpointCsv(const QByteArray &text);

} // namespace models::replay
