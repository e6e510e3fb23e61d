// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"
#include "models/event/event_column.h"

namespace models::event {

enum class FieldChange { Same, Changed, OnlyHere, OnlyThere };

/// One field of two events. Values of a body are as they were written: 1.10 and 1.1 differ.
struct ComparedField {
    EventColumn column; ///< of the envelope, a header by its name, or a pointer into the body; Payload for a body that is no JSON
    QVariant here;
    QVariant there;
    FieldChange change = FieldChange::Same;
};

/// Envelope, headers in their order, then the body, value by value, in the order of the event shown; what only the other
/// one has comes after each part.
struct EventComparison {
    static constexpr size_t MaximumValues = 5'000;  ///< of each body
    static constexpr size_t MaximumHeaders = 2'000; ///< of each event
    std::vector<ComparedField> fields;
    bool isCut = false;            ///< a body has more values than that
    bool areHeadersCut = false;    ///< an event has more headers than that
    bool areBodiesCut = false;     ///< a body is not there as a whole: the beginnings and the sizes were compared
    [[nodiscard]] qsizetype differences() const;
};

/// Linear in the bodies, which may be large, so not on the GUI thread. Duplicate names are paired in their order. A body
/// that is not JSON in both events, or is cut in one, is one field, compared byte by byte. Ends early, with what it has, when stopped.
[[nodiscard]] EventComparison compareEvents(const CachedEvent &event, const CachedEvent &other, const std::stop_token &stop);

} // namespace models::event
