// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_column.h"
#include "models/event/event_rows.h"

#include <QFuture>

namespace models::event {

/// The rows' places in the order of a resident column, equal ones as they were. The keys are copied here (12 bytes an
/// event), the sorting is done on another thread: O(n log n).
[[nodiscard]] QFuture<std::vector<quint32>> sortedPlaces(const EventList &list, const EventRows &rows, EventColumn::Kind kind, Qt::SortOrder order);

/// False where the text of this resident column was not kept in memory.
[[nodiscard]] bool isKept(const EventEntry &entry, EventColumn::Kind kind);

} // namespace models::event
