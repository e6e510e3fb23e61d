// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/known_text.h"

#include <QRegularExpression>

namespace models::trace {

KnownText understand(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return {};
    static const QRegularExpression address(QStringLiteral(R"(^(?<stream>\S+?)(?:(?:/|\s)(?<partition>\d{1,9}))?[@:](?<position>\d{1,18})$)"));
    const QRegularExpressionMatch match = address.match(trimmed);
    // "host:9092" is no address: a colon only stands after a partition.
    const bool isWritten = match.hasMatch() && (match.hasCaptured(QStringLiteral("partition")) || trimmed.contains(u'@'));
    if (isWritten) {
        connectors::EventAddress read;
        read.stream = match.captured(QStringLiteral("stream"));
        read.partition = match.captured(QStringLiteral("partition")).toInt();
        read.position = match.captured(QStringLiteral("position")).toLongLong();
        return {TextShape::Address, read};
    }
    static const QRegularExpression id(QStringLiteral("^(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{16,64})$"));
    return {id.match(trimmed).hasMatch() ? TextShape::Id : TextShape::Words, std::nullopt};
}

KnownAs foundAs(const Trace &trace, const QString &text)
{
    if (!trace.correlationId.isEmpty() && trace.correlationId == text)
        return KnownAs::CorrelationId;
    bool isAggregate = false;
    for (const TraceEvent &event : trace.events) {
        if (event.eventId == text)
            return KnownAs::EventId;
        isAggregate = isAggregate || event.aggregateId == text;
    }
    return isAggregate ? KnownAs::AggregateId : KnownAs::Text;
}

} // namespace models::trace
