// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/search_words.h"

#include "ui/traces/event_words.h"
#include "ui/traces/translation.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::traces {

using models::trace::KnownAs;
using models::trace::SearchedStream;
using models::trace::TextShape;
using models::trace::Trace;
using models::trace::TraceRequest;
namespace text = ui::widgets::text;

namespace {

QString counted(qint64 count, const char *one, const char *many)
{
    return count == 1 ? tr(one) : tr(many).arg(text::exact(count));
}

qint64 eventsSearched(const Trace &trace)
{
    qint64 events = 0;
    for (const SearchedStream &stream : trace.searched)
        events += stream.events();
    return events;
}

/// Every partition counts its positions by itself, so a range is told only where there is one.
QString searchedLine(const QString &name, const SearchedStream &stream)
{
    const qint64 partitions = std::ssize(stream.partitions);
    if (partitions == 1) {
        const QString range = tr("%1 %2 … %3").arg(name, text::exact(stream.partitions.front().from), text::exact(stream.partitions.front().to));
        return stream.isComplete() ? tr("%1, complete").arg(range) : tr("%1, not complete").arg(range);
    }
    const QString counted = tr("%1 %2 in %3 partitions").arg(name, eventsText(stream.events()), text::exact(partitions));
    return stream.isComplete() ? tr("%1, complete").arg(counted) : tr("%1, %2 of them not complete").arg(counted, text::exact(stream.incompletePartitions()));
}

} // namespace

QString hintFor(const QString &typed, KnownAs knownAs)
{
    const models::trace::KnownText known = models::trace::understand(typed);
    switch (knownAs) {
    case KnownAs::CorrelationId: return tr("Events with this correlation id.");
    case KnownAs::EventId: return tr("The event with this id, then its whole flow.");
    case KnownAs::AggregateId: return tr("The newest flow of this aggregate; its other flows are listed.");
    case KnownAs::Key: return tr("The newest flow with this message key.");
    case KnownAs::Text: return tr("The newest event that has these bytes anywhere, then its whole flow.");
    case KnownAs::Anything: break;
    }
    switch (known.shape) {
    case TextShape::Nothing: return {};
    case TextShape::Address: return tr("Looks like the place of one event: %1. Its whole flow is searched.").arg(addressText(*known.address));
    case TextShape::Id: return tr("Looks like an id. Tried as correlation id, event id and aggregate, else as bytes anywhere.");
    case TextShape::Words: return tr("Tried as correlation id, event id, aggregate and key, else as bytes anywhere.");
    }
    return {};
}

QString foundText(const Trace &trace, const TraceRequest &request)
{
    if (request.address)
        return trace.correlationId.isEmpty() ? tr("The event names no flow; shown with its causes and effects.") : tr("The flow of the event at %1.").arg(addressText(*request.address));
    const QString name = text::shortId(request.text.trimmed(), 40);
    switch (models::trace::foundAs(trace, request.text.trimmed())) {
    case KnownAs::CorrelationId: return tr("“%1” is a correlation id.").arg(name);
    case KnownAs::EventId: return tr("“%1” is an event.").arg(name);
    case KnownAs::AggregateId: return tr("“%1” is an aggregate.").arg(name);
    case KnownAs::Key:
    case KnownAs::Text:
    case KnownAs::Anything: break;
    }
    return tr("“%1” was found as a key or text.").arg(name);
}

QString nameOf(const TraceRequest &request)
{
    return request.address ? addressText(*request.address) : tr("“%1”").arg(text::shortId(request.text.trimmed(), 60));
}

QStringList searchedLines(const Trace &trace, int limit)
{
    QStringList lines;
    for (const SearchedStream &stream : trace.searched) {
        if (lines.size() == limit) {
            lines += tr("and %1 more streams").arg(text::exact(static_cast<qint64>(trace.searched.size()) - limit));
            break;
        }
        QString name = text::untrusted(stream.stream, 80);
        if (trace.connections.size() > 1)
            name += QStringLiteral(" (") + text::untrusted(trace.connections[static_cast<size_t>(stream.connection)], 40) + u')';
        lines += searchedLine(name, stream);
    }
    return lines;
}

QString searchedText(const Trace &trace)
{
    if (trace.searched.empty())
        return tr("Nothing was searched.");
    if (trace.searched.size() == 1)
        return tr("Searched %1").arg(searchedLines(trace, 1).front());
    const qint64 events = eventsSearched(trace);
    const qint64 complete = std::count_if(trace.searched.cbegin(), trace.searched.cend(), [](const SearchedStream &stream) { return stream.isComplete(); });
    const auto streams = static_cast<qint64>(trace.searched.size());
    if (complete == streams)
        return tr("Searched %1 events in %2 streams, complete").arg(text::exact(events), text::exact(streams));
    return tr("Searched %1 events, %2 of %3 streams complete").arg(text::exact(events), text::exact(complete), text::exact(streams));
}

QString searchOutcome(const Trace &trace, const QString &range, qint64 missingCauses, bool wasCancelled)
{
    // A cause that was not found may be stored outside the range: what was read is no whole flow then.
    const bool mayBeOutside = !range.isEmpty() && missingCauses > 0 && trace.isComplete();
    QString searched = mayBeOutside ? tr("Searched %1 in %2").arg(eventsText(eventsSearched(trace)), streamsText(std::ssize(trace.searched))) : searchedText(trace);
    if (!range.isEmpty())
        searched += QStringLiteral(", ") + range;
    if (mayBeOutside)
        searched += missingCauses == 1 ? tr("; 1 cause was not found and may be outside this time") : tr("; %1 causes were not found and may be outside this time").arg(text::exact(missingCauses));
    if (wasCancelled)
        return tr("Cancelled. %1").arg(searched);
    if (!trace.problems.empty())
        return text::untrusted(trace.problems.front().message, 160) + u' ' + searched;
    return trace.isComplete() ? searched : tr("Stopped at its bounds. %1").arg(searched);
}

QStringList searchDetails(const Trace &trace, int limit)
{
    QStringList lines = searchedLines(trace, limit);
    for (const connectors::Error &problem : trace.problems)
        lines += text::error(problem);
    return lines;
}

QString eventsText(qint64 count)
{
    return counted(count, "1 event", "%1 events");
}

QString streamsText(qint64 count)
{
    return counted(count, "1 stream", "%1 streams");
}

QString numbersText(const models::trace::TraceNumbers &numbers)
{
    QStringList words{eventsText(numbers.events), streamsText(numbers.streams)};
    if (numbers.durationMs)
        words += text::duration(*numbers.durationMs);
    words += counted(numbers.roots, "1 root", "%1 roots");
    if (numbers.missing > 0)
        words += counted(numbers.missing, "1 cause missing", "%1 causes missing");
    if (numbers.cycles > 0)
        words += counted(numbers.cycles, "1 cycle", "%1 cycles");
    if (numbers.duplicates > 0)
        words += counted(numbers.duplicates, "1 duplicate id", "%1 duplicate ids");
    if (numbers.deadLetters > 0)
        words += counted(numbers.deadLetters, "1 dead letter", "%1 dead letters");
    if (numbers.failures > 0)
        words += counted(numbers.failures, "1 failure", "%1 failures");
    return words.join(QStringLiteral(" · "));
}

} // namespace ui::traces
