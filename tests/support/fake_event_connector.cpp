// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_event_connector.h"

#include <algorithm>

namespace tests {

using namespace connectors;

namespace {

template<typename T>
QFuture<Result<T>> answered(const Result<T> &result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

QByteArray bodyOf(const FakeEvent &event)
{
    return "{\"eventId\":\"" + event.id.toUtf8() + "\",\"eventType\":\"" + event.type.toUtf8() + "\"}";
}

bool fits(const ExactSearch &search, const FakeEvent &event)
{
    const auto isWanted = [&search](const QString &field) {
        return std::find(search.values.cbegin(), search.values.cend(), field.toUtf8()) != search.values.cend();
    };
    switch (search.field) {
    case SearchField::EventId: return isWanted(event.id);
    case SearchField::CorrelationId: return isWanted(event.flow);
    case SearchField::AggregateId: return isWanted(event.aggregate);
    case SearchField::Key: return isWanted(event.key);
    case SearchField::CausationId: return isWanted(event.cause);
    case SearchField::Anywhere: break;
    }
    const QByteArray all = (QStringList{event.id, event.type, event.cause, event.flow, event.aggregate, event.key}).join(u'\n').toUtf8();
    return std::any_of(search.values.cbegin(), search.values.cend(), [&all](const QByteArray &value) { return all.contains(value); });
}

/// As brokers have it: a bound that is not there is refused.
bool isWithin(const PositionSpec &bound, size_t end)
{
    const auto *at = std::get_if<AtPosition>(&bound);
    return !at || (at->position >= 0 && at->position <= static_cast<qint64>(end));
}

void addTo(EventBatchBuilder &batch, const QString &stream, qint64 position, EpochMs time, const FakeEvent &event)
{
    const auto slice = [&batch](const QString &text) {
        const QByteArray bytes = text.toUtf8();
        return text.isEmpty() ? Slice() : batch.addBytes({bytes.constData(), static_cast<size_t>(bytes.size())});
    };
    EventRecord record;
    record.stream = batch.internStream(stream);
    record.position = position;
    record.time = time;
    record.payload = slice(QString::fromUtf8(bodyOf(event)));
    record.size = record.payload.length;
    record.format = BodyFormat::Json;
    record.key = slice(event.key);
    record.eventId = slice(event.id);
    record.eventType = slice(event.type);
    record.aggregateId = slice(event.aggregate);
    record.correlationId = slice(event.flow);
    record.causationId = slice(event.cause);
    batch.add(record);
}

} // namespace

FakeEventConnector::FakeEventConnector(QString name)
    : m_name(std::move(name))
{
}

FakeEventConnector::~FakeEventConnector()
{
    for (const auto &[channel, thread] : m_threads)
        channel->cancel();
}

void FakeEventConnector::add(const QString &stream, const FakeEvent &event)
{
    m_streams[stream].push_back({event, m_nextTime});
    m_nextTime += 1000;
}

QFuture<Result<SystemIdentity>> FakeEventConnector::identify(std::stop_token)
{
    SystemIdentity identity;
    identity.systemId = m_name;
    identity.product = QStringLiteral("Fake");
    return answered<SystemIdentity>(identity);
}

QFuture<Result<StreamList>> FakeEventConnector::listStreams(StreamListRequest request, std::stop_token)
{
    if (m_error)
        return answered<StreamList>(tl::unexpected(*m_error));
    if (!m_isHoldingLists)
        return answered<StreamList>(listOf(request));
    auto &[asked, promise] = m_heldLists.emplace_back(std::move(request), QPromise<Result<StreamList>>());
    promise.start();
    return promise.future();
}

void FakeEventConnector::releaseLists()
{
    m_isHoldingLists = false;
    for (auto &[asked, promise] : m_heldLists) {
        promise.addResult(Result<StreamList>(listOf(asked)));
        promise.finish();
    }
    m_heldLists.clear();
}

StreamList FakeEventConnector::listOf(const StreamListRequest &request)
{
    m_internalLists += request.withInternal ? 1 : 0;
    StreamList list;
    for (auto stream = m_streams.cbegin(); stream != m_streams.cend(); ++stream) {
        if (!request.streams.empty() && std::find(request.streams.cbegin(), request.streams.cend(), stream.key()) == request.streams.cend())
            continue;
        StreamInfo info;
        info.stream = stream.key();
        PartitionExtent extent;
        extent.start = 0;
        extent.safeHead = extent.end = static_cast<qint64>(stream->size());
        info.partitions = {extent};
        list.streams.push_back(info);
    }
    return list;
}

QFuture<Result<std::vector<TimePosition>>> FakeEventConnector::positionsAt(QString stream, EpochMs time, std::stop_token)
{
    const std::vector<Stored> &events = m_streams[stream];
    const auto found = std::find_if(events.cbegin(), events.cend(), [time](const Stored &stored) { return stored.time >= time; });
    TimePosition position;
    if (found != events.cend())
        position.position = found - events.cbegin();
    return answered<std::vector<TimePosition>>(std::vector<TimePosition>{position});
}

/// Times alone are positions here.
qint64 FakeEventConnector::boundOf(const PositionSpec &bound, const std::vector<Stored> &events, qint64 otherwise)
{
    const auto *at = std::get_if<AtTime>(&bound);
    return at ? std::find_if(events.cbegin(), events.cend(), [at](const Stored &stored) { return stored.time >= at->time; }) - events.cbegin() : otherwise;
}

EventChannelPtr FakeEventConnector::read(ReadRequest request)
{
    m_isHanging = m_isHanging || m_reads >= m_readsBeforeHanging;
    ++m_reads;
    auto channel = std::make_shared<EventChannel>();
    const std::lock_guard lock(m_mutex);
    m_threads.emplace_back(channel, std::jthread([this, request, channel] { run(request, channel); }));
    return channel;
}

void FakeEventConnector::run(const ReadRequest &request, const EventChannelPtr &channel)
{
    if (m_error) {
        channel->finish(tl::unexpected(*m_error));
        return;
    }
    while (m_isHanging && !channel->stopToken().stop_requested())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ReadReport report;
    std::vector<PartitionRead> ranges = request.ranges;
    bool isAnyThere = !ranges.empty() || m_streams.isEmpty();
    for (auto stream = m_streams.cbegin(); ranges.empty() && stream != m_streams.cend(); ++stream) {
        const bool isWanted = request.streams.empty() || std::find(request.streams.cbegin(), request.streams.cend(), stream.key()) != request.streams.cend();
        if (!isWanted)
            continue;
        const auto end = static_cast<qint64>(stream->size());
        report.partitions.push_back({stream.key(), 0, boundOf(request.from, *stream, 0), boundOf(request.to, *stream, end), 0, 0});
        isAnyThere = isAnyThere || (isWithin(request.from, stream->size()) && isWithin(request.to, stream->size()));
    }
    if (!isAnyThere && !report.partitions.empty()) {
        channel->finish(failure(ErrorCode::Refused, QStringLiteral("The position cannot be read.")));
        return;
    }
    for (PartitionRead &range : ranges)
        range.to = std::min(range.to, static_cast<qint64>(m_streams[range.stream].size()));
    if (!ranges.empty())
        report.partitions = ranges;
    EventBatchBuilder batch;
    for (PartitionRead &part : report.partitions) {
        part.next = part.from;
        for (; part.next < part.to && !channel->stopToken().stop_requested(); ++part.next) {
            const Stored &stored = m_streams[part.stream][static_cast<size_t>(part.next)];
            ++part.events;
            ++report.scanned;
            ++m_scanned;
            if (request.search && !fits(*request.search, stored.event))
                continue;
            ++report.matched;
            addTo(batch, part.stream, part.next, stored.time, stored.event);
        }
    }
    report.stopReason = channel->stopToken().stop_requested() ? StopReason::Cancelled : StopReason::ReachedEnd;
    if (batch.count() > 0)
        channel->push(previewsOf(batch.take(), request.previewBytes));
    if (m_missing)
        return channel->finish(tl::unexpected(*m_missing));
    channel->finish(report);
}

EventBatchPtr FakeEventConnector::eventsAt(const std::vector<EventAddress> &addresses)
{
    EventBatchBuilder batch;
    for (const EventAddress &address : addresses) {
        const std::vector<Stored> &events = m_streams[address.stream];
        if (address.position >= 0 && static_cast<size_t>(address.position) < events.size())
            addTo(batch, address.stream, address.position, events[static_cast<size_t>(address.position)].time,
                  events[static_cast<size_t>(address.position)].event);
    }
    return batch.take();
}

QFuture<Result<EventBatchPtr>> FakeEventConnector::fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token)
{
    return answered<EventBatchPtr>(previewsOf(eventsAt(addresses), previewBytes));
}

QFuture<Result<EventPage>> FakeEventConnector::fetchPage(PageRequest request, std::stop_token)
{
    return answered<EventPage>(m_pages.page(request, [&]() -> Result<EventBatchPtr> { return eventsAt({request.address}); }));
}

} // namespace tests
