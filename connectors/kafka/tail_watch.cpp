// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/tail_watch.h"

#include "connectors/kafka/newest_finder.h"

#include <QDateTime>

#include <condition_variable>

namespace connectors::kafka {

namespace {

/// A standstill must be told within 15 s: it takes two views, and some seconds between them.
constexpr std::chrono::seconds Interval(4);
/// A broker that has just started may not know a topic yet.
constexpr std::chrono::milliseconds SecondLook(1000);
constexpr int WatchTimeoutMs = 5000;

} // namespace

struct TailWatch::Shared {
    std::shared_ptr<ReaderClients> clients;
    ReadRequest request;
    std::set<PartitionId> known; ///< the watching thread's alone
    std::set<PartitionId> unread; ///< did not answer when the read began; the watching thread's alone
    EpochMs begun = 0;
    std::set<QString> missing;   ///< topics that the last answer did not have; the watching thread's alone

    std::mutex mutex;
    std::condition_variable_any changed;
    bool isAsked = false;
    ClusterView view;
    AddedParts added;
};

TailWatch::TailWatch(std::shared_ptr<ReaderClients> clients, ReadRequest request, const ReadPlan &plan)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->clients = std::move(clients);
    m_shared->request = std::move(request);
    m_shared->begun = plan.made;
    for (const PlannedPart &part : plan.parts)
        m_shared->known.insert({part.read.stream, part.read.partition});
    for (const UnreadPart &part : plan.unread)
        m_shared->unread.insert(part.id);
    std::thread([shared = m_shared, stop = m_stop.get_token()] { watch(shared, stop); }).detach();
}

TailWatch::~TailWatch()
{
    m_stop.request_stop();
}

ClusterView TailWatch::view() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->view;
}

AddedParts TailWatch::takeAdded()
{
    const std::lock_guard lock(m_shared->mutex);
    return std::exchange(m_shared->added, {});
}

void TailWatch::askNow()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->isAsked = true;
    m_shared->changed.notify_all();
}

void TailWatch::watch(const std::shared_ptr<Shared> &shared, const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        askOnce(*shared, stop);
        std::unique_lock lock(shared->mutex);
        // Told twice in a row, or it is not believed.
        const auto pause = shared->missing.empty() ? std::chrono::milliseconds(Interval) : SecondLook;
        shared->changed.wait_for(lock, stop, pause, [&shared] { return shared->isAsked; });
        shared->isAsked = false;
    }
}

TailWatch::Places TailWatch::placesIn(const ClusterMetadata &metadata, const Shared &shared)
{
    std::set<QString> topics;
    for (const std::set<PartitionId> *ids : {&shared.known, &shared.unread})
        for (const PartitionId &id : *ids)
            topics.insert(id.stream);
    const bool isEveryTopicWanted = shared.request.streams.empty() && (shared.request.ranges.empty() || shared.request.isFollowing); // a tail that goes on has both
    const bool isEveryPartitionWanted = shared.request.isFollowing && shared.request.partitions.empty();
    Places places;
    for (const TopicPlaces &topic : metadata.topics) {
        if (!topics.contains(topic.topic) && (!isEveryTopicWanted || isInternalTopic(topic.topic)))
            continue;
        for (const PartitionPlace &place : topic.partitions) {
            if (shared.known.contains(place.id))
                places.known.push_back(place);
            else if (shared.request.isFollowing && shared.unread.contains(place.id))
                places.back.push_back(place);
            else if (isEveryPartitionWanted)
                places.added.push_back(place);
        }
    }
    return places;
}

void TailWatch::askOnce(Shared &shared, const std::stop_token &stop)
{
    const auto uncommitted = shared.clients->clients().shared(Isolation::ReadUncommitted);
    if (!uncommitted)
        return;
    const auto metadata = readMetadata(**uncommitted, WatchTimeoutMs);
    const Places places = metadata ? placesIn(*metadata, shared) : Places();
    askEnds(shared, metadata, places.known, stop);
    if (!places.added.empty())
        takeNew(shared, places.added, stop);
    if (!places.back.empty())
        takeBack(shared, places.back, stop);
}

