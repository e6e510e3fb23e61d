// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/query/event_filter.h"

#include <functional>
#include <memory>

namespace connectors::query {

/// The last steps of a read from an event store: decides which events of a batch match, counts them, cuts at the limit and to
/// previews, hands over, and keeps to the pace. On the read's own thread; what goes wrong is thrown as ThrownError.
class EventDelivery final
{
public:
    /// InvalidInput where the condition is none. `reportProgress` is called before a batch is handed over, so that whoever takes it
    /// finds it counted.
    EventDelivery(const ReadRequest &request, EventChannelPtr channel, ReadReport &report, std::function<void()> reportProgress);
    ~EventDelivery();

    /// `isFound`: they were looked up by what is searched for, and need not be searched again. False when the read is over.
    bool deliver(EventBatchPtr batch, bool isFound);
    /// The reader has gone, or has as many matches as it wants.
    [[nodiscard]] bool isOver() const;
    /// How many events are worth reading at once: no more than fit into a batch, or are still wanted where all of them match.
    [[nodiscard]] qint64 chunkLimit() const;
    /// What the condition asks for by time or id; nothing without one.
    [[nodiscard]] Pushdown pushdown() const;
    /// Fills in why the read has ended, and what the condition has to say about it.
    void finish(const QStringList &notes);

    /// Waits for so long; false when the read was cancelled before.
    [[nodiscard]] bool sleep(std::chrono::milliseconds time) const;

private:
    [[nodiscard]] EventBatchPtr matching(EventBatchPtr batch, bool isFound);

    const ReadRequest m_request;
    const EventChannelPtr m_channel;
    ReadReport &m_report;
    const std::function<void()> m_reportProgress;
    std::unique_ptr<EventFilter> m_filter;
};

/// A batch is handed over once it is larger.
inline constexpr qint64 LargeBatchBytes = 16 * 1024 * 1024;

} // namespace connectors::query
