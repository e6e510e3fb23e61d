// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/effect_counter.h"

#include <algorithm>

namespace models::replay {

using namespace connectors;

namespace {

constexpr qint64 MostEvents = 1'000'000;

bool hasGaps(const PlanRow &row, const Snapshot &snapshot)
{
    const auto extent = snapshot.extent(row.id());
    return extent && extent->start && extent->end && extent->events && *extent->events < *extent->end - *extent->start;
}

/// Null when it cannot be counted, or there are too many.
std::optional<qint64> countBetween(Connector &connector, const PlanRow &row, qint64 from, qint64 to, std::stop_token stop)
{
    EventReader *reader = connector.eventReader();
    if (!reader)
        return std::nullopt;
    ReadRequest request;
    request.streams = {row.stream};
    PartitionRead range;
    range.stream = row.stream;
    range.partition = row.partition;
    range.from = from;
    range.to = to;
    range.next = from;
    request.ranges = {range};
    request.limit = MostEvents + 1;
    request.isEnvelopeDecoded = false;
    request.previewBytes = 1; // they are only counted
    const EventChannelPtr channel = reader->read(request);
    const std::stop_callback cancelled(stop, [channel] { channel->cancel(); });
    qint64 count = 0;
    while (const EventBatchPtr batch = channel->waitPop())
        count += batch->count();
    return channel->result() && count <= MostEvents ? std::optional(count) : std::nullopt;
}

} // namespace

void countEventsBetween(Connector &connector, Plan &plan, const Snapshot &snapshot, std::stop_token stop)
{
    for (PlanRow &row : plan.rows) {
        const bool isBack = row.replayed.value_or(0) > 0;
        if (row.refused || !row.isChange() || (!isBack && row.skipped.value_or(0) <= 0) || !hasGaps(row, snapshot))
            continue;
        const qint64 from = std::max(std::min(*row.before, *row.after), *row.start);
        const qint64 to = std::min(std::max(*row.before, *row.after), *row.end);
        const auto count = countBetween(connector, row, from, to, stop);
        if (!count) {
            plan.warnings.push_back(QStringLiteral("The events of %1 could not be counted: the number is that of positions, which are at least as many.").arg(row.stream));
            continue;
        }
        (isBack ? row.replayed : row.skipped) = *count;
    }
}

} // namespace models::replay
