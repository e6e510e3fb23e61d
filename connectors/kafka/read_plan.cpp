// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read_plan.h"

#include "connectors/kafka/answer_or_stop.h"

#include <QDateTime>

#include <algorithm>
#include <set>

namespace connectors::kafka {

namespace {

constexpr int AnswerTimeoutMs = 15'000;

/// Where the ends of the wanted partitions are, and where the request's times fall.
struct Extents {
    PartitionOffsets starts;
    PartitionOffsets ends;
    PartitionOffsets highWatermarks;
    PartitionOffsets from; ///< only for a time
    PartitionOffsets to;
    std::vector<UnreadPart> unread;
};

QString timeText(EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs);
}

Result<TopicPlaces> requireTopic(const ClientPtr &client, const TopicPlaces &places)
{
    if (places.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || (places.error == RD_KAFKA_RESP_ERR_NO_ERROR && places.partitions.empty()))
        return failure(ErrorCode::NotFound, QStringLiteral("There is no topic “%1” on %2.").arg(places.topic, client->config().hosts.join(QStringLiteral(", "))),
                       QStringLiteral("Check the topic's name; it may have been deleted."));
    if (places.error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(client->explain(places.error, QStringLiteral("The topic “%1” cannot be read").arg(places.topic)));
    return places;
}

std::vector<QString> wantedStreams(const ReadRequest &request)
{
    std::vector<QString> streams = request.streams;
    for (const PartitionRead &range : request.ranges)
        streams.push_back(range.stream);
    std::sort(streams.begin(), streams.end());
    streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
    return streams;
}

Result<std::vector<TopicPlaces>> topicsToRead(const ClientPtr &client, const std::vector<QString> &streams, const std::stop_token &stop)
{
    if (streams.size() == 1) {
        const auto topic = answerOrStop<TopicPlaces>(stop, [client, name = streams.front()] { return readTopic(*client, name, AnswerTimeoutMs); });
        const auto required = topic ? requireTopic(client, *topic) : topic;
        if (!required)
            return tl::unexpected(required.error());
        return std::vector<TopicPlaces>{*required};
    }
    const auto metadata = answerOrStop<ClusterMetadata>(stop, [client] { return readMetadata(*client, AnswerTimeoutMs); });
    if (!metadata)
        return tl::unexpected(metadata.error());
    std::vector<TopicPlaces> topics;
    if (streams.empty())
        std::copy_if(metadata->topics.cbegin(), metadata->topics.cend(), std::back_inserter(topics), [](const TopicPlaces &topic) { return !isInternalTopic(topic.topic); });
    for (const QString &stream : streams) {
        const TopicPlaces *found = metadata->find(stream);
        const auto required = requireTopic(client, found ? *found : TopicPlaces{stream, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, {}});
        if (!required)
            return tl::unexpected(required.error());
        topics.push_back(*required);
    }
    return topics;
}

/// Reads the extents of the places; one that does not answer is asked no more.
class ExtentReader final
{
public:
    ExtentReader(std::vector<PartitionPlace> places, int timeoutMs, const std::stop_token &stop)
        : m_places(std::move(places))
        , m_timeoutMs(timeoutMs)
        , m_stop(stop)
    {
    }

    void read(const ClientPtr &client, const LogPoint &point, PartitionOffsets *into)
    {
        if (m_places.empty() || m_stop.stop_requested())
            return;
        *into = readOffsets(client, m_places, point, m_timeoutMs, m_stop);
        std::erase_if(m_places, [&](const PartitionPlace &place) {
            const Result<std::optional<qint64>> &offset = into->at(place.id);
            if (!offset)
                m_unread.push_back({place.id, offset.error()});
            return !offset;
        });
    }

    [[nodiscard]] bool hasAny() const { return !m_places.empty(); }
    [[nodiscard]] std::vector<UnreadPart> takeUnread()
    {
        std::sort(m_unread.begin(), m_unread.end(), [](const UnreadPart &a, const UnreadPart &b) { return a.id < b.id; });
        return std::move(m_unread);
    }

private:
    std::vector<PartitionPlace> m_places; ///< that answered until now
    const int m_timeoutMs;
    const std::stop_token &m_stop;
    std::vector<UnreadPart> m_unread;
};

Result<Extents> readExtents(const ClientPtr &reader, const ClientPtr &uncommitted, const std::vector<PartitionPlace> &places, const ReadRequest &request,
                            int timeoutMs, const std::stop_token &stop)
{
    Extents extents;
    ExtentReader read(places, timeoutMs, stop);
    // The ends first: what comes meanwhile is after them, and what retention takes meanwhile is before the starts.
    read.read(reader, Latest{}, &extents.ends);
    if (request.isolation == Isolation::ReadCommitted)
        read.read(uncommitted, Latest{}, &extents.highWatermarks);
    else
        extents.highWatermarks = extents.ends;
    read.read(reader, Earliest{}, &extents.starts);
    if (const auto *time = std::get_if<AtTime>(&request.from); time && request.ranges.empty())
        read.read(reader, *time, &extents.from);
    if (const auto *time = std::get_if<AtTime>(&request.to); time && request.ranges.empty() && !request.isFollowing)
        read.read(reader, *time, &extents.to);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("The read was cancelled."));
    const bool hasAny = read.hasAny();
    extents.unread = read.takeUnread();
    if (!hasAny)
        return tl::unexpected(extents.unread.front().why);
    return extents;
}

/// Makes the ranges of one request and collects what is to be said about them.
class Planner final
{
public:
    Planner(const ReadRequest &request, const Extents &extents)
        : m_request(request)
        , m_extents(extents)
    {
    }

