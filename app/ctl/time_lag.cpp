// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/time_lag.h"

#include <QDateTime>
#include <QSet>

#include <map>

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

/// Looks up the times of places. What one stream does not give is a problem of its own; the others go on.
class TimeReader final
{
public:
    TimeReader(Context &context, EventReader &reader)
        : m_context(context)
        , m_reader(reader)
    {
    }

    /// `ends`: by place, where its partition ends.
    void read(const QMap<Place, qint64> &ends)
    {
        constexpr size_t AtOnce = 500;
        std::vector<EventAddress> addresses;
        for (auto place = ends.cbegin(); place != ends.cend(); ++place) {
            const auto &[stream, partition, position] = place.key();
            addresses.push_back({stream, partition, position});
            if (addresses.size() == AtOnce || std::next(place) == ends.cend())
                fetchBatch(std::exchange(addresses, {}));
        }
        for (auto place = ends.cbegin(); place != ends.cend() && !isStopped(); ++place)
            if (!m_times.contains(place.key()) && !m_unreadable.contains(std::get<QString>(place.key())))
                readNext(place.key(), place.value());
        if (isStopped())
            m_problems.push_back({ErrorCode::Cancelled, QStringLiteral("The command was interrupted before every time lag was read."), {}, false});
    }

    [[nodiscard]] std::optional<EpochMs> timeAt(const Place &place) const
    {
        const auto found = m_times.constFind(place);
        return found == m_times.cend() ? std::nullopt : std::optional(*found);
    }
    [[nodiscard]] std::vector<Error> takeProblems() { return std::move(m_problems); }

private:
    [[nodiscard]] bool isStopped() const { return m_context.stopToken().stop_requested(); }

    /// Exactly the places that hold an event. Several consumers often stand at the same one.
    Result<void> fetch(std::vector<EventAddress> addresses)
    {
        const auto batch = m_context.wait(m_reader.fetchTimes(std::move(addresses), m_context.stopToken()));
        if (!batch)
            return tl::unexpected(batch.error());
        for (qsizetype row = 0; row < (*batch)->count(); ++row) {
            const EventAddress at = (*batch)->address(row);
            m_times.insert({at.stream, at.partition, at.position}, (*batch)->record(row).time);
        }
        return {};
    }

    /// All together; where that fails, stream by stream, to find the one it is about.
    void fetchBatch(const std::vector<EventAddress> &addresses)
    {
        if (isStopped() || fetch(addresses))
            return;
        std::map<QString, std::vector<EventAddress>> byStream;
        for (const EventAddress &address : addresses)
            byStream[address.stream].push_back(address);
        for (const auto &[stream, ofStream] : byStream) {
            if (isStopped())
                return;
            if (const Result<void> fetched = fetch(ofStream); !fetched)
                tell(stream, fetched.error());
        }
    }

    /// The first event after a position that is none (a control record, a compacted one); nothing where none comes before `end`.
    void readNext(const Place &place, qint64 end)
    {
        ReadRequest request;
        const auto &[stream, partition, position] = place;
        request.streams = {stream};
        request.ranges = {PartitionRead{stream, partition, position, end, position, 0}};
        request.limit = 1;
        request.isEnvelopeDecoded = false;
        request.previewBytes = 1; // its time is all that counts
        const EventChannelPtr channel = m_reader.read(request);
        const std::stop_callback stopped(m_context.stopToken(), [channel] { channel->cancel(); });
        if (const EventBatchPtr batch = channel->waitPop(); batch && batch->count() > 0)
            m_times.insert(place, batch->record(0).time);
        else if (const auto result = channel->result(); !result)
            tell(stream, result.error());
        channel->cancel();
    }

    void tell(const QString &stream, const Error &why)
    {
        if (isStopped() || m_unreadable.contains(stream))
            return;
        m_unreadable.insert(stream);
        Error problem = why;
        problem.message = QStringLiteral("The time lag on “%1” could not be read: %2").arg(stream, why.message);
        m_problems.push_back(std::move(problem));
    }

    Context &m_context;
    EventReader &m_reader;
    QMap<Place, EpochMs> m_times;
    QSet<QString> m_unreadable;
    std::vector<Error> m_problems;
};

} // namespace

Result<TimeLagReading> readTimeLags(Context &context, Connector &connector, const std::vector<models::lag::ConsumerLag> &lags)
{
    EventReader *reader = connector.eventReader();
    if (!reader)
        return failure(ErrorCode::Unsupported, connector.whyNot(Ability::EventReader));
    QMap<Place, qint64> ends;
    for (const auto &consumer : lags)
        for (const PartitionLag &partition : consumer.partitions)
            if (waitsForAnEvent(partition))
                ends.insert({partition.stream, partition.partition, *partition.checkpoint}, *partition.end);
    TimeReader times(context, *reader);
    times.read(ends);
    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    TimeLagReading result;
    for (const auto &consumer : lags) {
        for (const PartitionLag &partition : consumer.partitions) {
            std::optional<qint64> timeLag;
            if (waitsForAnEvent(partition)) {
                const EpochMs time = times.timeAt({partition.stream, partition.partition, *partition.checkpoint}).value_or(NoNumber);
                if (time != NoNumber)
                    timeLag = std::max(qint64(0), now - time);
            }
            if (!timeLag && partition.state == LagState::CaughtUp)
                timeLag = 0;
            result.lags.insert({consumer.consumer, partition.stream, partition.partition}, timeLag);
        }
    }
    result.problems = times.takeProblems();
    return result;
}

} // namespace ctl
