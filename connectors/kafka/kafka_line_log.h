// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/clients.h"
#include "connectors/line_log.h"

namespace connectors::kafka {

/// Lines as records of one topic, all in its partition 0, so that they keep their order; without a key, so that no compaction
/// takes one (a compacted topic refuses them). Each is acknowledged by all replicas in sync before append() returns. A topic
/// that is not there is refused, never made.
class KafkaLineLog final : public LineLog
{
public:
    KafkaLineLog(ClientConfig config, QString topic);

    [[nodiscard]] Result<void> append(const QByteArray &line) override;

private:
    [[nodiscard]] Result<void> requireTopic();
    [[nodiscard]] Result<void> produce(const QByteArray &line);
    /// The callback is the report's if there is no error.
    [[nodiscard]] rd_kafka_resp_err_t queue(const QByteArray &line, Client::Delivered *callback) const;

    Clients m_clients;
    const QString m_topic;
    ClientPtr m_producer; ///< made by the first line, and anew after a failure
};

} // namespace connectors::kafka
