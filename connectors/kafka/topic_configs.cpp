// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/topic_configs.h"

#include "connectors/kafka/kafka_error.h"

#include <QDeadlineTimer>

#include <algorithm>
#include <array>

namespace connectors::kafka {

namespace {

using Configs = std::map<QString, Result<TopicConfig>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

constexpr size_t TopicsPerRequest = 500;
constexpr int ConfigSliceMs = 100;
constexpr std::array<const char *, 4> Names{"retention.ms", "retention.bytes", "cleanup.policy", "message.timestamp.type"};

QString whatOf(const QString &topic)
{
    return QStringLiteral("The configuration of “%1” could not be read").arg(topic);
}

std::optional<qint64> integerOf(const char *text)
{
    bool isNumber = false;
    const qint64 number = QByteArray(text).toLongLong(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

TopicConfig configOf(const rd_kafka_ConfigResource_t *resource)
{
    TopicConfig config;
    size_t count = 0;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    for (size_t i = 0; i < count; ++i) {
        const QByteArray name = rd_kafka_ConfigEntry_name(entries[i]);
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (name == "retention.ms")
            config.retentionMs = integerOf(value);
        else if (name == "retention.bytes")
            config.retentionBytes = integerOf(value);
        else if (name == "cleanup.policy")
            config.cleanupPolicy = QString::fromUtf8(value);
        else if (name == "message.timestamp.type")
            config.timestampType = QString::fromUtf8(value);
    }
    return config;
}

void takeResult(const Client &client, rd_kafka_event_t *event, Configs *configs)
{
    size_t count = 0;
    const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
    for (size_t i = 0; i < count; ++i) {
        const QString topic = QString::fromUtf8(rd_kafka_ConfigResource_name(resources[i]));
        const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resources[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            configs->emplace(topic, configOf(resources[i]));
        else
            configs->emplace(topic, tl::unexpected(client.explain(code, whatOf(topic), QString::fromUtf8(rd_kafka_ConfigResource_error_string(resources[i])))));
    }
}

/// One request; the error of what it did not answer.
std::optional<Error> request(const Client &client, std::vector<rd_kafka_ConfigResource_t *> resources, int timeoutMs, const std::stop_token &stop, Configs *configs)
{
    const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue(rd_kafka_queue_new(client.handle()), rd_kafka_queue_destroy);
    const std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)> options(
        rd_kafka_AdminOptions_new(client.handle(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS), rd_kafka_AdminOptions_destroy);
    std::array<char, 256> text{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeoutMs, text.data(), text.size());
    rd_kafka_DescribeConfigs(client.handle(), resources.data(), resources.size(), options.get(), queue.get());
    const QString what = QStringLiteral("The configuration of topics could not be read");
    // A little longer than the library waits itself.
    const QDeadlineTimer deadline(timeoutMs + 1000);
    while (!stop.stop_requested() && !deadline.hasExpired()) {
        const EventPtr event(rd_kafka_queue_poll(queue.get(), ConfigSliceMs), rd_kafka_event_destroy);
        if (!event)
            continue;
        const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return client.explain(code, what, QString::fromUtf8(rd_kafka_event_error_string(event.get())));
        takeResult(client, event.get(), configs);
        return std::nullopt;
    }
    return stop.stop_requested() ? Error{ErrorCode::Cancelled, what + QStringLiteral(": cancelled."), {}, false} : client.explain(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
}

} // namespace

Configs readTopicConfigs(const Client &client, const std::vector<QString> &topics, int timeoutMs, const std::stop_token &stop)
{
    Configs configs;
    for (size_t begin = 0; begin < topics.size(); begin += TopicsPerRequest) {
        const size_t end = std::min(topics.size(), begin + TopicsPerRequest);
        std::vector<rd_kafka_ConfigResource_t *> resources;
        for (size_t i = begin; i < end; ++i) {
            rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i].toUtf8().constData());
            for (const char *name : Names) // only these are sent back
                rd_kafka_ConfigResource_set_config(resource, name, "");
            resources.push_back(resource);
        }
        const std::optional<Error> unanswered = request(client, resources, timeoutMs, stop, &configs);
        rd_kafka_ConfigResource_destroy_array(resources.data(), resources.size());
        for (size_t i = begin; i < end; ++i) {
            if (!configs.contains(topics[i]))
                configs.emplace(topics[i], tl::unexpected(unanswered.value_or(kafkaError(RD_KAFKA_RESP_ERR__PARTIAL, whatOf(topics[i])))));
        }
    }
    return configs;
}

} // namespace connectors::kafka
