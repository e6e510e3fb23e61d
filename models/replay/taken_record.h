// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"
#include "models/journal/target_lock.h"
#include "models/replay/failpoint.h"

namespace models::replay {

/// A recorded change of any kind, while this process alone may carry it out or settle it.
struct TakenRecord {
    std::unique_ptr<journal::TargetLock> lock;
    journal::Record record;
};

/// Conflict where somebody else holds its target.
[[nodiscard]] connectors::Result<TakenRecord> takeRecord(journal::Journal &journal, const QString &journalId);

/// Refused where it was used already, or an earlier change of its target is not settled.
[[nodiscard]] connectors::Result<void> checkRunnable(const journal::Journal &journal, const journal::Record &record);

/// An entry on the disk, between the step's two failpoints.
[[nodiscard]] connectors::Result<void> appendEntry(journal::Journal &journal, FailpointStep step, const QString &journalId, journal::State state, const QJsonObject &body);

} // namespace models::replay
