// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/source_search.h"

#include "models/trace/read_windows.h"
#include "models/trace/translation.h"

#include <algorithm>

namespace models::trace {

using namespace connectors;

SourceSearch::SourceSearch(int index, const TraceSource &source, const TraceQuery &query, const SearchStep &step, Findings &findings)
    : m_index(index)
    , m_source(source)
    , m_query(query)
    , m_step(step)
    , m_findings(findings)
{
}

void SourceSearch::run(std::stop_token stop)
{
    if (const std::optional<Error> error = search(stop)) {
        const std::lock_guard lock(m_findings.mutex);
        m_findings.problems.push_back(*error);
        m_findings.failedSources += error->code == ErrorCode::Incomplete ? 0 : 1;
    }
    const std::lock_guard lock(m_findings.mutex);
    --m_findings.runningSources;
    m_findings.changed.notify_all();
}

std::optional<Error> SourceSearch::search(std::stop_token stop)
{
    EventReader *reader = m_source.connector->eventReader();
    if (!reader)
        return Error{ErrorCode::Unsupported, tr("%1 cannot be searched: %2").arg(m_source.name, m_source.connector->whyNot(Ability::EventReader)),
                     {}, false};
    StreamCatalog *catalog = m_source.connector->streamCatalog();
    if (!m_query.isNewestFirst || !catalog) {
        ReadRequest request;
        request.streams = m_query.streams;
        request.from = m_query.from;
        request.to = m_query.to;
        return read(*reader, std::move(request), stop);
    }
    auto windows = ReadWindows::plan(*catalog, m_query.streams, m_query.from, m_query.to, stop);
    if (!windows)
        return windows.error();
    announce(*windows);
    std::optional<Error> missing;
    for (auto ranges = windows->takeNext(); !ranges.empty() && !stop.stop_requested(); ranges = windows->takeNext()) {
        ReadRequest request;
        request.ranges = std::move(ranges);
        auto error = read(*reader, std::move(request), stop);
        if (error && error->code != ErrorCode::Incomplete)
            return error;
        missing = error ? error : missing; // what can be read is searched all the same
        if (m_step.endsAtFirstFind && hasAnybodyFound())
            break;
    }
    return missing;
}

bool SourceSearch::hasAnybodyFound() const
{
    const std::lock_guard lock(m_findings.mutex);
    return !m_findings.events.empty();
}

void SourceSearch::announce(const ReadWindows &windows)
{
    const std::lock_guard lock(m_findings.mutex);
    for (const PartitionRead &wanted : windows.wanted())
        m_findings.wanted.insert_or_assign({m_index, wanted.stream, wanted.partition}, wanted);
    m_findings.problems.insert(m_findings.problems.end(), windows.problems().cbegin(), windows.problems().cend());
    m_findings.total = std::max<qint64>(0, m_findings.total) + windows.total();
}

std::optional<Error> SourceSearch::read(EventReader &reader, ReadRequest request, std::stop_token stop)
{
    request.search = ExactSearch{m_step.field, m_step.values};
    request.maxBytesPerSecond = m_source.maxBytesPerSecond;
    request.previewBytes = m_query.keepsBodies ? PageBytes : TablePreviewBytes;
    const EventChannelPtr channel = reader.read(std::move(request));
    {
        const std::lock_guard lock(m_findings.mutex);
        m_findings.channels[m_index] = channel;
    }
    const std::stop_callback cancel(stop, [&channel] { channel->cancel(); });
    while (const EventBatchPtr batch = channel->waitPop())
        add(batch);
    const Result<ReadReport> result = channel->result();
    const ReadReport report = result ? *result : channel->progress();
    const std::lock_guard lock(m_findings.mutex);
    m_findings.channels.erase(m_index);
    m_findings.scanned += report.scanned;
    m_findings.bytes += report.bytes;
    for (const PartitionRead &part : report.partitions)
        merge(part);
    m_findings.changed.notify_all();
    if (result || stop.stop_requested())
        return std::nullopt;
    return result.error();
}

void SourceSearch::add(const EventBatchPtr &batch)
{
    std::vector<TraceEvent> events;
    events.reserve(static_cast<size_t>(batch->count()));
    for (qsizetype row = 0; row < batch->count(); ++row)
        events.push_back(m_events.read(*batch, row, m_index));
    const std::lock_guard lock(m_findings.mutex);
    if (m_query.keepsBodies) {
        for (TraceEvent &event : events)
            event.batch = static_cast<qint32>(m_findings.batches.size());
        m_findings.batches.push_back(batch);
    }
    m_findings.hasNews = m_findings.hasNews || !events.empty();
    m_findings.events.insert(m_findings.events.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
}

void SourceSearch::merge(const PartitionRead &part)
{
    const std::tuple key(m_index, part.stream, part.partition);
    const auto [known, isNew] = m_findings.reads.try_emplace(key, part);
    if (isNew)
        return;
    PartitionRead &whole = known->second;
    whole.events += part.events;
    whole.to = std::max(whole.to, part.to);
    const bool isCutShort = part.next < part.to; // then what lies above is no longer joined to it: tell the part that is
    whole.from = isCutShort ? whole.from : std::min(whole.from, part.from);
    whole.next = std::max(whole.next, part.next);
}

} // namespace models::trace
