// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/clients.h"

#include <map>

namespace connectors::kafka {

/// What a topic keeps, and for how long. A value that the broker does not tell is null or empty.
struct TopicConfig {
    std::optional<qint64> retentionMs;    ///< -1: for ever
    std::optional<qint64> retentionBytes; ///< of one partition; -1: no limit
    QString cleanupPolicy;                ///< "delete", "compact", "compact,delete"
    QString timestampType;                ///< "CreateTime", "LogAppendTime"
};

/// Asks for many topics with few requests. What could not be read is an error by topic. Blocks at most `timeoutMs`.
[[nodiscard]] std::map<QString, Result<TopicConfig>> readTopicConfigs(const Client &client, const std::vector<QString> &topics, int timeoutMs,
                                                                      const std::stop_token &stop);

} // namespace connectors::kafka
