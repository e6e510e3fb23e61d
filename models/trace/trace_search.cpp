// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_search.h"

#include "models/trace/source_search.h"
#include "models/trace/translation.h"

#include <QSet>

#include <algorithm>
#include <map>
#include <thread>

namespace models::trace {

using namespace connectors;

namespace {

class TraceSearch final
{
public:
    TraceSearch(const std::vector<TraceSource> &sources, const TraceQuery &query, std::stop_token stop, const SearchObserver &observer)
        : m_sources(sources)
        , m_query(query)
        , m_stop(std::move(stop))
        , m_observer(observer)
        , m_began(std::chrono::steady_clock::now())
    {
    }

    Result<Trace> run()
    {
        const QByteArray text = m_query.text.toUtf8();
        if (text.isEmpty())
            return failure(ErrorCode::InvalidInput, tr("There is nothing to search for."), tr("Give an id, a key or any text of an event."));
        for (const TraceSource &source : m_sources)
            m_trace.connections.push_back(source.name);
        SearchStep first{fieldOf(m_query.knownAs), {text}, m_query.isNewestFirst && m_query.knownAs != KnownAs::CorrelationId};
        if (auto error = take(first))
            return tl::unexpected(*error);
        if (m_query.knownAs == KnownAs::CorrelationId) {
            m_trace.correlationId = m_trace.events.empty() ? QString() : m_query.text;
            return std::move(m_trace);
        }
        keepBestFit();
        if (m_trace.events.empty() || isOver())
            return std::move(m_trace);
        if (auto error = m_trace.correlationId.isEmpty() ? takeNeighbours() : takeFlow())
            m_trace.problems.push_back(*error);
        return std::move(m_trace);
    }

private:
    static SearchField fieldOf(KnownAs knownAs)
    {
        switch (knownAs) {
        case KnownAs::CorrelationId: return SearchField::CorrelationId;
        case KnownAs::EventId: return SearchField::EventId;
        case KnownAs::AggregateId: return SearchField::AggregateId;
        case KnownAs::Key: return SearchField::Key;
        case KnownAs::Anything:
        case KnownAs::Text: break;
        }
        return SearchField::Anywhere;
    }

    /// Of what holds the text anywhere, the events in which it is an id, if there are any; then the newest flow.
    void keepBestFit()
    {
        auto &events = m_trace.events;
        if (m_query.knownAs == KnownAs::Anything) {
            for (QString TraceEvent::*field : {&TraceEvent::correlationId, &TraceEvent::eventId, &TraceEvent::aggregateId}) {
                const auto fits = [&](const TraceEvent &event) { return event.*field == m_query.text; };
                if (std::none_of(events.cbegin(), events.cend(), fits))
                    continue;
                std::erase_if(events, [&fits](const TraceEvent &event) { return !fits(event); });
                break;
            }
        }
        QSet<QString> seen;
        for (auto event = events.crbegin(); event != events.crend(); ++event) {
            if (event->correlationId.isEmpty() || seen.contains(event->correlationId))
                continue;
            seen.insert(event->correlationId);
            if (m_trace.correlationId.isEmpty())
                m_trace.correlationId = event->correlationId;
            else
                m_trace.otherFlows.push_back(event->correlationId);
        }
        if (!m_trace.correlationId.isEmpty())
            std::erase_if(events, [this](const TraceEvent &event) { return event.correlationId != m_trace.correlationId; });
    }

    std::optional<Error> takeFlow()
    {
        return take({SearchField::CorrelationId, {m_trace.correlationId.toUtf8()}, false});
    }

    std::optional<Error> takeNeighbours()
    {
        SearchStep effects{SearchField::CausationId, {}, false};
        SearchStep causes{SearchField::EventId, {}, false};
        for (const TraceEvent &event : m_trace.events) {
            if (!event.eventId.isEmpty())
                effects.values.push_back(event.eventId.toUtf8());
            if (!event.causationId.isEmpty())
                causes.values.push_back(event.causationId.toUtf8());
        }
        std::optional<Error> error;
        if (!effects.values.empty())
            error = take(effects);
        if (!error && !causes.values.empty() && !isOver())
            error = take(causes);
        return error;
    }

    /// One step over all connections; adds to the trace what is new. An error when no connection could be searched.
    std::optional<Error> take(const SearchStep &step)
    {
        Findings findings;
        findings.runningSources = static_cast<int>(m_sources.size());
        std::stop_source stop;
        const std::stop_callback outer(m_stop, [&stop] { stop.request_stop(); });
        {
            std::vector<std::jthread> threads;
            for (size_t i = 0; i < m_sources.size(); ++i)
                threads.emplace_back([&, i] { SourceSearch(static_cast<int>(i), m_sources[i], m_query, step, findings).run(stop.get_token()); });
            watch(findings, stop, step.field == SearchField::CorrelationId);
        }
        m_bytes += findings.bytes;
        absorb(findings);
        describeSearched(findings);
        for (const Error &problem : findings.problems) { // each step may meet the same one
            if (std::find(m_trace.problems.cbegin(), m_trace.problems.cend(), problem) == m_trace.problems.cend())
                m_trace.problems.push_back(problem);
        }
        if (!m_sources.empty() && findings.failedSources == static_cast<int>(m_sources.size()))
            return findings.problems.front();
        return std::nullopt;
    }

