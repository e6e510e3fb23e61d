// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_column.h"
#include "models/event/event_rows.h"
#include "models/job/job.h"

namespace models::event {

/// How a table is sorted: by a resident column, equal ones as they were.
struct EventOrder {
    EventColumn::Kind kind = EventColumn::Kind::Time;
    Qt::SortOrder direction = Qt::AscendingOrder;
    bool operator==(const EventOrder &) const = default;
};

/// What another thread needs to sort the rows of a table that goes on meanwhile. Cheap to make: 4 bytes a row where the rows
/// are a selection, else next to nothing.
struct SortInput {
    SortInput(const EventList &list, const EventRows &rows, EventOrder wanted);

    EventOrder order;
    EventChunks events;
    InternTexts texts;            ///< of the column, where they are what counts
    std::vector<QString> streams; ///< likewise
    EventRows rows;
};

/// The rows' places in that order; null where the job was cancelled, which is noticed within a fraction of a second.
/// Linear in the events, O(n log n) in the different texts; takes 16 bytes an event and 20 a text meanwhile.
[[nodiscard]] std::optional<std::vector<quint32>> sortedPlaces(const SortInput &input, job::JobProgress &progress);

/// False where the text of this resident column was not kept in memory.
[[nodiscard]] bool isKept(const EventEntry &entry, EventColumn::Kind kind);

} // namespace models::event
