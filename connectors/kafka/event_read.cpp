// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/event_read.h"

#include "connectors/kafka/answer_or_stop.h"
#include "connectors/kafka/kafka_error.h"
#include "connectors/kafka/newest_finder.h"
#include "connectors/kafka/time_bounds.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

constexpr qint64 MaximumBatchBytes = 16 * 1024 * 1024;
/// How long one wait for a record may hold up a cancel.
constexpr int WaitMs = 100;
constexpr std::chrono::milliseconds ProgressInterval(200);
/// A range that comes without a pause needs nobody who watches over it.
constexpr std::chrono::seconds QuietBeforeWatch(3);
/// A leader that moves has a new place by then.
constexpr std::chrono::seconds LongestElection(10);
constexpr std::chrono::milliseconds ElectionPause(500);

qint64 bytesOf(const rd_kafka_message_t &message)
{
    return static_cast<qint64>(message.len + message.key_len);
}

std::optional<Error> whyUnread(const ReadPlan &plan)
{
    if (plan.unread.empty())
        return std::nullopt;
    Error error = plan.unread.front().why;
    error.code = ErrorCode::Incomplete;
    if (plan.unread.size() > 1)
        error.message = QStringLiteral("%1 partitions could not be read. The first: %2").arg(plan.unread.size()).arg(error.message);
    return error;
}

} // namespace

EventRead::EventRead(std::shared_ptr<ReaderClients> clients, ReadRequest request, EventChannelPtr channel)
    : m_clients(std::move(clients))
    , m_request(std::move(request))
    , m_channel(std::move(channel))
    , m_isFollowing(m_request.isFollowing)
    , m_isEnvelopeNeeded(m_request.isEnvelopeDecoded || m_request.search || !m_request.where.isEmpty())
    , m_profile(m_request.isFollowing ? ReaderProfile::tail(m_request.isolation) : ReaderProfile::scan(m_request.isolation, m_request.maxBytesPerSecond))
    , m_pace(m_request.maxBytesPerSecond)
{
}

EventRead::~EventRead() = default;

void EventRead::run()
{
    const Result<void> read = readAll();
    if (m_parts)
        reportProgress();
    if (m_channel->stopToken().stop_requested())
        m_report.stopReason = StopReason::Cancelled;
    else if (m_delivery && m_delivery->hasReachedLimit(m_report))
        m_report.stopReason = StopReason::ReachedLimit;
    // After everything that could be read.
    const std::optional<Error> error = read ? whyIncomplete(m_report) : std::optional(read.error());
    const bool isError = error && m_report.stopReason != StopReason::Cancelled;
    if (isError)
        m_report.stopReason = StopReason::Failed;
    m_channel->updateProgress(m_report);
    m_channel->finish(isError ? Result<ReadReport>(tl::unexpected(*error)) : Result<ReadReport>(m_report));
}

Result<void> EventRead::readAll()
{
    auto delivery = MatchDelivery::make(m_request, m_channel);
    if (!delivery)
        return tl::unexpected(delivery.error());
    m_delivery = std::move(*delivery);
    m_search = m_delivery->rawSearch();
    const Result<ClientPtr> client = m_clients->take(m_profile);
    if (!client)
        return tl::unexpected(client.error());
    Result<ReadPlan> planned = plan(*client);
    if (!planned)
        return tl::unexpected(planned.error());
    // With care no record is read for any other purpose.
    const auto before = m_clients->clients().caution().isOn() ? std::nullopt : m_delivery->before();
    leaveOutByTime(*m_clients, *client, {m_delivery->earliest(), before}, m_request.isFollowing, &*planned, m_channel->stopToken());
    Result<void> read = readWithCare(&*planned);
    if (read)
        read = readParts(*client, *planned);
    m_consumer.reset();
    if (read)
        m_clients->giveBack(m_profile, *client);
    return read;
}

Result<ReadPlan> EventRead::plan(const ClientPtr &client)
{
    const auto uncommitted = m_clients->clients().shared(Isolation::ReadUncommitted);
    if (!uncommitted)
        return tl::unexpected(uncommitted.error());
    const auto begin = Clock::now();
    auto plan = planRead(client, *uncommitted, m_request, m_channel->stopToken());
    const auto isPartial = [&plan] { return plan ? !plan->unread.empty() : plan.error().code == ErrorCode::Incomplete; };
    while (isPartial() && Clock::now() - begin < LongestElection) {
        tellWaiting(plan ? plan->unread.front().why : plan.error());
        if (!sleepUnlessStopped(m_channel->stopToken(), ElectionPause))
            break;
        plan = planRead(client, *uncommitted, m_request, m_channel->stopToken());
    }
    m_report.note.clear();
    const auto *newest = std::get_if<Newest>(&m_request.from);
    if (!plan || !newest || !m_request.ranges.empty() || m_clients->clients().caution().isOn())
        return plan;
    if (const Result<void> found = findNewest(client, newest->count, &*plan, m_channel->stopToken()); !found)
        return tl::unexpected(found.error());
    return plan;
}