void TailWatch::askEnds(Shared &shared, const Result<ClusterMetadata> &metadata, const std::vector<PartitionPlace> &places, const std::stop_token &stop)
{
    const auto client = shared.clients->clients().shared(shared.request.isolation);
    const auto uncommitted = shared.clients->clients().shared(Isolation::ReadUncommitted);
    if (!client || !uncommitted)
        return;
    const auto askedAt = std::chrono::steady_clock::now();
    const PartitionOffsets ends = readOffsets(*client, places, Latest{}, WatchTimeoutMs, stop);
    const PartitionOffsets highWatermarks = shared.request.isolation == Isolation::ReadCommitted ? readOffsets(*uncommitted, places, Latest{}, WatchTimeoutMs, stop) : ends;
    std::optional<Error> problem = metadata ? std::nullopt : std::optional(metadata.error());

    const std::lock_guard lock(shared.mutex);
    ClusterView &view = shared.view;
    ++view.generation;
    view.askedAt = askedAt;
    view.ends.clear();
    for (const auto &[id, end] : ends) {
        const Result<std::optional<qint64>> &highWatermark = highWatermarks.at(id);
        if (end && highWatermark)
            view.ends[id] = {**end, **highWatermark};
        else
            problem = end ? highWatermark.error() : end.error();
    }
    view.problem = problem;
    if (metadata)
        lookForTopics(shared, places);
}

void TailWatch::takeNew(Shared &shared, const std::vector<PartitionPlace> &places, const std::stop_token &stop)
{
    const auto uncommitted = shared.clients->clients().shared(Isolation::ReadUncommitted);
    if (!uncommitted)
        return;
    const PartitionOffsets starts = readOffsets(*uncommitted, places, Earliest{}, WatchTimeoutMs, stop);
    const std::lock_guard lock(shared.mutex);
    for (const auto &[id, start] : starts) {
        if (!start)
            continue;
        shared.known.insert(id);
        shared.added.parts.push_back({{id.stream, id.partition, **start, **start, **start, 0}, **start, **start});
    }
}

/// Where the read was to begin in them is found out now. Where their end was when it began cannot be: then by time.
void TailWatch::takeBack(Shared &shared, const std::vector<PartitionPlace> &places, const std::stop_token &stop)
{
    const ReaderProfile profile = ReaderProfile::tail(shared.request.isolation);
    const auto client = shared.clients->take(profile);
    const auto uncommitted = shared.clients->clients().shared(Isolation::ReadUncommitted);
    if (!client || !uncommitted)
        return;
    ReadRequest request = shared.request;
    const bool isFromEnd = request.ranges.empty() && std::holds_alternative<Latest>(request.from);
    if (isFromEnd)
        request.from = AtTime{shared.begun};
    auto plan = planPlaces(*client, *uncommitted, places, request, WatchTimeoutMs, stop);
    if (!plan)
        return;
    const auto *newest = std::get_if<Newest>(&request.from);
    if (newest && request.ranges.empty() && !findNewest(*client, newest->count, &*plan, stop))
        return;
    shared.clients->giveBack(profile, *client);

    const std::lock_guard lock(shared.mutex);
    const QString time = QDateTime::fromMSecsSinceEpoch(shared.begun, Qt::UTC).toString(Qt::ISODateWithMs);
    for (const PlannedPart &part : plan->parts) {
        shared.known.insert({part.read.stream, part.read.partition});
        shared.added.parts.push_back(part);
        const QString where = isFromEnd ? QStringLiteral("the first event of %1 or later; one that came later with an earlier time is not shown").arg(time)
                                        : QStringLiteral("position %1").arg(part.read.from);
        shared.added.notes += QStringLiteral("%1 did not answer when the read began; it is read since, from %2 on.").arg(nameOf(part.read), where);
    }
    if (!isFromEnd)
        shared.added.notes += plan->notes;
}

/// Called with the mutex held.
void TailWatch::lookForTopics(Shared &shared, const std::vector<PartitionPlace> &places)
{
    std::set<QString> present;
    for (const PartitionPlace &place : places)
        present.insert(place.id.stream);
    std::set<QString> missing;
    for (const PartitionId &id : shared.known) {
        if (!present.contains(id.stream))
            missing.insert(id.stream);
    }
    for (const QString &topic : missing) {
        if (shared.missing.contains(topic))
            shared.view.deletedTopic = topic;
    }
    shared.missing = std::move(missing);
}

} // namespace connectors::kafka
