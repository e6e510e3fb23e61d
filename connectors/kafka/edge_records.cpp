// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/edge_records.h"

#include "connectors/kafka/reader_clients.h"
#include "connectors/kafka/topic_consumer.h"

#include <QDeadlineTimer>

#include <algorithm>

namespace connectors::kafka {

namespace {

constexpr int SliceMs = 100;
/// Read at the same time: so many small fetches are in memory at once.
constexpr size_t AtOnce = 100;
/// How far back the last record is looked for: a transaction ends in a control record, an aborted one leaves a gap.
constexpr qint64 FirstStep = 2;
constexpr qint64 StepGrowth = 16;
constexpr qint64 LongestStep = 4096;
constexpr size_t MostTopicsKept = 1000;

using QueuePtr = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;

/// Small fetches; the end of a partition is told. queued.min.messages stays as it is: a partition that has more in its queue
/// is only looked at again after a second, also for a seek.
ClientProperties handleProperties()
{
    return {{"enable.partition.eof", "true"}, {"fetch.message.max.bytes", "65536"}, {"fetch.wait.max.ms", "100"},
            {"queued.max.messages.kbytes", "4096"}, {"auto.offset.reset", "error"}};
}

EdgeRecord recordOf(const rd_kafka_message_t &message)
{
    EdgeRecord record;
    record.offset = message.offset;
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    if (const qint64 time = rd_kafka_message_timestamp(&message, &type); type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && time >= 0)
        record.time = time;
    rd_kafka_headers_t *headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return record;
    const char *name = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
        record.headers.push_back({name, value ? std::optional(QByteArray(static_cast<const char *>(value), static_cast<qsizetype>(size))) : std::nullopt});
    return record;
}

/// The reads under way of one call: of each partition the first record where wanted, then the last.
class EdgeReading final
{
public:
    EdgeReading(const Client &client, EdgeTopics &topics, Edges wanted, EdgeAnswer *answer)
        : m_client(client)
        , m_topics(topics)
        , m_wanted(wanted)
        , m_answer(*answer)
        , m_queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy)
    {
    }

    ~EdgeReading()
    {
        for (const auto &[id, open] : m_started)
            rd_kafka_consume_stop(topic(id.stream), id.partition);
    }

    void start(const EdgeRange &range)
    {
        Open open{range, m_wanted == Edges::Last, FirstStep};
        rd_kafka_topic_t *handle = topic(range.id.stream);
        if (!handle || rd_kafka_consume_start_queue(handle, range.id.partition, open.isAtLast ? lastFrom(open) : range.start, m_queue.get()) != 0)
            return;
        m_started.insert_or_assign(range.id, open);
        ++m_busy;
    }

    [[nodiscard]] size_t busyCount() const { return m_busy; }
    [[nodiscard]] size_t startedCount() const { return m_started.size(); }

    void takeOne()
    {
        const MessagePtr message(rd_kafka_consume_queue(m_queue.get(), SliceMs), rd_kafka_message_destroy);
        if (!message || !message->rkt)
            return;
        const auto found = m_started.find({QString::fromUtf8(rd_kafka_topic_name(message->rkt)), message->partition});
        if (found == m_started.end() || found->second.isDone)
            return;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            takeRecord(found->second, *message);
        else
            takeEnd(found->second, *message);
    }

private:
    struct Open {
        EdgeRange range;
        bool isAtLast = false; ///< the first record is known, or not wanted
        qint64 step = 0;       ///< how far before the end the last record is looked for
        bool isDone = false;   ///< stopped with the others: a seek is only noticed at once while the broker is being asked
    };

    static qint64 lastFrom(const Open &open) { return std::max(open.range.start, open.range.end - open.step); }

    void takeRecord(Open &open, const rd_kafka_message_t &message)
    {
        const PartitionId &id = open.range.id;
        const bool isOfRange = message.offset < open.range.end;
        if (!open.isAtLast) {
            if (isOfRange)
                m_answer.first.insert_or_assign(id, recordOf(message));
            open.isAtLast = true;
            if (message.offset < lastFrom(open))
                return seek(open);
        }
        if (isOfRange)
            m_answer.last.insert_or_assign(id, recordOf(message));
        if (message.offset >= open.range.end - 1)
            finish(open);
    }

    /// The end of the partition, or it cannot be read.
    void takeEnd(Open &open, const rd_kafka_message_t &message)
    {
        const PartitionId &id = open.range.id;
        const bool isEnd = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (isEnd && open.isAtLast && !m_answer.last.contains(id) && lastFrom(open) > open.range.start && open.step < LongestStep) {
            open.step = std::min(open.step * StepGrowth, LongestStep);
            return seek(open);
        }
        finish(open);
        if (!isEnd && message.err != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) // that is retention, which was faster
            m_answer.problem = m_client.explain(message.err, QStringLiteral("The first and last event of “%1”, partition %2, could not be read").arg(id.stream).arg(id.partition),
                                                QString::fromUtf8(rd_kafka_message_errstr(&message)));
    }

    void seek(Open &open)
    {
        // Without waiting for the answer: what is still in the queue from before is in order and does no harm.
        if (rd_kafka_seek(topic(open.range.id.stream), open.range.id.partition, lastFrom(open), 0) != RD_KAFKA_RESP_ERR_NO_ERROR)
            finish(open);
    }

