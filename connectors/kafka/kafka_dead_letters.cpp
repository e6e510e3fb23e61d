// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_dead_letters.h"

#include "connectors/kafka/dead_letter_headers.h"
#include "connectors/kafka/kafka_catalog.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

using Queues = std::vector<DeadLetterQueue>;
using Letters = std::vector<DeadLetter>;

constexpr int EdgeTimeoutMs = 20'000;
/// Topics with ordinary names that are looked into in one question.
constexpr size_t SampledAtOnce = 200;
constexpr qint64 MostLetters = 100'000;
constexpr qint64 HeaderBytes = 64 * 1024; ///< what is told of a letter is in its headers

bool isReadable(const PartitionExtent &extent)
{
    return extent.start && extent.safeHead && *extent.safeHead > *extent.start;
}

EdgeRange rangeOf(const StreamInfo &stream, const PartitionExtent &extent)
{
    return {{stream.stream, extent.partition}, *extent.start, *extent.safeHead};
}

/// Null where the record is no dead letter, or one that came back to the topic it had died in.
std::optional<DeadLetter> letterIn(const QString &topic, const EdgeRecord &record)
{
    std::vector<Header> headers;
    for (const EdgeHeader &header : record.headers) {
        const std::string_view name(header.name.constData(), static_cast<size_t>(header.name.size()));
        const std::string_view value = header.value ? std::string_view(header.value->constData(), static_cast<size_t>(header.value->size())) : std::string_view();
        headers.push_back({name, value, !header.value});
    }
    DeadLetter letter;
    if (!readDeadLetterHeaders(headers, &letter) || letter.originalStream == topic)
        return std::nullopt;
    return letter;
}

/// Looks into topics with ordinary names that were not looked into before, and of which nothing was said.
void sampleOrdinaryTopics(EdgeClient &edges, KafkaDeadLetters::Seen &seen, const DeadLetterDeclarations &declared, const std::vector<StreamInfo> &streams, const std::stop_token &stop)
{
    std::vector<EdgeRange> ranges;
    for (const StreamInfo &stream : streams) {
        const auto fullest = std::max_element(stream.partitions.cbegin(), stream.partitions.cend(), [](const PartitionExtent &a, const PartitionExtent &b) {
            return a.safeHead.value_or(0) - a.start.value_or(0) < b.safeHead.value_or(0) - b.start.value_or(0);
        });
        if (ranges.size() < SampledAtOnce && !isDeadLetterName(stream.stream) && fullest != stream.partitions.cend() && isReadable(*fullest)
            && !seen.isQueue.contains(stream.stream) && !declared.find(stream.stream) && !declared.isNoQueue(stream.stream))
            ranges.push_back(rangeOf(stream, *fullest));
    }
    if (ranges.empty())
        return;
    const EdgeAnswer answer = edges.read(ranges, Edges::Last, EdgeTimeoutMs, stop);
    for (const auto &[id, record] : answer.last)
        seen.isQueue.insert(id.stream, letterIn(id.stream, record).has_value());
}

/// end − start of all partitions; null when one could not be read.
std::optional<qint64> depthOf(const StreamInfo &stream)
{
    qint64 depth = 0;
    for (const PartitionExtent &extent : stream.partitions) {
        if (!extent.start || !extent.end)
            return std::nullopt;
        depth += *extent.end - *extent.start;
    }
    return depth;
}

std::optional<EpochMs> earlier(std::optional<EpochMs> a, std::optional<EpochMs> b)
{
    return a && b ? std::min(a, b) : (a ? a : b);
}

DeadLetterQueue queueOf(const StreamInfo &stream, const DeclaredQueue *declared, const EdgeRecords &first, const EdgeRecords &last)
{
    DeadLetterQueue queue;
    queue.stream = stream.stream;
    queue.depth = depthOf(stream);
    for (const PartitionExtent &extent : stream.partitions) {
        const PartitionId id{stream.stream, extent.partition};
        if (const auto record = first.find(id); record != first.end())
            queue.oldest = earlier(queue.oldest, record->second.time);
        const auto record = last.find(id);
        if (record == last.end())
            continue;
        queue.newest = std::max(queue.newest, record->second.time);
        if (const auto letter = letterIn(stream.stream, record->second)) {
            queue.evidence = DeadLetterEvidence::HeaderFamily;
            queue.consumer = letter->consumer;
        }
    }
    if (declared) {
        queue.evidence = DeadLetterEvidence::Declared;
        queue.consumer = declared->consumer.isEmpty() ? queue.consumer : declared->consumer;
    }
    return queue;
}

