// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/dead_letter_source.h"
#include "connectors/pgstore/safe_head.h"

#include <map>
#include <utility>

namespace connectors::pgstore {

/// A member that has not said for so long that it lives counts as gone. By the server's clock.
inline constexpr qint64 HeartbeatTimeoutMs = 10'000;

/// A consumer that never sent a heartbeat is NotTold: nobody can say whether somebody reads.
[[nodiscard]] ConsumerActivity activityOf(StoreConnection &store, const QString &consumer);

/// Remembers how many events wait for each consumer up to the safe head, below which nothing changes: each question only counts
/// what has been read and what has come since.
class ConsumerQueries final
{
public:
    explicit ConsumerQueries(StoreConnection &store);
    /// Everybody who has a checkpoint or a member, sorted by name.
    [[nodiscard]] std::vector<ConsumerSummary> listConsumers();
    [[nodiscard]] ConsumerStates consumerStates(const ConsumerStateRequest &request);

private:
    /// `events` in [checkpoint, upTo) of the stream.
    struct Waiting {
        qint64 checkpoint = 0; ///< or the safe head, where that is lower
        qint64 upTo = 0;
        qint64 events = 0;
    };
    using Positions = std::map<QString, std::vector<ConsumerPosition>>;
    [[nodiscard]] Positions positionsByConsumer(const StoreHead &head, const QByteArrayList &consumers);
    [[nodiscard]] postgres::Parameters known(const QByteArrayList &consumers, const StoreHead &head) const;

    StoreConnection &m_store;
    std::map<std::pair<QString, QString>, Waiting> m_waiting; ///< by consumer and stream
};

/// One queue for every consumer that has letters.
[[nodiscard]] std::vector<DeadLetterQueue> deadLetterQueues(StoreConnection &store);
[[nodiscard]] std::vector<DeadLetter> deadLetters(StoreConnection &store, const QString &consumer, qint64 limit);

} // namespace connectors::pgstore
