// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/record.h"

namespace models::journal {

/// A record as the command line's contract has it: {journalId, planId, hash, kind, state, connection, systemId, target,
/// who, host, reason, created, approved, finished, rows, undoes, undoneBy}; times RFC 3339, what is not there is null.
/// `rows` are {stream, partition, before, target, now, result, problem}, also of a plan that was never tried.
[[nodiscard]] QJsonObject exportJson(const Record &record);

/// Who approved it; before that, who planned it.
[[nodiscard]] QString actorOf(const Record &record);

} // namespace models::journal