Result<Queues> readQueues(Clients &clients, EdgeClient &edges, KafkaDeadLetters::Seen &seen, const DeadLetterDeclarations &declared, const std::stop_token &stop)
{
    const Result<StreamList> list = readStreams(clients, edges, StreamListRequest{}, stop);
    if (!list)
        return tl::unexpected(list.error());
    std::vector<StreamInfo> chosen;
    {
        const std::lock_guard lock(seen.mutex);
        sampleOrdinaryTopics(edges, seen, declared, list->streams, stop);
        std::copy_if(list->streams.cbegin(), list->streams.cend(), std::back_inserter(chosen), [&](const StreamInfo &stream) {
            const bool isRecognised = isDeadLetterName(stream.stream) || seen.isQueue.value(stream.stream);
            return declared.find(stream.stream) || (isRecognised && !declared.isNoQueue(stream.stream));
        });
    }
    std::vector<EdgeRange> ranges;
    for (const StreamInfo &stream : chosen) {
        for (const PartitionExtent &extent : stream.partitions) {
            if (isReadable(extent))
                ranges.push_back(rangeOf(stream, extent));
        }
    }
    const EdgeAnswer answer = edges.read(ranges, Edges::Both, EdgeTimeoutMs, stop);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Looking for dead letters was cancelled."));
    Queues queues;
    for (const StreamInfo &stream : chosen)
        queues.push_back(queueOf(stream, declared.find(stream.stream), answer.first, answer.last));
    return queues;
}

/// What the letter itself does not tell is as declared.
DeadLetter letterOf(const EventBatch &batch, qsizetype row, const DeclaredQueue *declared)
{
    const EventRecord &record = batch.record(row);
    const auto text = [&batch](Slice slice) {
        const std::string_view view = batch.text(slice);
        return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
    };
    DeadLetter letter;
    readDeadLetterHeaders(batch.headers(row), &letter);
    if (declared && letter.originalStream.isEmpty())
        letter.originalStream = declared->of;
    if (declared && letter.consumer.isEmpty())
        letter.consumer = declared->consumer;
    letter.address = batch.address(row);
    letter.diedAt = record.time;
    letter.eventType = text(record.eventType);
    letter.eventId = text(record.eventId);
    letter.correlationId = text(record.correlationId);
    letter.key = text(record.key);
    letter.size = record.size;
    return letter;
}

/// One that is there, and that nobody can read.
DeadLetter unreadableLetter(const LeftOutRange &range)
{
    DeadLetter letter;
    letter.address = {range.stream, range.partition, range.from};
    letter.reason = QStringLiteral("This batch %1").arg(range.why);
    return letter;
}

/// Newest first: by the clock, then by place.
void keepNewest(Letters *letters, qint64 limit)
{
    const auto rank = [](const DeadLetter &letter) { return std::tuple(letter.diedAt, letter.address.partition, letter.address.position); };
    std::sort(letters->begin(), letters->end(), [&rank](const DeadLetter &a, const DeadLetter &b) { return rank(a) > rank(b); });
    if (static_cast<qint64>(letters->size()) > limit)
        letters->erase(letters->begin() + limit, letters->end());
}

/// Takes batch by batch, so that bodies are not kept.
Result<Letters> takeLetters(const EventChannelPtr &channel, const DeclaredQueue *declared, qint64 limit, const std::stop_token &stop)
{
    const std::stop_callback onStop(stop, [&channel] { channel->cancel(); });
    Letters letters;
    while (const EventBatchPtr batch = channel->waitPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row)
            letters.push_back(letterOf(*batch, row, declared));
    }
    const Result<ReadReport> report = channel->result();
    const std::vector<LeftOutRange> leftOut = channel->progress().leftOut;
    if (!report && (report.error().code != ErrorCode::Incomplete || leftOut.empty()))
        return tl::unexpected(report.error());
    for (const LeftOutRange &range : leftOut)
        letters.push_back(unreadableLetter(range));
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Reading dead letters was cancelled."));
    keepNewest(&letters, limit);
    cutTexts(letters);
    return letters;
}

} // namespace

KafkaDeadLetters::KafkaDeadLetters(std::shared_ptr<Clients> clients, std::shared_ptr<EdgeClient> edges, EventReader &reader, TaskPool &tasks, DeclarationSource declarations)
    : m_clients(std::move(clients))
    , m_edges(std::move(edges))
    , m_seen(std::make_shared<Seen>())
    , m_declarations(declarations ? std::move(declarations) : [] { return DeadLetterDeclarations(); })
    , m_reader(reader)
    , m_tasks(tasks)
{
}

QFuture<Result<Queues>> KafkaDeadLetters::deadLetterQueues(std::stop_token stop)
{
    return m_tasks.run<Queues>(std::move(stop), [clients = m_clients, edges = m_edges, seen = m_seen, declarations = m_declarations](const std::stop_token &taskStop) {
        return readQueues(*clients, *edges, *seen, declarations(), taskStop);
    });
}

QFuture<Result<Letters>> KafkaDeadLetters::letters(QString queueStream, qint64 limit, std::stop_token stop)
{
    ReadRequest request;
    request.streams = {queueStream};
    request.from = Newest{std::clamp(limit, qint64(0), MostLetters)};
    request.previewBytes = HeaderBytes;
    // The read starts at once, on the reader's own thread; the task only takes what comes.
    return m_tasks.run<Letters>(std::move(stop), [channel = m_reader.read(std::move(request)), declarations = m_declarations, queueStream, limit](const std::stop_token &taskStop) {
        const DeadLetterDeclarations declared = declarations();
        return takeLetters(channel, declared.find(queueStream), limit, taskStop);
    });
}

} // namespace connectors::kafka
