// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/time_lag.h"

#include <QDateTime>

namespace ctl {

using namespace connectors;
using models::lag::LagState;
using models::lag::PartitionLag;

namespace {

using Place = std::tuple<QString, int, qint64>; // stream, partition, position

bool waitsForAnEvent(const PartitionLag &partition)
{
    const bool isReadable = partition.state == LagState::CaughtUp || partition.state == LagState::Lagging || partition.state == LagState::NoMembers
        || partition.state == LagState::Rebalancing;
    return isReadable && partition.lag && *partition.lag > 0;
}

/// Reads exactly the places that hold an event. Several consumers often stand at the same one.
Result<QMap<Place, EpochMs>> fetchTimes(Context &context, EventReader &reader, const QMap<Place, qint64> &wanted)
{
    constexpr size_t AtOnce = 500; // bodies come whole
    QMap<Place, EpochMs> times;
    std::vector<EventAddress> addresses;
    const auto fetch = [&]() -> Result<void> {
        const auto batch = context.wait(reader.fetch(std::exchange(addresses, {}), context.stopToken()));
        if (!batch)
            return tl::unexpected(batch.error());
        for (qsizetype row = 0; row < (*batch)->count(); ++row) {
            const EventAddress at = (*batch)->address(row);
            times.insert({at.stream, at.partition, at.position}, (*batch)->record(row).time);
        }
        return {};
    };
    for (auto place = wanted.cbegin(); place != wanted.cend(); ++place) {
        const auto &[stream, partition, position] = place.key();
        addresses.push_back({stream, partition, position});
        if (addresses.size() == AtOnce || std::next(place) == wanted.cend()) {
            if (const Result<void> fetched = fetch(); !fetched)
                return tl::unexpected(fetched.error());
        }
    }
    return times;
}

/// The first event after a position that is none (a control record, a compacted one); null where none comes before `end`.
std::optional<EpochMs> nextTime(EventReader &reader, const Place &place, qint64 end)
{
    ReadRequest request;
    const auto &[stream, partition, position] = place;
    request.streams = {stream};
    PartitionRead range;
    range.stream = stream;
    range.partition = partition;
    range.from = position;
    range.to = end;
    request.ranges = {range};
    request.limit = 1;
    request.isEnvelopeDecoded = false;
    const EventChannelPtr channel = reader.read(request);
    const EventBatchPtr batch = channel->waitPop();
    channel->cancel();
    return batch && batch->count() > 0 ? std::optional(batch->record(0).time) : std::nullopt;
}

} // namespace

Result<TimeLags> readTimeLags(Context &context, Connector &connector, const std::vector<models::lag::ConsumerLag> &lags)
{
    EventReader *reader = connector.eventReader();
    if (!reader)
        return failure(ErrorCode::Unsupported, connector.whyNot(Ability::EventReader));
    QMap<Place, qint64> ends;
    for (const auto &consumer : lags)
        for (const PartitionLag &partition : consumer.partitions)
            if (waitsForAnEvent(partition))
                ends.insert({partition.stream, partition.partition, *partition.checkpoint}, *partition.end);
    Result<QMap<Place, EpochMs>> times = fetchTimes(context, *reader, ends);
    if (!times)
        return tl::unexpected(times.error());
    for (auto place = ends.cbegin(); place != ends.cend() && !context.stopToken().stop_requested(); ++place) {
        if (!times->contains(place.key())) {
            if (const auto time = nextTime(*reader, place.key(), place.value()))
                times->insert(place.key(), *time);
        }
    }
    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    TimeLags result;
    for (const auto &consumer : lags) {
        for (const PartitionLag &partition : consumer.partitions) {
            std::optional<qint64> timeLag;
            if (waitsForAnEvent(partition)) {
                const EpochMs time = times->value({partition.stream, partition.partition, *partition.checkpoint}, NoNumber);
                if (time != NoNumber)
                    timeLag = std::max(qint64(0), now - time);
            }
            if (!timeLag && partition.state == LagState::CaughtUp)
                timeLag = 0;
            result.insert({consumer.consumer, partition.stream, partition.partition}, timeLag);
        }
    }
    return result;
}

} // namespace ctl
