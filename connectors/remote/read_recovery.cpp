// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/read_recovery.h"

#include <algorithm>
#include <utility>

namespace connectors::remote {

namespace {

/// The parts of those before, with what this one has added to them.
std::vector<PartitionRead> joined(const std::vector<PartitionRead> &before, std::vector<PartitionRead> now)
{
    std::vector<PartitionRead> rest;
    for (const PartitionRead &earlier : before) {
        const auto continuation = std::find_if(now.begin(), now.end(), [&earlier](const PartitionRead &part) {
            return part.stream == earlier.stream && part.partition == earlier.partition && earlier.next <= part.from && part.from <= std::max(earlier.to, earlier.next);
        });
        if (continuation == now.end()) {
            rest.push_back(earlier);
            continue;
        }
        continuation->from = earlier.from;
        continuation->events += earlier.events;
    }
    rest.insert(rest.end(), now.cbegin(), now.cend());
    return rest;
}

std::vector<LeftOutRange> joined(std::vector<LeftOutRange> before, const std::vector<LeftOutRange> &now)
{
    std::erase_if(before, [&now](const LeftOutRange &earlier) {
        return std::any_of(now.cbegin(), now.cend(), [&earlier](const LeftOutRange &range) {
            return range.stream == earlier.stream && range.partition == earlier.partition && range.from == earlier.from;
        });
    });
    before.insert(before.end(), now.cbegin(), now.cend());
    return before;
}

ReadReport joined(const ReadReport &before, ReadReport now)
{
    now.scanned += before.scanned;
    now.matched += before.matched;
    now.undecodable += before.undecodable;
    now.notFilterable += before.notFilterable;
    now.dropped += before.dropped;
    now.bytes += before.bytes;
    if (!before.firstNotFilterable.isEmpty())
        now.firstNotFilterable = before.firstNotFilterable;
    now.partitions = joined(before.partitions, std::move(now.partitions));
    now.leftOut = joined(before.leftOut, now.leftOut);
    now.unread = before.unread ? before.unread : now.unread; // those that follow are not asked for it any more
    return now;
}

} // namespace

ReadRecovery::ReadRecovery(ReadRequest request)
    : m_request(std::move(request))
{
}

EventBatchPtr ReadRecovery::newOf(EventBatchPtr batch)
{
    m_received += batch->count();
    remember(*batch);
    judge();
    if (m_again.empty())
        return batch;
    EventBatchBuilder fresh;
    for (qsizetype row = 0; row < batch->count(); ++row) {
        if (!hasComeBefore(batch->address(row)))
            fresh.addFrom(*batch, row);
    }
    return fresh.count() > 0 ? fresh.take() : nullptr;
}

void ReadRecovery::remember(const EventBatch &batch)
{
    Span *span = nullptr;
    for (qsizetype row = 0; row < batch.count(); ++row) {
        const EventRecord &record = batch.record(row);
        const bool isSamePart = span && record.stream == batch.record(row - 1).stream && record.partition == batch.record(row - 1).partition;
        if (!isSamePart)
            span = &m_sinceReport.try_emplace({batch.streamOf(row), record.partition}, Span{record.position, record.position}).first->second;
        span->first = std::min(span->first, record.position);
        span->last = std::max(span->last, record.position);
    }
}

ReadReport ReadRecovery::whole(const ReadReport &report)
{
    if (!m_pending)
        m_pending = report;
    judge();
    return joined(m_before, report);
}

/// The events of a report come in order, so as many as it counts are those that it counts.
void ReadRecovery::judge()
{
    if (!m_pending || m_received + m_pending->dropped < m_pending->matched)
        return;
    m_sure = *std::exchange(m_pending, std::nullopt);
    m_sinceSure = std::exchange(m_sinceReport, {});
}

bool ReadRecovery::hasComeBefore(const EventAddress &place) const
{
    const auto span = m_again.find({place.stream, place.partition});
    return span != m_again.end() && span->second.first <= place.position && place.position <= span->second.last;
}

ReadRequest ReadRecovery::goOn()
{
    for (const Spans *spans : {&m_sinceSure, &m_sinceReport}) {
        for (const auto &[place, span] : *spans) {
            const auto [again, isNew] = m_again.try_emplace(place, span);
            again->second.first = std::min(again->second.first, span.first);
            again->second.last = std::max(again->second.last, span.last);
        }
    }
    m_before = joined(m_before, m_sure);
    m_received = 0;
    m_pending.reset();
    m_sure = {};
    m_sinceReport.clear();
    m_sinceSure.clear();

    ReadRequest request = m_request;
    const qint64 left = m_request.limit.value_or(0) - m_before.matched;
    if (m_request.limit && m_before.matched > 0)
        request.limit = std::max<qint64>(left, 1);
    if (m_before.partitions.empty())
        return request;
    request.ranges = m_before.partitions;
    for (PartitionRead &range : request.ranges) {
        range.from = range.next;
        range.events = 0;
        if (m_request.limit && left <= 0) // only the end is still to be told
            range.to = range.from;
    }
    return request;
}

} // namespace connectors::remote
