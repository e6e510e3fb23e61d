// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <QFuture>

#include <stop_token>

namespace connectors {

enum class DeadLetterEvidence { Declared, HeaderFamily, StreamName, StoreTable };

struct DeadLetterQueue {
    QString stream;   ///< the topic; for a store the consumer whose table rows these are
    QString consumer; ///< whose letters, where known
    DeadLetterEvidence evidence = DeadLetterEvidence::StreamName;
    std::optional<qint64> depth; ///< end − start; null: could not be read
    std::optional<EpochMs> oldest;
    std::optional<EpochMs> newest;
};

/// A dead letter, decoded from its header family or the store's table.
struct DeadLetter {
    EventAddress address;             ///< where the letter itself is
    EpochMs diedAt = NoNumber;
    QString headerFamily;             ///< "Kafka Connect", "Spring Kafka", "SmallRye", "Streamgauge store" …; empty: none recognised
    std::optional<EventAddress> original;
    QString originalStream;           ///< may be known without the position
    QString consumer;
    QString reason;                   ///< the newest message, as the family's rule has it
    QString exceptionClass;
    QString stage;
    QString stackTrace;               ///< its beginning where there are many long ones, see cutTexts()
    std::optional<qint64> attempts;
    QString eventType;
    QString eventId;
    QString correlationId;
    QString key;
    qint64 size = -1;
};

/// So many letters pass at once: each text is cut at 64 Ki characters, stack traces further as far as is needed for all of them
/// together to have no more than 40 Mi.
void cutTexts(std::vector<DeadLetter> &letters);

class DeadLetterSource
{
public:
    virtual ~DeadLetterSource() = default;
    [[nodiscard]] virtual QFuture<Result<std::vector<DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) = 0;
    /// The newest `limit` letters of one queue, newest first, after cutTexts().
    [[nodiscard]] virtual QFuture<Result<std::vector<DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) = 0;
};

} // namespace connectors