void EventRead::tellWaiting(const Error &why)
{
    m_report.note = QStringLiteral("Waiting for a broker that does not answer. %1").arg(why.message);
    m_channel->updateProgress(m_report);
}

Result<void> EventRead::readParts(const ClientPtr &client, const ReadPlan &plan)
{
    m_notes = plan.notes;
    for (const UnreadPart &part : plan.unread)
        m_notes += part.why.message;
    m_report.unread = whyUnread(plan);
    m_client = client;
    m_consumer = std::make_unique<TopicConsumer>(client);
    m_parts = std::make_unique<ReadParts>(*m_consumer, m_request.isFollowing);
    m_otherParts.clear();
    for (const PlannedPart &part : plan.parts) {
        if (part.isGivenUp)
            m_otherParts.push_back(part.read);
        else
            m_parts->add(part.read, part.leader, part.stop);
    }
    const ReadCaution::Bold bold(m_clients->clients().caution());
    FetchWaker waker(*m_consumer, m_profile.queueBytes);
    Result<void> result = m_parts->startWaiting();
    m_lastRecord = Clock::now();
    reportProgress();
    while (result && !isOver()) {
        m_parts->beginTake();
        TopicConsumer::Messages messages = m_consumer->takeAvailable();
        if (messages.empty()) {
            result = deliver();
            if (!result || isOver())
                break;
            messages = m_consumer->waitForOne(WaitMs);
        }
        if (messages.empty()) {
            result = lookAround(plan);
            continue;
        }
        m_lastRecord = Clock::now();
        const qint64 bytesBefore = m_report.bytes;
        result = takeMessages(messages);
        // Under a limit that is below what the queue holds, the pause is wanted.
        if ((m_request.maxBytesPerSecond == 0 || m_request.maxBytesPerSecond > m_profile.queueBytes) && m_report.scanned > 0)
            waker.look(*m_parts, m_report.bytes / m_report.scanned);
        m_pace.spend(m_report.bytes - bytesBefore, m_channel->stopToken());
        if (result && m_request.isFollowing)
            result = takeUpParts(plan);
    }
    const Result<void> delivered = deliver(); // what came before an error too
    return result ? delivered : result;
}

Result<void> EventRead::takeMessages(TopicConsumer::Messages messages)
{
    for (const rd_kafka_message_t *message : messages) {
        if (Result<void> taken = take(*message); !taken)
            return taken;
        if (isBatchFull()) {
            if (Result<void> delivered = deliver(); !delivered)
                return delivered;
        }
        if (m_isReaderGone || m_delivery->hasReachedLimit(m_report))
            break;
    }
    // What is reported as read has been handed over.
    if (Clock::now() - m_lastProgress <= ProgressInterval)
        return {};
    Result<void> delivered = deliver();
    reportProgress();
    return delivered;
}

Result<void> EventRead::take(const rd_kafka_message_t &message)
{
    ReadPart *part = m_parts->find(message);
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return takeReport(part, message);
    if (!part || message.offset < part->read.next)
        return {};
    if (m_isFollowing || message.offset < part->stop)
        takeRecord(*part, message);
    return reached(*part, message.offset + 1);
}

void EventRead::takeRecord(ReadPart &part, const rd_kafka_message_t &message)
{
    ++part.read.events;
    ++m_report.scanned;
    m_report.bytes += bytesOf(message);
    if (m_search && !m_search->mayMatch(message)) {
        m_report.undecodable += isUndecodable(message) ? 1 : 0;
        return;
    }
    const EventRecord &record = m_decoder.add(m_builder, message, part.read.stream, m_isEnvelopeNeeded);
    m_report.undecodable += (m_isEnvelopeNeeded ? isUndecodable(record.format) : isUndecodable(message)) ? 1 : 0;
}

/// Everything below `position` has been seen.
Result<void> EventRead::reached(ReadPart &part, qint64 position)
{
    part.read.next = std::max(part.read.next, m_isFollowing ? position : std::min(position, part.stop));
    if (m_isFollowing || part.read.next < part.stop)
        return {};
    part.read.next = part.read.to;
    m_parts->finish(part);
    return m_parts->startWaiting();
}

