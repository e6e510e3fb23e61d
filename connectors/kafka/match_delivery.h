// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_channel.h"
#include "connectors/event_reader.h"
#include "connectors/kafka/record_search.h"
#include "connectors/query/event_filter.h"

namespace connectors::kafka {

/// The last steps of a read: decides which events of a batch match, cuts at the limit, counts, cuts them to previews, hands over.
class MatchDelivery final
{
public:
    /// InvalidInput for a condition that cannot be understood.
    [[nodiscard]] static Result<std::unique_ptr<MatchDelivery>> make(const ReadRequest &request, EventChannelPtr channel);

    /// What happened to a batch.
    struct Outcome {
        bool isTaken = true; ///< false: the reader has gone
        std::vector<EventAddress> left; ///< matches beyond the limit
    };
    /// Waits while the reader has enough to do.
    [[nodiscard]] Result<Outcome> deliver(EventBatchPtr batch, ReadReport *report);

    [[nodiscard]] bool hasReachedLimit(const ReadReport &report) const { return m_limit && report.matched >= *m_limit; }
    /// How many more events may be needed before the limit can be reached; null: no limit, or not every event counts.
    [[nodiscard]] std::optional<qint64> stillWanted(const ReadReport &report) const;
    /// What a record's raw bytes must pass: the raw half of the search, or of an id that the condition asks for. Null: nothing.
    [[nodiscard]] const RecordSearch *rawSearch() const { return m_search ? &*m_search : m_asked ? &*m_asked : nullptr; }
    /// Events before this time cannot match; null: any may.
    [[nodiscard]] std::optional<EpochMs> earliest() const { return m_earliest; }
    /// Events at this time or after it cannot match; null: any may.
    [[nodiscard]] std::optional<EpochMs> before() const { return m_before; }
    [[nodiscard]] QString warnings() const { return m_filter ? m_filter->warnings() : QString(); }

private:
    MatchDelivery(const ReadRequest &request, EventChannelPtr channel, std::unique_ptr<query::EventFilter> filter);
    [[nodiscard]] EventBatchPtr searched(EventBatchPtr batch) const;
    [[nodiscard]] Result<EventBatchPtr> filtered(EventBatchPtr batch, ReadReport *report);

    const EventChannelPtr m_channel;
    const std::optional<qint64> m_limit;
    const qint64 m_previewBytes;
    std::optional<RecordSearch> m_search;
    std::optional<RecordSearch> m_asked; ///< its other half is the condition's own
    std::optional<EpochMs> m_earliest;
    std::optional<EpochMs> m_before;
    std::unique_ptr<query::EventFilter> m_filter;
};

} // namespace connectors::kafka