    ReadPlan plan()
    {
        for (const UnreadPart &part : m_extents.unread)
            m_unread.insert(part.id);
        m_plan.unread = m_extents.unread;
        if (!m_request.ranges.empty()) {
            for (const PartitionRead &range : m_request.ranges) {
                const PartitionId id{range.stream, range.partition};
                if (!m_unread.contains(id) && m_extents.starts.contains(id))
                    addRange(range);
            }
        } else {
            for (const auto &[id, start] : m_extents.starts) {
                if (!m_unread.contains(id))
                    addPart(id);
            }
        }
        m_isRefused = m_refused == std::ssize(m_plan.parts);
        if (!m_matchless.isEmpty())
            m_plan.notes += QStringLiteral("No event at or after %1 in %2.").arg(timeText(std::get<AtTime>(m_request.from).time), m_matchless.join(QStringLiteral(", ")));
        if (m_heldBack > 0)
            m_plan.notes += QStringLiteral("%1 records wait behind an open transaction.").arg(m_heldBack);
        return std::move(m_plan);
    }

    /// After plan(): set where no part has the wanted position.
    [[nodiscard]] std::optional<Error> refusal() const { return m_isRefused ? m_refusal : std::nullopt; }

private:
    static qint64 at(const PartitionOffsets &offsets, const PartitionId &id) { return **offsets.at(id); }

    void addPart(const PartitionId &id)
    {
        PlannedPart part{{id.stream, id.partition, 0, 0, 0, 0}, at(m_extents.starts, id), at(m_extents.ends, id)};
        bool isRefused = false;
        part.read.from = std::min(resolve(m_request.from, id, part, m_extents.from, &isRefused), part.end);
        const PositionSpec to = m_request.isFollowing ? PositionSpec(Latest{}) : m_request.to;
        part.read.to = resolve(to, id, part, m_extents.to, &isRefused);
        add(std::move(part), isRefused);
    }

    void addRange(const PartitionRead &range)
    {
        const PartitionId id{range.stream, range.partition};
        PlannedPart part{range, at(m_extents.starts, id), at(m_extents.ends, id)};
        bool isRefused = false;
        part.read.events = 0;
        const qint64 highWatermark = at(m_extents.highWatermarks, id);
        // The caller took the range from what was stored then; retention goes on meanwhile.
        if (range.from < part.start && range.from < range.to)
            m_plan.notes += QStringLiteral("%1: positions %2 to %3 are no longer stored.").arg(nameOf(range)).arg(range.from).arg(std::min(range.to, part.start) - 1);
        part.read.from = std::min(position(std::max(range.from, part.start), part, highWatermark, &isRefused), part.end);
        part.read.to = std::min(std::max(range.to, part.read.from), highWatermark);
        add(std::move(part), isRefused);
    }

    void add(PlannedPart part, bool isRefused)
    {
        const qint64 highWatermark = at(m_extents.highWatermarks, {part.read.stream, part.read.partition});
        if (part.read.to >= part.end && !m_request.isFollowing) {
            m_heldBack += std::min(part.read.to, highWatermark) - part.end;
            part.read.to = part.end;
        }
        part.read.to = std::max(part.read.to, part.read.from);
        part.read.next = part.read.from;
        m_refused += isRefused ? 1 : 0;
        m_plan.parts.push_back(std::move(part));
    }

    qint64 resolve(const PositionSpec &spec, const PartitionId &id, const PlannedPart &part, const PartitionOffsets &times, bool *isRefused)
    {
        const qint64 highWatermark = at(m_extents.highWatermarks, id);
        if (std::holds_alternative<Earliest>(spec))
            return part.start;
        if (const auto *wanted = std::get_if<AtPosition>(&spec))
            return position(wanted->position, part, highWatermark, isRefused);
        if (const auto *newest = std::get_if<Newest>(&spec))
            return std::max(part.start, part.end - std::max<qint64>(newest->count, 0));
        if (std::holds_alternative<AtTime>(spec)) {
            const std::optional<qint64> offset = *times.at(id);
            if (!offset && &times == &m_extents.from)
                m_matchless += nameOf(part.read);
            return offset.value_or(highWatermark);
        }
        return highWatermark;
    }

