// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/protocol_readers.h"

#include "connectors/remote/frame.h"
#include "connectors/remote/wire.h"

#include <cstdlib>

using namespace connectors;
using namespace connectors::remote;

namespace tests {

namespace {

/// What is promised of a batch that was accepted: every slice can be looked at, and it is written as it was read.
void use(const EventBatch &batch)
{
    quint64 sum = 0;
    for (qsizetype row = 0; row < batch.count(); ++row) {
        const EventRecord &record = batch.record(row);
        for (int part = 0; part <= static_cast<int>(EventPart::CausationId); ++part)
            for (const char byte : batch.text(sliceOf(record, static_cast<EventPart>(part))))
                sum += static_cast<unsigned char>(byte);
        for (const Header &header : batch.headers(row))
            sum += header.name.size() + header.value.size();
        sum += static_cast<quint64>(batch.address(row).stream.size());
    }
    const auto again = EventBatch::fromBytes(batch.toBytes());
    if (!again || (*again)->count() != batch.count() || sum == 1)
        std::abort();
    for (const qint64 bytes : {1, 7, 100}) {
        EventBatchBuilder builder;
        for (qsizetype row = 0; row < std::min<qsizetype>(batch.count(), 100); ++row)
            builder.addFrom(batch, row, bytes);
        std::ignore = builder.take();
    }
}

template<typename T>
bool whole(const Reader &in)
{
    T value{};
    return in.whole(value);
}

template<typename... T>
bool values(const Reader &in)
{
    std::tuple<T...> all;
    return std::apply([&in](auto &...value) { return in(value...); }, all);
}

bool batchIn(const Reader &in)
{
    EventBatchPtr batch;
    if (!in.whole(batch))
        return false;
    use(*batch);
    return true;
}

} // namespace

bool readFrames(const QByteArray &bytes)
{
    FrameReader frames;
    qsizetype taken = 0;
    for (qsizetype begin = 0, length = 1; begin < bytes.size(); begin += length, length = length % 7 + 1) {
        frames.add(bytes.constData() + begin, std::min(length, bytes.size() - begin));
        while (const auto message = frames.next())
            taken += message->size() + static_cast<qsizetype>(sizeof(quint32));
    }
    if (taken > bytes.size())
        std::abort();
    return !frames.isBroken() && taken == bytes.size();
}

bool readQuestion(const QByteArray &bytes)
{
    const Reader in = Reader::question(bytes);
    if (!in.isSound())
        return false;
    switch (in.call()) {
    case Call::Open: return whole<Opening>(in);
    case Call::ListStreams: return values<StreamListRequest>(in);
    case Call::PositionsAt: return values<QString, EpochMs>(in);
    case Call::Read: return values<ReadRequest>(in);
    case Call::Fetch: return values<std::vector<EventAddress>, qint64>(in);
    case Call::FetchTimes: return values<std::vector<EventAddress>>(in);
    case Call::FetchPage: return values<PageRequest>(in);
    case Call::Append: return values<std::vector<NewEvent>>(in);
    case Call::ConsumerStates: return values<ConsumerStateRequest>(in);
    case Call::Letters: return values<QString, qint64>(in);
    case Call::ApplyCheckpoints: return values<QString, std::vector<CheckpointChange>>(in);
    case Call::AppendLine: return values<QByteArray>(in);
    case Call::Token: return values<QByteArray, std::optional<Error>>(in);
    default: return true; // says all with its number
    }
}

bool readReply(const QByteArray &bytes)
{
    const Reader in = Reader::reply(bytes);
    if (!in.isSound())
        return false;
    switch (in.kind()) {
    case Reply::Error: return whole<Error>(in);
    case Reply::Opened: return whole<Greeting>(in);
    case Reply::Identity: return whole<SystemIdentity>(in);
    case Reply::Streams: return whole<StreamList>(in);
    case Reply::Positions: return whole<std::vector<TimePosition>>(in);
    case Reply::Events:
    case Reply::Batch: return batchIn(in);
    case Reply::Appended: return whole<std::vector<AppendedEvent>>(in);
    case Reply::Consumers: return whole<std::vector<ConsumerSummary>>(in);
    case Reply::States: return whole<ConsumerStates>(in);
    case Reply::Queues: return whole<std::vector<DeadLetterQueue>>(in);
    case Reply::Letters: return whole<std::vector<DeadLetter>>(in);
    case Reply::Outcomes: return whole<std::vector<CheckpointOutcome>>(in);
    case Reply::Page: return whole<EventPage>(in);
    case Reply::Announced: return whole<Announcement>(in);
    case Reply::Progress:
    case Reply::Finished: return whole<ReadReport>(in);
    default: return true;
    }
}

bool readBatch(const QByteArray &bytes)
{
    const auto batch = EventBatch::fromBytes(bytes);
    if (batch)
        use(**batch);
    return batch.has_value();
}

bool readHello(const QByteArray &bytes)
{
    return helloFrom(bytes).has_value();
}

} // namespace tests