Result<void> EventRead::takeReport(ReadPart *part, const rd_kafka_message_t &message)
{
    if (!part)
        return {};
    const QString where = QStringLiteral("%1 cannot be read at position %2").arg(nameOf(part->read)).arg(std::max<qint64>(message.offset, part->read.next));
    switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        return reached(*part, message.offset);
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        return goOnAfterRetention(*part);
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        // Perhaps a broker that has just started; the watch finds out.
        if (m_watch)
            m_watch->askNow();
        m_lastRecord = Clock::time_point();
        return {};
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__UNDERFLOW:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: {
        // The others are read on.
        part->read.next = std::max<qint64>(part->read.next, message.offset);
        m_report.leftOut.push_back({part->read.stream, part->read.partition, part->read.next, std::nullopt,
                                    QStringLiteral("is damaged, or too large to be unpacked (%1)").arg(QString::fromUtf8(rd_kafka_err2str(message.err)))});
        m_parts->finish(*part);
        return m_parts->startWaiting();
    }
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return tl::unexpected(kafkaError(message.err, where));
    default:
        // The library tries again; if nothing comes of it, the standstill is told.
        return {};
    }
}

/// The position is not there. Never a silent jump: what was lost is told, and a log that ends before it is an error.
Result<void> EventRead::goOnAfterRetention(ReadPart &part)
{
    const auto topic = answerOrStop<TopicPlaces>(m_channel->stopToken(), [client = m_client, name = part.read.stream] { return readTopic(*client, name, 5000); });
    if (!topic)
        return tl::unexpected(topic.error());
    const auto place = std::find_if(topic->partitions.cbegin(), topic->partitions.cend(), [&part](const PartitionPlace &candidate) { return candidate.id == part.id(); });
    if (place == topic->partitions.cend())
        return {};
    const PartitionOffsets starts = readOffsets(m_client, {*place}, Earliest{}, 5000, m_channel->stopToken());
    const Result<std::optional<qint64>> &start = starts.at(part.id());
    if (!start)
        return tl::unexpected(start.error());
    if (**start <= part.read.next)
        return failure(ErrorCode::Incomplete, QStringLiteral("%1 has no position %2 any more: the topic was created anew, or its log was cut.").arg(nameOf(part.read)).arg(part.read.next),
                       QStringLiteral("Read it again from the start."));
    m_notes += QStringLiteral("%1: positions %2 to %3 were removed by retention before they were read.").arg(nameOf(part.read)).arg(part.read.next).arg(**start - 1);
    part.read.next = **start;
    if (!m_request.isFollowing && part.read.next >= part.stop)
        return reached(part, part.stop);
    return m_parts->restart(part);
}

bool EventRead::isBatchFull() const
{
    if (m_builder.count() >= std::clamp<qsizetype>(m_request.batchEvents, 1, 100'000) || m_builder.arenaBytes() > MaximumBatchBytes)
        return true;
    const std::optional<qint64> wanted = m_builder.count() > 0 ? m_delivery->stillWanted(m_report) : std::nullopt;
    return wanted && m_builder.count() >= *wanted;
}

bool EventRead::isOver() const
{
    return m_isReaderGone || m_channel->stopToken().stop_requested() || m_delivery->hasReachedLimit(m_report)
        || (!m_isFollowing && m_builder.count() == 0 && m_parts->areAllDone());
}

Result<void> EventRead::deliver()
{
    if (m_builder.count() == 0)
        return {};
    const auto outcome = m_delivery->deliver(m_builder.take(), &m_report);
    if (!outcome)
        return tl::unexpected(outcome.error());
    m_isReaderGone = !outcome->isTaken;
    // Whoever reads on from `next` gets what was over the limit.
    for (const EventAddress &left : outcome->left)
        m_parts->goBack({left.stream, left.partition}, left.position);
    reportProgress();
    return {};
}

/// A tail that is never quiet takes up partitions too. Whether one stands still can only be told in the quiet.
Result<void> EventRead::takeUpParts(const ReadPlan &plan)
{
    startWatch(plan);
    return m_watch->takeUp(*m_parts);
}

void EventRead::startWatch(const ReadPlan &plan)
{
    if (!m_watch)
        m_watch = std::make_unique<StandstillWatch>(m_clients, m_request, plan);
}

Result<void> EventRead::lookAround(const ReadPlan &plan)
{
    if (m_request.isFollowing || Clock::now() - m_lastRecord > QuietBeforeWatch)
        startWatch(plan);
    Result<void> looked = m_watch ? m_watch->look(*m_parts) : Result<void>();
    if (Clock::now() - m_lastProgress > ProgressInterval)
        reportProgress();
    return looked;
}

void EventRead::reportProgress()
{
    m_lastProgress = Clock::now();
    m_report.partitions = m_parts->report();
    if (m_careful)
        m_report.partitions.front().to = m_careful->read.to;
    m_report.partitions.insert(m_report.partitions.end(), m_otherParts.cbegin(), m_otherParts.cend());
    QStringList notes = m_notes;
    if (m_watch)
        notes += m_watch->notes();
    if (const QString warnings = m_delivery->warnings(); !warnings.isEmpty())
        notes += warnings;
    notes.removeDuplicates();
    m_report.note = notes.join(u' ');
    m_channel->updateProgress(m_report);
}

} // namespace connectors::kafka
