// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/tail_watch.h"

#include <algorithm>
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
    std::set<QString> missing;   ///< topics that the last answer did not have; the watching thread's alone

    std::mutex mutex;
    std::condition_variable_any changed;
    bool isAsked = false;
    ClusterView view;
};

TailWatch::TailWatch(std::shared_ptr<ReaderClients> clients, ReadRequest request, const ReadPlan &plan)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->clients = std::move(clients);
    m_shared->request = std::move(request);
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

ClusterView TailWatch::takeView()
{
    const std::lock_guard lock(m_shared->mutex);
    ClusterView view = m_shared->view;
    m_shared->view.added.clear();
    return view;
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
    for (const PartitionId &id : shared.known)
        topics.insert(id.stream);
    const bool isEveryTopicWanted = shared.request.streams.empty() && shared.request.ranges.empty();
    const bool isEveryPartitionWanted = shared.request.isFollowing && shared.request.partitions.empty();
    Places places;
    for (const TopicPlaces &topic : metadata.topics) {
        if (!topics.contains(topic.topic) && (!isEveryTopicWanted || isInternalTopic(topic.topic)))
            continue;
        for (const PartitionPlace &place : topic.partitions) {
            if (shared.known.contains(place.id))
                places.known.push_back(place);
            else if (isEveryPartitionWanted || (shared.request.isFollowing && shared.unread.contains(place.id)))
                places.added.push_back(place);
        }
    }
    return places;
}

void TailWatch::askOnce(Shared &shared, const std::stop_token &stop)
{
    const auto client = shared.clients->clients().shared(shared.request.isolation);
    const auto uncommitted = shared.clients->clients().shared(Isolation::ReadUncommitted);
    if (!client || !uncommitted)
        return;
    const auto metadata = readMetadata(**uncommitted, WatchTimeoutMs);
    const Places places = metadata ? placesIn(*metadata, shared) : Places();
    const PartitionOffsets ends = readOffsets(*client, places.known, Latest{}, WatchTimeoutMs, stop);
    const PartitionOffsets highWatermarks = shared.request.isolation == Isolation::ReadCommitted ? readOffsets(*uncommitted, places.known, Latest{}, WatchTimeoutMs, stop) : ends;
    PartitionOffsets starts = readOffsets(*uncommitted, places.added, Earliest{}, WatchTimeoutMs, stop);
    std::vector<PartitionPlace> back; // at last; nobody has asked for what was there before, unless for everything
    if (!std::holds_alternative<Earliest>(shared.request.from))
        std::copy_if(places.added.cbegin(), places.added.cend(), std::back_inserter(back), [&shared](const PartitionPlace &place) { return shared.unread.contains(place.id); });
    for (const auto &[id, end] : readOffsets(*client, back, Latest{}, WatchTimeoutMs, stop))
        starts.insert_or_assign(id, end);
    std::optional<Error> problem = metadata ? std::nullopt : std::optional(metadata.error());

    const std::lock_guard lock(shared.mutex);
    ClusterView &view = shared.view;
    ++view.generation;
    view.ends.clear();
    for (const auto &[id, end] : ends) {
        const Result<std::optional<qint64>> &highWatermark = highWatermarks.at(id);
        if (end && highWatermark)
            view.ends[id] = {**end, **highWatermark};
        else
            problem = end ? highWatermark.error() : end.error();
    }
    for (const auto &[id, start] : starts) {
        if (!start)
            continue;
        shared.known.insert(id);
        view.added.push_back({{id.stream, id.partition, **start, **start, **start, 0}, **start, **start});
    }
    view.problem = problem;
    if (metadata)
        lookForTopics(shared, places.known);
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
