// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"

#include <QRegularExpression>

namespace tests {

/// A trace from lines such as `b PaymentRequested < a  in=payments of=order-1 at=300 flow=f`: id, type, cause, then what differs from the
/// defaults (stream s, no aggregate, time 100 ms × line, flow f). `-` is an event without an id.
inline models::trace::Trace traceFrom(const QString &text)
{
    models::trace::Trace trace;
    trace.connections = {QStringLiteral("here")};
    const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QStringList words = lines[i].split(u' ', Qt::SkipEmptyParts);
        models::trace::TraceEvent event;
        event.eventId = words.takeFirst();
        if (event.eventId == QStringLiteral("-"))
            event.eventId.clear();
        event.eventType = words.takeFirst();
        event.correlationId = QStringLiteral("f");
        event.address = {QStringLiteral("s"), 0, i};
        event.time = 100 * i;
        models::trace::ForeignLinks foreign;
        while (!words.isEmpty()) {
            const QString word = words.takeFirst();
            const QString value = word.section(u'=', 1);
            if (word == QStringLiteral("<"))
                event.causationId = words.takeFirst();
            else if (word.startsWith(QStringLiteral("in=")))
                event.address.stream = value;
            else if (word.startsWith(QStringLiteral("of=")))
                event.aggregateId = value;
            else if (word.startsWith(QStringLiteral("at=")))
                event.time = value.toLongLong();
            else if (word.startsWith(QStringLiteral("flow=")))
                event.correlationId = value;
            else if (word.startsWith(QStringLiteral("span=")))
                foreign.spanId = value;
            else if (word.startsWith(QStringLiteral("parent=")))
                foreign.parentSpanId = value;
            else if (word.startsWith(QStringLiteral("place="))) {
                foreign.causeStream = value.section(u'@', 0, 0);
                foreign.causePosition = value.section(u'@', 1).toLongLong();
            }
        }
        if (!(foreign == models::trace::ForeignLinks()))
            event.foreign = std::make_shared<const models::trace::ForeignLinks>(foreign);
        trace.events.push_back(event);
    }
    trace.correlationId = QStringLiteral("f");
    models::trace::sortByTime(trace.events);
    return trace;
}

/// "a>b causation; roots a; missing x; cycles c>d; duplicates e×2", without the empty parts.
inline QString printed(const models::trace::CausationGraph &graph)
{
    const auto names = [&graph](const auto &nodes, const QString &separator) {
        QStringList ids;
        for (const int node : nodes)
            ids += graph.idOf(node);
        return ids.join(separator);
    };
    QStringList parts;
    for (const models::trace::Edge &edge : graph.edges())
        parts += graph.idOf(edge.from) + u'>' + graph.idOf(edge.to) + u' ' + models::trace::edgeKindName(edge.kind);
    if (!graph.roots().empty())
        parts += QStringLiteral("roots ") + names(graph.roots(), QStringLiteral(" "));
    for (int node = graph.nodeCount() - graph.phantomCount(); node < graph.nodeCount(); ++node)
        parts += QStringLiteral("missing ") + graph.idOf(node);
    for (const auto &cycle : graph.cycles())
        parts += QStringLiteral("cycle ") + names(cycle, QStringLiteral(">"));
    for (const auto &duplicate : graph.duplicates())
        parts += QStringLiteral("duplicate %1×%2").arg(graph.idOf(duplicate.node)).arg(duplicate.events.size());
    return parts.join(QStringLiteral("; "));
}

} // namespace tests
