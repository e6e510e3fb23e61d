// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/event_read.h"

#include <algorithm>
#include <limits>

// The part of a read that goes before all others where an earlier process died of something that it read (ReadCaution):
// each range by itself, one batch at a time, each place announced before it is fetched. It ends where a process can not have
// read ahead any further; from there on everything is read as usual. Batches in quarantine are not read at all.

namespace connectors::kafka {

namespace {

/// More than a usual read has in its queue and on its way.
constexpr qint64 CarefulBytes = 48LL << 20;
constexpr std::chrono::seconds LongestCarefulSilence(10);
constexpr std::chrono::hours NoHurry(24);
constexpr std::chrono::milliseconds ShortestPause(1);
constexpr std::chrono::milliseconds LongestPause(50);

} // namespace

Result<void> EventRead::readWithCare(ReadPlan *plan)
{
    if (!m_clients->clients().caution().isOn())
        return {};
    const ReaderProfile profile = ReaderProfile::careful(m_request.isolation);
    const Result<ClientPtr> client = m_clients->take(profile);
    if (!client)
        return tl::unexpected(client.error());
    m_isFollowing = false;
    Result<void> result;
    for (PlannedPart &part : plan->parts) {
        m_otherParts.clear();
        for (const PlannedPart &other : plan->parts) {
            if (&other != &part)
                m_otherParts.push_back(other.read);
        }
        result = readPartWithCare(*client, &part);
        if (!result || m_isReaderGone || m_channel->stopToken().stop_requested() || m_delivery->hasReachedLimit(m_report))
            break;
    }
    m_isFollowing = m_request.isFollowing;
    if (result)
        m_clients->giveBack(profile, *client);
    return result;
}

/// Up to the end that the part had when the read began, or to the batch in quarantine whose end nobody knows.
Result<void> EventRead::readPartWithCare(const ClientPtr &client, PlannedPart *part)
{
    const ReadCaution &caution = m_clients->clients().caution();
    PartitionRead &read = part->read;
    const qint64 end = m_request.isFollowing ? part->end : std::min(part->stop.value_or(read.to), read.to);
    qint64 bytesLeft = CarefulBytes;
    while (read.next < end && !m_channel->stopToken().stop_requested()) {
        const std::optional<QuarantinedBatch> batch = caution.met(read.stream, read.partition, read.next, end);
        if (batch && batch->from <= read.next) {
            leaveOut(*batch);
            part->isGivenUp = batch->from == read.next && !batch->isEndKnown;
            if (part->isGivenUp)
                break;
            read.next = batch->next;
            continue;
        }
        const qint64 bytesBefore = m_report.bytes;
        // Before a batch in quarantine nothing is read ahead, however far away it is.
        Result<void> segment = readSegmentWithCare(client, part, batch ? batch->from : end, batch ? std::numeric_limits<qint64>::max() : bytesLeft);
        if (!segment || m_isReaderGone || m_delivery->hasReachedLimit(m_report))
            return segment;
        bytesLeft -= m_report.bytes - bytesBefore;
        if (!batch)
            break;
    }
    return {};
}

/// Nothing is fetched while records are worked on, so that a death always belongs to the place that was announced last. Between
/// two batches others may read with care: whoever takes these may take his time.
Result<void> EventRead::readSegmentWithCare(const ClientPtr &client, PlannedPart *part, qint64 stop, qint64 mostBytes)
{
    const PartitionId id{part->read.stream, part->read.partition};
    PartitionRead segment = part->read;
    segment.to = stop;
    m_careful = part;
    m_client = client;
    m_consumer = std::make_unique<TopicConsumer>(client);
    m_parts = std::make_unique<ReadParts>(*m_consumer, false);
    m_parts->add(segment, part->leader);
    Result<void> result = m_parts->startWaiting();
    m_consumer->stop(id); // not before it has been announced
    const qint64 bytesBefore = m_report.bytes;
    m_lastRecord = Clock::now();
    while (result && !isOver() && m_report.bytes - bytesBefore < mostBytes && Clock::now() - m_lastRecord < LongestCarefulSilence) {
        if (ReadPart *reading = m_parts->find(id))
            result = readBatchWithCare(*reading);
        const Result<void> delivered = deliver();
        result = result ? delivered : result;
        reportProgress();
    }
    const qint64 to = part->read.to;
    part->read = m_parts->report().front();
    part->read.to = to;
    m_careful = nullptr;
    m_parts.reset();
    m_consumer.reset();
    return result;
}

Result<void> EventRead::readBatchWithCare(ReadPart &part)
{
    const auto turn = m_clients->clients().caution().takeTurn(NoHurry, m_channel->stopToken());
    if (!turn)
        return {};
    const PartitionId id = part.id();
    turn->announce({id.stream, id.partition, part.read.next});
    if (Result<void> started = m_parts->restart(part); !started)
        return started;
    m_parts->beginTake();
    const TopicConsumer::Messages messages = waitForBatch(id);
    m_consumer->stop(id);
    if (!messages.empty())
        m_lastRecord = Clock::now();
    for (const rd_kafka_message_t *message : messages) {
        if (Result<void> taken = take(*message); !taken)
            return taken;
        if (isBatchFull()) // the rest is fetched again
            break;
    }
    turn->announce({id.stream, id.partition, m_parts->report().front().next}); // what was before it is survived
    tellEnds();
    return {};
}

/// Empty if none comes in time.
TopicConsumer::Messages EventRead::waitForBatch(const PartitionId &id)
{
    const auto begin = Clock::now();
    auto pause = ShortestPause;
    TopicConsumer::Messages messages = m_consumer->takeAvailable();
    while (messages.empty() && !m_channel->stopToken().stop_requested() && Clock::now() - begin < LongestCarefulSilence) {
        m_consumer->wakeLeader(id);
        std::ignore = sleepUnlessStopped(m_channel->stopToken(), pause);
        pause = std::min(2 * pause, LongestPause);
        messages = m_consumer->takeAvailable();
    }
    return messages;
}

void EventRead::leaveOut(const QuarantinedBatch &batch)
{
    m_report.leftOut.push_back({batch.stream, batch.partition, batch.from, batch.isEndKnown ? std::optional(batch.next) : std::nullopt, batch.why});
    m_channel->updateProgress(m_report);
}

/// Of what was left out before, where something behind it has been survived since.
void EventRead::tellEnds()
{
    for (LeftOutRange &range : m_report.leftOut) {
        const auto batch = m_clients->clients().caution().met(range.stream, range.partition, range.from, range.from + 1);
        if (batch && batch->isEndKnown)
            range.to = batch->next;
    }
}

} // namespace connectors::kafka
