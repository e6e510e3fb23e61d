// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/kafka/clients.h"

#include <chrono>

namespace connectors::kafka {

/// Moves and deletes committed offsets of a group that nobody reads: one AlterConsumerGroupOffsets or one
/// DeleteConsumerGroupOffsets a step, on a handle of its own. The broker refuses while the group has members. Nothing is
/// sent twice: not by librdkafka, whose handle is thrown away with whatever it still held when a result is not known, and not
/// here. Offsets beyond the ends and groups that do not exist are accepted by the broker: the plan must have checked them.
class KafkaCheckpointWriter final : public CheckpointWriter
{
public:
    explicit KafkaCheckpointWriter(ClientConfig config);

    Result<std::vector<CheckpointOutcome>> apply(const QString &consumer, const std::vector<CheckpointChange> &changes) override;

private:
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<std::vector<CheckpointOutcome>> perform(const QString &consumer, const std::vector<CheckpointChange> &changes, bool isDeletion);

    const Clients m_clients;
    ClientPtr m_client;
};

} // namespace connectors::kafka
