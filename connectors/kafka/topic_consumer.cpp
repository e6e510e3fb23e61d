// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/topic_consumer.h"

#include "connectors/kafka/kafka_error.h"

namespace connectors::kafka {

namespace {

/// Enough that taking costs nothing by the record; the records themselves stay where librdkafka has them.
constexpr size_t MessagesAtOnce = 1000;

} // namespace

TopicConsumer::TopicConsumer(ClientPtr client)
    : m_client(std::move(client))
    , m_queue(rd_kafka_queue_new(m_client->handle()), rd_kafka_queue_destroy)
    , m_messages(MessagesAtOnce)
{
}

TopicConsumer::~TopicConsumer()
{
    release();
    while (!m_started.empty())
        stop(PartitionId(*m_started.cbegin()));
}

rd_kafka_topic_t *TopicConsumer::topic(const QString &name)
{
    auto found = m_topics.find(name);
    if (found == m_topics.end()) {
        TopicPtr made(rd_kafka_topic_new(m_client->handle(), name.toUtf8().constData(), nullptr), rd_kafka_topic_destroy);
        if (!made)
            return nullptr;
        found = m_topics.emplace(name, std::move(made)).first;
    }
    return found->second.get();
}

Result<void> TopicConsumer::start(const PartitionId &id, qint64 offset)
{
    stop(id);
    rd_kafka_topic_t *handle = topic(id.stream);
    if (!handle || rd_kafka_consume_start_queue(handle, id.partition, offset, m_queue.get()) != 0)
        return tl::unexpected(kafkaError(rd_kafka_last_error(), QStringLiteral("“%1”, partition %2, cannot be read").arg(id.stream).arg(id.partition)));
    m_started.insert(id);
    return {};
}

void TopicConsumer::stop(const PartitionId &id)
{
    if (m_started.erase(id) > 0)
        rd_kafka_consume_stop(topic(id.stream), id.partition);
}

void TopicConsumer::wakeLeader(const PartitionId &id) const
{
    int64_t start = 0;
    int64_t end = 0;
    constexpr int NoTimeMs = 1;
    std::ignore = rd_kafka_query_watermark_offsets(m_client->handle(), id.stream.toUtf8().constData(), id.partition, &start, &end, NoTimeMs);
}

void TopicConsumer::release()
{
    for (size_t i = 0; i < m_count; ++i)
        rd_kafka_message_destroy(m_messages[i]);
    m_count = 0;
}

TopicConsumer::Messages TopicConsumer::takeAvailable()
{
    release();
    m_count = static_cast<size_t>(std::max<ssize_t>(0, rd_kafka_consume_batch_queue(m_queue.get(), 0, m_messages.data(), m_messages.size())));
    return {m_messages.data(), m_count};
}

TopicConsumer::Messages TopicConsumer::waitForOne(int timeoutMs)
{
    release();
    m_messages.front() = rd_kafka_consume_queue(m_queue.get(), timeoutMs);
    m_count = m_messages.front() ? 1 : 0;
    return {m_messages.data(), m_count};
}

} // namespace connectors::kafka
