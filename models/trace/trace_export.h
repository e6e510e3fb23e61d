// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"

#include <functional>

namespace models::trace {

/// One event as the JSON object that the command line prints (without line end), by its number in Trace::events.
using EventObject = std::function<QByteArray(int event)>;

/// `{correlationId, events, edges, roots, missing, cycles, duplicates, searched}`. `edges` has no cycle (what closed one is
/// cut); a cycle is a list of event ids in the direction of the effects. A connection's name is added to every event.
[[nodiscard]] QByteArray traceToJson(const Trace &trace, const CausationGraph &graph, const EventObject &eventObject);

/// A tree for a terminal: a line an event, effects below their cause, an event with several causes once and named at the others.
[[nodiscard]] QString traceToText(const Trace &trace, const CausationGraph &graph);

/// Graphviz and Mermaid sources. Hostile text is escaped, control characters become U+FFFD.
[[nodiscard]] QString traceToDot(const Trace &trace, const CausationGraph &graph);
[[nodiscard]] QString traceToMermaid(const Trace &trace, const CausationGraph &graph);

/// A picture as laid out by LayeredLayout, large groups collapsed; readable on light and dark ground.
[[nodiscard]] QByteArray traceToSvg(const Trace &trace, const CausationGraph &graph);

/// Without control, line-separating and bidirectional characters (each becomes U+FFFD), at most `limit` characters.
[[nodiscard]] QString plainText(const QString &untrusted, qsizetype limit = 200);

/// "830 ms", "4.2 s", "3 min 10 s", "2 d 4 h".
[[nodiscard]] QString durationText(qint64 ms);

} // namespace models::trace
