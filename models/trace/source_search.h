// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_search.h"

#include <condition_variable>
#include <map>
#include <mutex>

namespace models::trace {

class ReadWindows;

/// What all sources of one step add to; guarded by its mutex.
struct Findings {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<TraceEvent> events;
    std::vector<connectors::EventBatchPtr> batches;
    std::map<std::tuple<int, QString, int>, connectors::PartitionRead> reads;   ///< by connection, stream, partition
    std::map<std::tuple<int, QString, int>, connectors::PartitionRead> wanted;  ///< where it was planned; else reads tell it themselves
    std::vector<connectors::Error> problems;
    std::map<int, connectors::EventChannelPtr> channels; ///< open ones
    qint64 scanned = 0;
    qint64 bytes = 0;
    qint64 total = -1;
    int runningSources = 0;
    int failedSources = 0;
    bool hasNews = false;
};

/// One question of a search, put to all connections at once.
struct SearchStep {
    connectors::SearchField field = connectors::SearchField::Anywhere;
    std::vector<QByteArray> values;
    bool endsAtFirstFind = false;
};

/// The part of a step that one connection does, on a thread of its own. What it is given must outlive it.
class SourceSearch final
{
public:
    SourceSearch(int index, const TraceSource &source, const TraceQuery &query, const SearchStep &step, Findings &findings);
    void run(std::stop_token stop);

private:
    std::optional<connectors::Error> search(std::stop_token stop);
    [[nodiscard]] bool hasAnybodyFound() const;
    void announce(const ReadWindows &windows);
    std::optional<connectors::Error> read(connectors::EventReader &reader, connectors::ReadRequest request, std::stop_token stop);
    void add(const connectors::EventBatchPtr &batch);
    /// Windows of one partition touch, so their union is one range; called with the mutex held.
    void merge(const connectors::PartitionRead &part);

    const int m_index;
    const TraceSource &m_source;
    const TraceQuery &m_query;
    const SearchStep &m_step;
    Findings &m_findings;
    TraceEventReader m_events;
};

} // namespace models::trace
