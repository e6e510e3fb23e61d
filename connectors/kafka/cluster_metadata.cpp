// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/cluster_metadata.h"

#include "connectors/kafka/kafka_error.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

TopicPlaces placesOf(const rd_kafka_metadata_topic &topic)
{
    TopicPlaces places;
    places.topic = QString::fromUtf8(topic.topic);
    places.error = topic.err;
    for (int i = 0; i < topic.partition_cnt; ++i)
        places.partitions.push_back({{places.topic, topic.partitions[i].id}, topic.partitions[i].leader});
    std::sort(places.partitions.begin(), places.partitions.end(), [](const PartitionPlace &a, const PartitionPlace &b) { return a.id < b.id; });
    return places;
}

} // namespace

const TopicPlaces *ClusterMetadata::find(const QString &topic) const
{
    const auto found = std::lower_bound(topics.cbegin(), topics.cend(), topic, [](const TopicPlaces &place, const QString &name) { return place.topic < name; });
    return found != topics.cend() && found->topic == topic ? &*found : nullptr;
}

Result<ClusterMetadata> readMetadata(const Client &client, int timeoutMs)
{
    const struct rd_kafka_metadata *metadata = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(client.handle(), 1, nullptr, &metadata, timeoutMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(client.explain(code, QStringLiteral("The topics of %1 could not be listed").arg(client.config().hosts.join(QStringLiteral(", ")))));
    const std::unique_ptr<const struct rd_kafka_metadata, decltype(&rd_kafka_metadata_destroy)> owned(metadata, rd_kafka_metadata_destroy);
    ClusterMetadata result;
    for (int i = 0; i < metadata->topic_cnt; ++i)
        result.topics.push_back(placesOf(metadata->topics[i]));
    for (int i = 0; i < metadata->broker_cnt; ++i) {
        const rd_kafka_metadata_broker &broker = metadata->brokers[i];
        result.brokers.push_back({broker.id, QString::fromUtf8(broker.host) + u':' + QString::number(broker.port)});
    }
    std::sort(result.topics.begin(), result.topics.end(), [](const TopicPlaces &a, const TopicPlaces &b) { return a.topic < b.topic; });
    return result;
}

Result<TopicPlaces> readTopic(const Client &client, const QString &topic, int timeoutMs)
{
    const QString what = QStringLiteral("The topic “%1” of %2 could not be looked up").arg(topic, client.config().hosts.join(QStringLiteral(", ")));
    const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> handle(
        rd_kafka_topic_new(client.handle(), topic.toUtf8().constData(), nullptr), rd_kafka_topic_destroy);
    if (!handle)
        return tl::unexpected(kafkaError(rd_kafka_last_error(), what));
    const struct rd_kafka_metadata *metadata = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(client.handle(), 0, handle.get(), &metadata, timeoutMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(client.explain(code, what));
    const std::unique_ptr<const struct rd_kafka_metadata, decltype(&rd_kafka_metadata_destroy)> owned(metadata, rd_kafka_metadata_destroy);
    if (metadata->topic_cnt == 0)
        return TopicPlaces{topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, {}};
    return placesOf(metadata->topics[0]);
}

bool isInternalTopic(const QString &topic)
{
    return topic.startsWith(u"__");
}

} // namespace connectors::kafka