    void finish(Open &open)
    {
        open.isDone = true;
        --m_busy;
    }

    rd_kafka_topic_t *topic(const QString &name)
    {
        auto found = m_topics.find(name);
        if (found == m_topics.end())
            found = m_topics.emplace(name, TopicPtr(rd_kafka_topic_new(m_client.handle(), name.toUtf8().constData(), nullptr), rd_kafka_topic_destroy)).first;
        return found->second.get();
    }

    const Client &m_client;
    EdgeTopics &m_topics;
    const Edges m_wanted;
    EdgeAnswer &m_answer;
    const QueuePtr m_queue;
    std::map<PartitionId, Open> m_started;
    size_t m_busy = 0;
};

/// The record there, or the next one before `end`.
std::optional<EdgeRecord> recordAt(TopicConsumer &consumer, const EdgeRange &range, qint64 position, const QDeadlineTimer &deadline, const std::stop_token &stop)
{
    std::optional<EdgeRecord> record;
    if (!consumer.start(range.id, position))
        return record;
    while (!record && !deadline.hasExpired() && !stop.stop_requested()) {
        const TopicConsumer::Messages messages = consumer.waitForOne(SliceMs);
        if (messages.empty()) {
            consumer.wakeLeader(range.id);
            continue;
        }
        const rd_kafka_message_t &message = *messages.front();
        if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR || message.offset >= range.end)
            break;
        if (message.offset >= position)
            record = recordOf(message);
    }
    consumer.stop(range.id);
    return record;
}

} // namespace

EdgeClient::EdgeClient(std::shared_ptr<Clients> clients)
    : m_clients(std::move(clients))
{
}

EdgeAnswer EdgeClient::read(const std::vector<EdgeRange> &ranges, Edges wanted, int timeoutMs, const std::stop_token &stop)
{
    EdgeAnswer answer;
    const std::lock_guard lock(m_mutex);
    const bool isCareful = m_clients->caution().isOn();
    if (!m_client || m_isCareful != isCareful) {
        m_topics.clear();
        m_isCareful = isCareful;
        const Result<ClientPtr> made = m_clients->own(Isolation::ReadCommitted, isCareful ? ReaderProfile::careful(Isolation::ReadCommitted).properties : handleProperties());
        if (!made) {
            answer.problem = made.error();
            return answer;
        }
        m_client = *made;
    }
    if (isCareful)
        return readWithCare(ranges, wanted, timeoutMs, stop);
    if (m_topics.size() > MostTopicsKept)
        m_topics.clear();
    const QDeadlineTimer deadline(timeoutMs);
    size_t unread = ranges.size();
    for (size_t begin = 0; begin < ranges.size(); begin += AtOnce) {
        EdgeReading reading(*m_client, m_topics, wanted, &answer);
        const size_t count = std::min(AtOnce, ranges.size() - begin);
        for (size_t i = begin; i < begin + count; ++i)
            reading.start(ranges[i]);
        while (reading.busyCount() > 0 && !stop.stop_requested() && !deadline.hasExpired())
            reading.takeOne();
        unread -= reading.startedCount() - reading.busyCount();
        if (stop.stop_requested() || deadline.hasExpired())
            break;
    }
    if (unread > 0)
        answer.problem = m_client->explain(RD_KAFKA_RESP_ERR__TIMED_OUT, QStringLiteral("%1 partitions did not tell the time of their events").arg(unread));
    return answer;
}

/// One after the other, each announced. A partition in which a batch is in quarantine is not looked at.
EdgeAnswer EdgeClient::readWithCare(const std::vector<EdgeRange> &ranges, Edges wanted, int timeoutMs, const std::stop_token &stop)
{
    EdgeAnswer answer;
    const ReadCaution &caution = m_clients->caution();
    const QDeadlineTimer deadline(timeoutMs);
    const auto turn = caution.takeTurn(std::chrono::milliseconds(timeoutMs), stop);
    TopicConsumer consumer(m_client);
    for (const EdgeRange &range : ranges) {
        const PartitionId &id = range.id;
        if (const std::optional<QuarantinedBatch> batch = caution.met(id.stream, id.partition, range.start, range.end)) {
            answer.problem = Error{ErrorCode::Incomplete, QStringLiteral("“%1”, partition %2 does not tell the time of its events: its batch at position %3 %4.")
                                       .arg(id.stream.left(200)).arg(id.partition).arg(batch->from).arg(batch->why), {}, false};
            continue;
        }
        if (!turn || stop.stop_requested() || deadline.hasExpired()) {
            answer.problem = m_client->explain(RD_KAFKA_RESP_ERR__TIMED_OUT, QStringLiteral("Some partitions did not tell the time of their events"));
            break;
        }
        const auto look = [&](qint64 position, EdgeRecords *into) {
            turn->announce({id.stream, id.partition, position});
            if (auto record = recordAt(consumer, range, position, deadline, stop))
                into->insert_or_assign(id, std::move(*record));
        };
        if (wanted == Edges::Both)
            look(range.start, &answer.first);
        // The very last may be the end of a transaction, which is no event.
        for (qint64 back = 1; back <= FirstStep && !answer.last.contains(id) && range.end - back >= range.start; ++back)
            look(range.end - back, &answer.last);
    }
    return answer;
}

} // namespace connectors::kafka
