// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/flow_search.h"

#include "connectors/answer_of.h"
#include "models/trace/known_text.h"
#include "models/trace/translation.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace models::trace {

using namespace connectors;

namespace {

constexpr std::chrono::seconds Patience{30};
constexpr std::chrono::minutes LongPatience{15};
constexpr qint64 MaximumBytes = qint64(2) * 1024 * 1024 * 1024;
constexpr qint64 MaximumBytesPatiently = 64 * MaximumBytes;
constexpr EpochMs AroundEvent = 60 * 60 * 1000; ///< a flow that is searched from one of its events: so far around it at least
constexpr qint64 LettersOfQueue = 1'000;
constexpr qint64 NewestOfPartition = 1'000;
constexpr qint64 MaximumScan = 20'000;
constexpr size_t MaximumFlows = 100;

TraceQuery queryOf(const TraceRequest &request)
{
    TraceQuery query;
    query.text = request.text.trimmed();
    query.knownAs = request.knownAs;
    if (request.from)
        query.from = AtTime{*request.from};
    if (request.to)
        query.to = AtTime{*request.to};
    query.isNewestFirst = true;
    query.maxDuration = request.isPatient ? std::chrono::milliseconds(LongPatience) : std::chrono::milliseconds(Patience);
    query.maxBytes = request.isPatient ? MaximumBytesPatiently : MaximumBytes;
    return query;
}

/// The event at the address on the first connection that has it; null where none has.
Result<std::optional<TraceEvent>> eventAt(const std::vector<TraceSource> &sources, const TraceRequest &request, const EventAddress &address,
                                          std::stop_token stop)
{
    std::optional<Error> error;
    for (size_t i = 0; i < sources.size(); ++i) {
        EventReader *reader = sources[i].connector->eventReader();
        if (!reader || (!request.connection.isEmpty() && sources[i].name != request.connection))
            continue;
        const Result<EventBatchPtr> batch = answerOf(reader->fetch({address}, TablePreviewBytes, stop));
        if (!batch)
            error = batch.error();
        else if ((*batch)->count() > 0)
            return std::optional(TraceEventReader().read(**batch, 0, static_cast<int>(i)));
    }
    if (error && error->code != ErrorCode::NotFound)
        return tl::unexpected(*error);
    return std::optional<TraceEvent>();
}

/// The range covers what happened in [begin, end] and an hour around it; whether that is more than it was.
bool extendRange(TraceRequest &request, EpochMs begin, EpochMs end)
{
    const TraceRequest before = request;
    if (request.from)
        request.from = std::min(*request.from, begin - AroundEvent);
    if (request.to)
        request.to = std::max(*request.to, end + AroundEvent);
    return request.from != before.from || request.to != before.to;
}

/// By all that is known of the flow. What cannot be read any more extends nothing.
bool coverWhatIsKnown(TraceRequest &request, const std::vector<TraceSource> &sources, const std::stop_token &stop)
{
    bool isExtended = request.seenFrom && request.seenTo && extendRange(request, *request.seenFrom, *request.seenTo);
    if (!request.seenAt || (!request.from && !request.to))
        return isExtended;
    const auto event = eventAt(sources, request, *request.seenAt, stop);
    if (event && *event && (*event)->time != NoNumber)
        isExtended = extendRange(request, (*event)->time, (*event)->time) || isExtended;
    return isExtended;
}

/// A trace of the one event, for one that names no flow and has no id by which another could name it.
Trace traceOf(const TraceEvent &event, const std::vector<TraceSource> &sources)
{
    Trace trace;
    for (const TraceSource &source : sources)
        trace.connections.push_back(source.name);
    trace.events = {event};
    return trace;
}

Result<Trace> searchAround(const std::vector<TraceSource> &sources, const TraceRequest &request, const TraceEvent &event, std::stop_token stop,
                           const SearchObserver &observer)
{
    TraceRequest around = request;
    around.knownAs = event.correlationId.isEmpty() ? KnownAs::EventId : KnownAs::CorrelationId;
    around.text = event.correlationId.isEmpty() ? event.eventId : event.correlationId;
    if (around.text.isEmpty())
        return traceOf(event, sources);
    const bool isExtended = event.time != NoNumber && extendRange(around, event.time, event.time);
    Result<Trace> found = searchTrace(sources, queryOf(around), std::move(stop), observer);
    if (found && found->events.empty())
        found->events = {event};
    if (found)
        found->isRangeExtended = isExtended;
    return found;
}

struct SeenFlow {
    FlowSummary summary;
    QSet<QString> streams;
};

void count(QHash<QString, SeenFlow> &flows, const TraceEvent &event)
{
    SeenFlow &flow = flows[event.correlationId];
    FlowSummary &summary = flow.summary;
    ++summary.events;
    summary.failures += namesFailure(event.eventType) ? 1 : 0;
    if (event.time != NoNumber) {
        summary.begin = std::min(summary.begin.value_or(event.time), event.time);
        summary.end = std::max(summary.end.value_or(event.time), event.time);
    }
    if (flow.streams.size() < 50 && !flow.streams.contains(event.address.stream)) {
        flow.streams.insert(event.address.stream);
        summary.streams.push_back(event.address.stream);
    }
}

} // namespace