    qint64 position(qint64 wanted, const PlannedPart &part, qint64 highWatermark, bool *isRefused)
    {
        if (wanted >= part.start && wanted <= highWatermark)
            return wanted;
        const QString where = QStringLiteral("%1 holds positions %2 to %3 (end %4)").arg(nameOf(part.read)).arg(part.start).arg(std::max(part.start, highWatermark - 1)).arg(highWatermark);
        const QString holds = part.start == highWatermark ? QStringLiteral("%1 holds no event (start and end are %2)").arg(nameOf(part.read)).arg(part.start) : where;
        m_plan.notes += QStringLiteral("Position %1 is not there: %2.").arg(wanted).arg(holds);
        *isRefused = true;
        if (!m_refusal)
            m_refusal = Error{ErrorCode::Refused, QStringLiteral("Position %1 cannot be read: %2.").arg(wanted).arg(holds), QStringLiteral("Choose a position in this range."), false};
        return std::clamp(wanted, part.start, highWatermark);
    }

    const ReadRequest &m_request;
    const Extents &m_extents;
    ReadPlan m_plan;
    std::set<PartitionId> m_unread;
    QStringList m_matchless;
    qint64 m_heldBack = 0;
    std::optional<Error> m_refusal; ///< of the first position that is not there
    qsizetype m_refused = 0;
    bool m_isRefused = false;
};

/// `refusal` is set where none of the places has the wanted position; may be null.
Result<ReadPlan> planExtents(const ClientPtr &reader, const ClientPtr &uncommitted, const std::vector<PartitionPlace> &places, const ReadRequest &request, int timeoutMs,
                             const std::stop_token &stop, std::optional<Error> *refusal)
{
    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    const auto extents = readExtents(reader, uncommitted, places, request, timeoutMs, stop);
    if (!extents)
        return tl::unexpected(extents.error());
    Planner planner(request, *extents);
    ReadPlan plan = planner.plan();
    plan.made = now;
    if (refusal)
        *refusal = planner.refusal();
    std::map<PartitionId, int> leaders;
    for (const PartitionPlace &place : places)
        leaders[place.id] = place.leader;
    for (PlannedPart &part : plan.parts)
        part.leader = leaders[{part.read.stream, part.read.partition}];
    return plan;
}

} // namespace

Result<std::vector<PartitionPlace>> placesToRead(const ClientPtr &client, const ReadRequest &request, const std::stop_token &stop)
{
    const auto topics = topicsToRead(client, wantedStreams(request), stop);
    if (!topics)
        return tl::unexpected(topics.error());
    std::set<PartitionId> ranges; // not yet found
    for (const PartitionRead &range : request.ranges)
        ranges.insert({range.stream, range.partition});
    const std::set<int> wanted(request.partitions.cbegin(), request.partitions.cend());
    std::set<int> missing = wanted;
    std::vector<PartitionPlace> places;
    for (const TopicPlaces &topic : *topics) {
        for (const PartitionPlace &place : topic.partitions) {
            const bool isWanted = request.ranges.empty() ? wanted.empty() || wanted.contains(place.id.partition) : ranges.erase(place.id) > 0;
            if (isWanted)
                places.push_back(place);
            missing.erase(place.id.partition);
        }
    }
    if (!ranges.empty())
        return failure(ErrorCode::NotFound, QStringLiteral("“%1” has no partition %2.").arg(ranges.cbegin()->stream).arg(ranges.cbegin()->partition));
    if (request.ranges.empty() && !missing.empty())
        return failure(ErrorCode::NotFound, QStringLiteral("There is no partition %1 in %2.").arg(*missing.cbegin()).arg(topics->size() == 1 ? u'“' + topics->front().topic + u'”' : QStringLiteral("any of these topics")),
                       topics->size() == 1 ? QStringLiteral("It has partitions 0 to %1.").arg(topics->front().partitions.size() - 1) : QString());
    return places;
}

Result<ReadPlan> planRead(const ClientPtr &reader, const ClientPtr &uncommitted, const ReadRequest &request, const std::stop_token &stop)
{
    const auto places = placesToRead(reader, request, stop);
    if (!places)
        return tl::unexpected(places.error());
    if (places->empty())
        return ReadPlan{};
    std::optional<Error> refusal;
    auto plan = planExtents(reader, uncommitted, *places, request, AnswerTimeoutMs, stop, &refusal);
    if (refusal)
        return tl::unexpected(*refusal);
    return plan;
}

Result<ReadPlan> planPlaces(const ClientPtr &reader, const ClientPtr &uncommitted, const std::vector<PartitionPlace> &places, const ReadRequest &request,
                            int timeoutMs, const std::stop_token &stop)
{
    return planExtents(reader, uncommitted, places, request, timeoutMs, stop, nullptr);
}

QString nameOf(const PartitionRead &part)
{
    return part.stream + u'/' + QString::number(part.partition);
}

} // namespace connectors::kafka
