// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "connectors/kafka/kafka_connector.h"

#include <functional>

namespace tests {

/// Real connections to a real Kafka.
class KafkaFactory final : public connectors::ConnectionFactory
{
public:
    connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override
    {
        return connectors::kafka::openKafka(spec, {});
    }
    connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(const connectors::ConnectionSpec &spec) override
    {
        if (beforeWriting)
            beforeWriting();
        return connectors::kafka::openKafkaCheckpointWriter(spec, {});
    }

    std::vector<connectors::ConnectionSpec> named(const QString &) const override { return {}; }

    std::function<void()> beforeWriting; ///< called when everything has been checked, just before the first step
};

} // namespace tests