Result<Trace> searchFlow(const std::vector<TraceSource> &sources, const TraceRequest &request, std::stop_token stop, const SearchObserver &observer)
{
    const KnownText known = understand(request.text);
    const bool mayBeAddress = request.knownAs == KnownAs::Anything && known.shape == TextShape::Address;
    const std::optional<EventAddress> address = request.address ? request.address : mayBeAddress ? known.address : std::nullopt;
    if (address) {
        const auto event = eventAt(sources, request, *address, stop);
        if (event && *event)
            return searchAround(sources, request, **event, std::move(stop), observer);
        if (!event && request.address)
            return tl::unexpected(event.error());
        if (request.address)
            return failure(ErrorCode::NotFound, tr("The event %1 is no longer stored.").arg(placeText(*address)),
                           tr("Retention may have taken it. Search for one of its ids instead."));
    }
    TraceRequest covering = request;
    const bool isExtended = coverWhatIsKnown(covering, sources, stop);
    Result<Trace> found = searchTrace(sources, queryOf(covering), std::move(stop), observer);
    if (found)
        found->isRangeExtended = isExtended;
    return found;
}

qint64 markDeadLetters(Trace &trace, const std::vector<TraceSource> &sources, const std::vector<LetterQueue> &queues, std::stop_token stop)
{
    QSet<QString> ids;
    QSet<QString> places;
    for (const LetterQueue &queue : queues) {
        DeadLetterSource *source = sources[static_cast<size_t>(queue.connection)].connector->deadLetterSource();
        if (!source || stop.stop_requested())
            continue;
        const auto letters = answerOf(source->letters(queue.stream, LettersOfQueue, stop));
        if (!letters)
            continue;
        for (const DeadLetter &letter : *letters) {
            if (!letter.eventId.isEmpty())
                ids.insert(letter.eventId);
            if (letter.original)
                places.insert(QString::number(queue.connection) + u' ' + placeText(*letter.original));
        }
    }
    qint64 marked = 0;
    for (TraceEvent &event : trace.events) {
        const bool isLetter = std::any_of(queues.cbegin(), queues.cend(), [&event](const LetterQueue &queue) {
            return queue.isStream && queue.connection == event.connection && queue.stream == event.address.stream;
        });
        const auto place = [&event] { return QString(QString::number(event.connection) + u' ' + placeText(event.address)); };
        event.isDeadLettered = isLetter || (!event.eventId.isEmpty() && ids.contains(event.eventId)) || (!places.isEmpty() && places.contains(place()));
        marked += event.isDeadLettered ? 1 : 0;
    }
    return marked;
}

std::vector<FlowSummary> recentFlows(const std::vector<TraceSource> &sources, std::stop_token stop)
{
    QHash<QString, SeenFlow> flows;
    for (size_t i = 0; i < sources.size() && !stop.stop_requested(); ++i) {
        EventReader *reader = sources[i].connector->eventReader();
        if (!reader)
            continue;
        ReadRequest request;
        request.from = Newest{NewestOfPartition};
        request.limit = MaximumScan;
        request.maxBytesPerSecond = sources[i].maxBytesPerSecond;
        request.previewBytes = TablePreviewBytes; // the envelope is all that counts
        const EventChannelPtr channel = reader->read(std::move(request));
        const std::stop_callback cancel(stop, [&channel] { channel->cancel(); });
        TraceEventReader events;
        while (const EventBatchPtr batch = channel->waitPop()) {
            for (qsizetype row = 0; row < batch->count(); ++row) {
                const TraceEvent event = events.read(*batch, row, static_cast<int>(i));
                if (!event.correlationId.isEmpty())
                    count(flows, event);
            }
        }
    }
    std::vector<FlowSummary> summaries;
    for (auto flow = flows.begin(); flow != flows.end(); ++flow) {
        FlowSummary &summary = flow->summary;
        summary.name = flow.key();
        summary.request.text = flow.key();
        summary.request.knownAs = KnownAs::CorrelationId;
        summary.request.seenFrom = summary.begin;
        summary.request.seenTo = summary.end;
        summaries.push_back(std::move(summary));
    }
    std::sort(summaries.begin(), summaries.end(), [](const FlowSummary &a, const FlowSummary &b) { return std::tie(b.end, a.name) < std::tie(a.end, b.name); });
    summaries.resize(std::min(summaries.size(), MaximumFlows));
    return summaries;
}

FlowSummary summaryOf(const Trace &trace, const TraceRequest &request)
{
    FlowSummary summary;
    QString fallback = request.text;
    if (fallback.isEmpty() && request.address)
        fallback = placeText(*request.address);
    summary.name = trace.correlationId.isEmpty() ? fallback : trace.correlationId;
    summary.request = request;
    if (!trace.correlationId.isEmpty()) {
        summary.request.text = trace.correlationId;
        summary.request.knownAs = KnownAs::CorrelationId;
        summary.request.address.reset();
        summary.request.connection.clear();
        summary.request.seenAt.reset();
    }
    summary.events = static_cast<qint64>(trace.events.size());
    summary.isWhole = trace.isComplete();
    summary.streams = trace.streams();
    for (const TraceEvent &event : trace.events) {
        if (event.time != NoNumber) {
            summary.begin = std::min(summary.begin.value_or(event.time), event.time);
            summary.end = std::max(summary.end.value_or(event.time), event.time);
        }
        summary.failures += event.isDeadLettered || namesFailure(event.eventType) ? 1 : 0;
    }
    summary.request.seenFrom = summary.begin;
    summary.request.seenTo = summary.end;
    return summary;
}

} // namespace models::trace
