// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"

#include <map>

namespace connectors::remote {

/// What must be known of a read so that it can go on in another process when the one that does it dies: nothing that was
/// handed over comes twice, nothing is left out, and the counts are those of one read.
///
/// It goes on at the last report whose matches have all come. What came after that one is read again, and dropped here.
/// Not thread-safe.
class ReadRecovery final
{
public:
    explicit ReadRecovery(ReadRequest request);

    /// What is new of a batch; null: nothing.
    [[nodiscard]] EventBatchPtr newOf(EventBatchPtr batch);
    /// What the whole read has done, where this process has done so much of it.
    [[nodiscard]] ReadReport whole(const ReadReport &report);
    /// For the first process, and for the next one after the death of each.
    [[nodiscard]] ReadRequest goOn();

private:
    using Place = std::pair<QString, int>;
    struct Span {
        qint64 first = 0;
        qint64 last = 0;
    };
    using Spans = std::map<Place, Span>;

    void remember(const EventBatch &batch);
    void judge();
    [[nodiscard]] bool hasComeBefore(const EventAddress &place) const;

    const ReadRequest m_request;
    ReadReport m_before; ///< of the processes that have died
    // of this one
    qint64 m_received = 0;
    std::optional<ReadReport> m_pending; ///< the earliest of which not everything has come
    ReadReport m_sure;                   ///< the latest of which everything has
    Spans m_sinceReport;
    Spans m_sinceSure;
    Spans m_again; ///< handed over already
};

} // namespace connectors::remote
