// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_line_log.h"

#include "connectors/kafka/cluster_metadata.h"

#include <array>
#include <condition_variable>

namespace connectors::kafka {

namespace {

constexpr int ConnectTimeoutMs = 10'000;
constexpr int TopicTimeoutMs = 5'000;
constexpr int DeliveryTimeoutMs = 10'000;
/// The library tells when the delivery's own time is over; a little later it has surely told.
constexpr std::chrono::milliseconds ReportTimeout(DeliveryTimeoutMs + 2'000);

ClientProperties producerProperties()
{
    // Idempotence brings acks=all, and a repeated attempt stores nothing twice.
    return {{"enable.idempotence", "true"}, {"message.timeout.ms", QByteArray::number(DeliveryTimeoutMs)}, {"linger.ms", "0"}, {"message.max.bytes", "67108864"}};
}

/// What became of one record, told on the handle's thread.
struct Delivery {
    std::mutex mutex;
    std::condition_variable told;
    std::optional<rd_kafka_resp_err_t> code;
};

} // namespace

KafkaLineLog::KafkaLineLog(ClientConfig config, QString topic)
    : m_clients(std::move(config))
    , m_topic(std::move(topic))
{
}

Result<void> KafkaLineLog::append(const QByteArray &line)
{
    if (const Result<void> required = requireTopic(); !required)
        return required;
    const Result<void> produced = produce(line);
    if (!produced) // an idempotent handle that has lost a record gives up for good
        m_producer.reset();
    return produced;
}

/// On a handle that makes no topic by asking for it, which a producer does.
Result<void> KafkaLineLog::requireTopic()
{
    const Result<ClientPtr> client = m_clients.shared(Isolation::ReadUncommitted);
    if (!client)
        return tl::unexpected(client.error());
    if (const Result<void> answered = (*client)->requireAnswer(ConnectTimeoutMs, {}); !answered)
        return answered;
    const Result<TopicPlaces> topic = readTopic(**client, m_topic, TopicTimeoutMs);
    if (!topic)
        return tl::unexpected(topic.error());
    if (topic->error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || (topic->error == RD_KAFKA_RESP_ERR_NO_ERROR && topic->partitions.empty()))
        return failure(ErrorCode::NotFound, QStringLiteral("There is no topic “%1”; it is not made here.").arg(m_topic), QStringLiteral("Make the topic."));
    if (topic->error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected((*client)->explain(topic->error, QStringLiteral("The topic “%1” cannot be used").arg(m_topic)));
    return {};
}

rd_kafka_resp_err_t KafkaLineLog::queue(const QByteArray &line, Client::Delivered *callback) const
{
    const QByteArray topic = m_topic.toUtf8();
    std::array<rd_kafka_vu_t, 5> parts{};
    parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    parts[0].u.cstr = topic.constData();
    parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    parts[1].u.i32 = 0;
    parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    parts[2].u.i = RD_KAFKA_MSG_F_COPY;
    parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
    parts[3].u.mem.ptr = const_cast<char *>(line.constData()); // it is copied
    parts[3].u.mem.size = static_cast<size_t>(line.size());
    parts[4].vtype = RD_KAFKA_VTYPE_OPAQUE;
    parts[4].u.ptr = callback;
    rd_kafka_error_t *error = rd_kafka_produceva(m_producer->handle(), parts.data(), parts.size());
    if (!error)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    return code;
}

Result<void> KafkaLineLog::produce(const QByteArray &line)
{
    if (!m_producer) {
        const Result<ClientPtr> made = m_clients.ownProducer(producerProperties());
        if (!made)
            return tl::unexpected(made.error());
        m_producer = *made;
    }
    const QString what = QStringLiteral("The line could not be stored in the topic “%1”").arg(m_topic);
    const auto delivery = std::make_shared<Delivery>();
    auto callback = std::make_unique<Client::Delivered>([delivery](rd_kafka_resp_err_t code) {
        const std::lock_guard lock(delivery->mutex);
        delivery->code = code;
        delivery->told.notify_all();
    });
    const rd_kafka_resp_err_t queued = queue(line, callback.get());
    if (queued != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(m_producer->explain(queued, what));
    std::ignore = callback.release(); // the report takes it
    std::unique_lock lock(delivery->mutex);
    delivery->told.wait_for(lock, ReportTimeout, [&] { return delivery->code.has_value(); });
    const rd_kafka_resp_err_t code = delivery->code.value_or(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
    lock.unlock();
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(m_producer->explain(code, what));
    return {};
}

} // namespace connectors::kafka