    /// Until all sources have ended: tells the progress, and stops them at the bounds.
    void watch(Findings &findings, std::stop_source &stop, bool isWholeFlow)
    {
        std::unique_lock lock(findings.mutex);
        while (findings.runningSources > 0) {
            findings.changed.wait_for(lock, std::chrono::milliseconds(100));
            qint64 scanned = findings.scanned;
            qint64 bytes = findings.bytes;
            for (const auto &[index, channel] : findings.channels) {
                const ReadReport report = channel->progress();
                scanned += report.scanned;
                bytes += report.bytes;
            }
            const qint64 total = findings.total;
            std::vector<TraceEvent> events;
            const auto now = std::chrono::steady_clock::now();
            if (findings.hasNews && isWholeFlow && m_observer.partReceived && now - m_toldPart >= std::chrono::milliseconds(500)) {
                events = findings.events;
                findings.hasNews = false;
                m_toldPart = now;
            }
            lock.unlock();
            if (m_observer.progressed)
                m_observer.progressed(scanned, total);
            if (!events.empty())
                tellPart(std::move(events));
            if (isOver() || (m_query.maxBytes && m_bytes + bytes >= *m_query.maxBytes))
                stop.request_stop();
            lock.lock();
        }
    }

    void tellPart(std::vector<TraceEvent> events)
    {
        Trace part;
        part.correlationId = m_trace.correlationId.isEmpty() ? m_query.text : m_trace.correlationId;
        part.connections = m_trace.connections;
        part.events = std::move(events);
        for (TraceEvent &event : part.events)
            event.batch = -1;
        sortByTime(part.events);
        m_observer.partReceived(part);
    }

    void absorb(Findings &findings)
    {
        const auto firstBatch = static_cast<qint32>(m_trace.batches.size());
        m_trace.batches.insert(m_trace.batches.end(), findings.batches.cbegin(), findings.batches.cend());
        for (TraceEvent &event : findings.events) {
            if (event.batch >= 0)
                event.batch += firstBatch;
            m_trace.events.push_back(std::move(event));
        }
        // An event that both steps found is equal in all that sortByTime looks at, so copies are neighbours.
        sortByTime(m_trace.events);
        const auto isSame = [](const TraceEvent &a, const TraceEvent &b) { return a.connection == b.connection && a.address == b.address; };
        m_trace.events.erase(std::unique(m_trace.events.begin(), m_trace.events.end(), isSame), m_trace.events.end());
    }

    /// What the last step looked at; the first one of two only leads to it.
    void describeSearched(const Findings &findings)
    {
        std::map<std::pair<int, QString>, SearchedStream> streams;
        const auto add = [&streams](int connection, const PartitionRead &read, bool isComplete) {
            SearchedStream &stream = streams[{connection, read.stream}];
            stream.connection = connection;
            stream.stream = read.stream;
            stream.partitions.push_back({read.partition, read.from, read.next, read.events, isComplete});
        };
        for (const auto &[key, read] : findings.reads) {
            const auto wanted = findings.wanted.find(key);
            const bool isComplete = wanted == findings.wanted.end() ? read.next >= read.to
                                                                    : read.from <= wanted->second.from && read.next >= wanted->second.to;
            add(std::get<0>(key), read, isComplete);
        }
        for (const auto &[key, wanted] : findings.wanted)
            if (!findings.reads.contains(key))
                add(std::get<0>(key), wanted, wanted.from == wanted.to);
        m_trace.searched.clear();
        for (auto &[key, stream] : streams) {
            std::sort(stream.partitions.begin(), stream.partitions.end(), [](const SearchedPartition &a, const SearchedPartition &b) { return a.partition < b.partition; });
            m_trace.searched.push_back(std::move(stream));
        }
    }

    [[nodiscard]] bool isOver() const
    {
        return m_stop.stop_requested() || (m_query.maxDuration && std::chrono::steady_clock::now() - m_began >= *m_query.maxDuration);
    }

    const std::vector<TraceSource> &m_sources;
    const TraceQuery &m_query;
    const std::stop_token m_stop;
    const SearchObserver &m_observer;
    const std::chrono::steady_clock::time_point m_began;
    std::chrono::steady_clock::time_point m_toldPart;
    Trace m_trace;
    qint64 m_bytes = 0;
};

} // namespace

Result<Trace> searchTrace(const std::vector<TraceSource> &sources, const TraceQuery &query, std::stop_token stop, const SearchObserver &observer)
{
    return TraceSearch(sources, query, std::move(stop), observer).run();
}

} // namespace models::trace
