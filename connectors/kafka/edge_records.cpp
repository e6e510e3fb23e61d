// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/edge_records.h"

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

using TopicPtr = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;

/// Small fetches; the end of a partition is told.
ClientProperties handleProperties()
{
    return {{"enable.partition.eof", "true"}, {"fetch.message.max.bytes", "65536"}, {"fetch.wait.max.ms", "100"}, {"queued.min.messages", "1"},
            {"queued.max.messages.kbytes", "1024"}, {"auto.offset.reset", "error"}};
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

/// The reads under way of one call.
class EdgeReading final
{
public:
    EdgeReading(const Client &client, Edge edge)
        : m_client(client)
        , m_edge(edge)
        , m_queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy)
    {
    }

    ~EdgeReading()
    {
        while (!m_open.empty())
            close(m_open.begin()->first);
    }

    void open(const EdgeRange &range, qint64 step)
    {
        const qint64 from = m_edge == Edge::First ? range.start : std::max(range.start, range.end - step);
        Open open{range, step, TopicPtr(rd_kafka_topic_new(m_client.handle(), range.id.stream.toUtf8().constData(), nullptr), rd_kafka_topic_destroy)};
        if (!open.topic || rd_kafka_consume_start_queue(open.topic.get(), range.id.partition, from, m_queue.get()) != 0)
            return;
        m_open.emplace(range.id, std::move(open));
    }

    [[nodiscard]] size_t openCount() const { return m_open.size(); }

    void takeOne(EdgeRecords *records)
    {
        const MessagePtr message(rd_kafka_consume_queue(m_queue.get(), SliceMs), rd_kafka_message_destroy);
        if (!message || !message->rkt)
            return;
        const PartitionId id{QString::fromUtf8(rd_kafka_topic_name(message->rkt)), message->partition};
        const auto found = m_open.find(id);
        if (found == m_open.end())
            return;
        const EdgeRange range = found->second.range;
        const qint64 step = found->second.step;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (message->offset < range.end)
                records->insert_or_assign(id, recordOf(*message));
            if (m_edge == Edge::First || message->offset >= range.end - 1)
                close(id);
            return;
        }
        // The end, or the partition cannot be read: in both cases nothing more comes.
        close(id);
        const bool isDeeper = m_edge == Edge::Last && message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && !records->contains(id)
            && range.end - step > range.start && step < LongestStep;
        if (isDeeper)
            open(range, std::min(step * StepGrowth, LongestStep));
        else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF && message->err != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) // retention was faster
            m_problem = m_client.explain(message->err, QStringLiteral("The %1 event of “%2”, partition %3, could not be read")
                                                           .arg(m_edge == Edge::First ? QStringLiteral("first") : QStringLiteral("last"), id.stream)
                                                           .arg(id.partition),
                                         QString::fromUtf8(rd_kafka_message_errstr(message.get())));
    }

    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

private:
    struct Open {
        EdgeRange range;
        qint64 step = 0;
        TopicPtr topic;
    };

    void close(const PartitionId &id)
    {
        const auto found = m_open.find(id);
        rd_kafka_consume_stop(found->second.topic.get(), id.partition);
        m_open.erase(found);
    }

    const Client &m_client;
    const Edge m_edge;
    const QueuePtr m_queue;
    std::map<PartitionId, Open> m_open;
    std::optional<Error> m_problem;
};

} // namespace

EdgeClient::EdgeClient(std::shared_ptr<Clients> clients)
    : m_clients(std::move(clients))
{
}

EdgeAnswer EdgeClient::read(const std::vector<EdgeRange> &ranges, Edge edge, int timeoutMs, const std::stop_token &stop)
{
    EdgeAnswer answer;
    const std::lock_guard lock(m_mutex);
    if (!m_client) {
        const Result<ClientPtr> made = m_clients->own(Isolation::ReadCommitted, handleProperties());
        if (!made) {
            answer.problem = made.error();
            return answer;
        }
        m_client = *made;
    }
    EdgeReading reading(*m_client, edge);
    const QDeadlineTimer deadline(timeoutMs);
    size_t next = 0;
    while (!stop.stop_requested() && !deadline.hasExpired()) {
        while (next < ranges.size() && reading.openCount() < AtOnce)
            reading.open(ranges[next++], FirstStep);
        if (reading.openCount() == 0)
            break;
        reading.takeOne(&answer.records);
    }
    answer.problem = reading.problem();
    const size_t unread = reading.openCount() + (ranges.size() - next);
    if (unread > 0)
        answer.problem = m_client->explain(RD_KAFKA_RESP_ERR__TIMED_OUT, QStringLiteral("%1 partitions did not tell the time of their events").arg(unread));
    return answer;
}

} // namespace connectors::kafka
