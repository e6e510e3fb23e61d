// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"
#include "connectors/dead_letter_declarations.h"
#include "connectors/kafka/client_config.h"
#include "connectors/line_log.h"
#include "connectors/read_caution.h"

#include <memory>

namespace connectors::kafka {

/// A Kafka cluster, to look at: no consumer group is joined, nothing is committed, no topic is created. Handles are made
/// by the first question. Without `declarations` nothing is declared. With `tokens` a token command is not run here. `caution`
/// holds for every record that is read.
[[nodiscard]] Result<std::shared_ptr<Connector>> openKafka(const ConnectionSpec &spec, const Credentials &credentials, DeclarationSource declarations = {},
                                                           const TokenFetcher &tokens = {},
                                                           std::shared_ptr<const ReadCaution> caution = std::make_shared<const ReadCaution>());

/// The only thing that changes consumer groups, on a handle of its own.
[[nodiscard]] Result<std::unique_ptr<CheckpointWriter>> openKafkaCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials, const TokenFetcher &tokens = {});

/// Where lines are kept in a topic that is there already.
[[nodiscard]] Result<std::unique_ptr<LineLog>> openKafkaLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic,
                                                                const TokenFetcher &tokens = {});

/// Of librdkafka as it runs, which may be newer than the one built with.
[[nodiscard]] QString kafkaLibraryVersion();

} // namespace connectors::kafka
