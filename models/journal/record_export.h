// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/record.h"

namespace models::journal {

/// A record as the command line's contract has it: {journalId, planId, hash, kind, state, connection, systemId, target,
/// who, host, reason, created, approved, finished, rows, undoes, undoneBy}; times RFC 3339, what is not there is null.
[[nodiscard]] QJsonObject exportJson(const Record &record);

} // namespace models::journal
