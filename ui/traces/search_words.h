// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/joined_trace.h"
#include "models/trace/known_text.h"
#include "models/trace/trace_request.h"

#include <QStringList>

namespace ui::traces {

/// How a text that is being typed will be searched; empty for nothing typed.
[[nodiscard]] QString hintFor(const QString &typed, models::trace::KnownAs knownAs);
/// As what the text was found in a trace.
[[nodiscard]] QString foundText(const models::trace::Trace &trace, const models::trace::TraceRequest &request);
/// “order-17”, or the address.
[[nodiscard]] QString nameOf(const models::trace::TraceRequest &request);
/// "orders.events 0 … 1,204,000, complete", or "… 30 events in 3 partitions, complete": one line a stream, at most `limit`, the rest counted.
[[nodiscard]] QStringList searchedLines(const models::trace::Trace &trace, int limit);
/// The same in one line: a single stream by its name, more as a sum.
[[nodiscard]] QString searchedText(const models::trace::Trace &trace);
/// The same in one line with how the search ended. `range`: the words of the time range; empty: all times.
[[nodiscard]] QString searchOutcome(const models::trace::Trace &trace, const QString &range, qint64 missingCauses, bool wasCancelled);
/// searchedLines() and what could not be read.
[[nodiscard]] QStringList searchDetails(const models::trace::Trace &trace, int limit);
/// "12 events · 4 streams · 3.2 s · 1 root · 2 causes missing".
[[nodiscard]] QString numbersText(const models::trace::TraceNumbers &numbers);

/// "1 event", "12 events"; "1 stream", "4 streams".
[[nodiscard]] QString eventsText(qint64 count);
[[nodiscard]] QString streamsText(qint64 count);

} // namespace ui::traces
